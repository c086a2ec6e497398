"""GeoJSON of outlines: what is taken, what is refused and why, and how it is kept small."""

import json
from typing import Any

import pytest

from quetsach_portal.register import geojson
from quetsach_portal.register.geojson import (
    KEPT_CORNERS,
    MOST_BYTES,
    outline_from,
    read_geojson,
    stored,
)
from quetsach_portal.web.drawing.outlines import corners_of, ring_area
from tests.portal.register.made_up_shapes import collection, feature, grid, ring

SQUARE = [[106.0, 9.0], [106.2, 9.0], [106.2, 9.2], [106.0, 9.2], [106.0, 9.0]]
HOLE = [[106.1, 9.1], [106.12, 9.1], [106.12, 9.12], [106.1, 9.1]]


def faults(raw: bytes) -> str:
    file = read_geojson(raw)
    assert not file.outlines
    return " ".join(file.faults)


def test_polygons_holes_and_several_parts_are_read_by_their_codes() -> None:
    raw = collection(
        feature("TC01", [SQUARE, HOLE]),
        feature("29461", [[SQUARE], [ring(1, 1)]], "MultiPolygon"),
    )
    file = read_geojson(raw)
    assert [named.code for named in file.outlines] == ["TC01", "29461"]
    square, parts = (named.outline for named in file.outlines)
    assert [len(polygon) for polygon in square] == [2]
    assert len(parts) == 2
    assert abs(ring_area(square[0][0])) == pytest.approx(0.04)


@pytest.mark.parametrize(
    "properties",
    [{"Ma": "TC01"}, {"area_code": 29461}, {"code": None, "ma": "TC01"}, {"code": " TC01 "}],
)
def test_the_code_may_stand_under_several_names(properties: dict[str, Any]) -> None:
    raw = collection({**feature("", [SQUARE]), "properties": properties})
    assert next(named.code for named in read_geojson(raw).outlines) in {"TC01", "29461"}


@pytest.mark.parametrize(
    ("coordinates", "words"),
    [
        ([SQUARE[:-1]], "không khép kín"),
        ([SQUARE[:2]], "không khép kín"),
        ([], "không có đường biên"),
        ([[[9.0, 106.0], *SQUARE[1:-1], [9.0, 106.0]]], "ngoài Việt Nam"),
        ([[[580000.0, 1100000.0]] * 5], "ngoài Việt Nam"),
        ([[[106.0, 9.0]] * 5], "không có diện tích"),
        ([[[106.0]] * 5], "ngoài Việt Nam"),
        ([[["106", "9"]] * 5], "không phải danh sách số"),
        ("x", "không phải danh sách số"),
        ([SQUARE, [[105.9, 9.1], [106.1, 9.1], [106.1, 9.15], [105.9, 9.1]]], "lỗ hổng"),
    ],
)
def test_a_bad_ring_is_refused_with_its_place_and_nothing_is_taken(
    coordinates: Any, words: str
) -> None:
    bad = feature("TC02", [SQUARE])
    bad["geometry"]["coordinates"] = coordinates
    said = faults(collection(feature("TC01", [SQUARE]), bad))
    assert said.startswith("Đối tượng 2:")
    assert words in said


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "GeoJSON"),
        (b"\xff\xfe", "GeoJSON"),
        (b"[" * 100_000, "GeoJSON"),
        (b'{"type":"FeatureCollection","features":' + b"[" * 100_000, "GeoJSON"),
        (b'{"type":"FeatureCollection","features":[{"x":' + b'{"a":' * 200_000, "GeoJSON"),
        (b'{"type":"Topology","features":[]}', "GeoJSON"),
        (
            b'{"type":"FeatureCollection","features":[{"properties":{"code":"\xff"},'
            b'"geometry":{"type":"Polygon","coordinates":[]}}]}',
            "thuộc tính",
        ),
        (collection(), "không có đường ranh giới"),
        (collection(crs={"properties": {"name": "EPSG:9210"}}), "WGS 84"),
        (b" " * (MOST_BYTES + 1), "20 MB"),
        (collection({"geometry": None, "properties": {"code": "A"}}), "đa giác"),
        (collection({"geometry": {"type": "Point"}, "properties": {"code": "A"}}), "đa giác"),
        (collection({**feature("A", [SQUARE]), "properties": None}), "thuộc tính"),
        (collection({**feature("A", [SQUARE]), "properties": {"code": {"a": 1}}}), "thuộc tính"),
        (collection(feature("A", [SQUARE]), feature("A", [SQUARE])), "đã có một đường"),
    ],
)
def test_a_hostile_file_is_refused_in_words(raw: bytes, words: str) -> None:
    assert words in faults(raw)


def test_depth_inside_coordinates_is_refused() -> None:
    deep = json.dumps(feature("A", [SQUARE])).replace('"Polygon"', '"MultiPolygon"')
    deep = deep.replace(json.dumps([SQUARE]), "[" * 50_000 + "]" * 50_000)
    said = faults(b'{"type":"FeatureCollection","features":[' + deep.encode() + b"]}")
    assert said


def test_too_many_corners_stop_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "MOST_CORNERS", 100)
    raw = grid(["A", "B", "C", "D", "E"])
    assert faults(raw).count("quá nhiều đỉnh") == 1


def test_of_a_long_border_a_bounded_number_of_corners_is_kept_near_the_true_one() -> None:
    (named,) = read_geojson(grid(["A"], corners=8_000)).outlines
    assert corners_of(named.outline) <= KEPT_CORNERS
    whole = abs(ring_area(tuple((x, y) for x, y in ring(0, 0, corners=8_000)[:-1])))
    assert abs(ring_area(named.outline[0][0])) == pytest.approx(whole, rel=0.02)


def test_of_very_many_islands_the_largest_stay() -> None:
    islands = [
        [[[x * s + 106, y * s + 9] for x, y in ((0, 0), (1, 0), (0, 1), (0, 0))]]
        for s in (0.0001 * n for n in range(1, 400))
    ]
    (named,) = read_geojson(collection(feature("A", islands, "MultiPolygon"))).outlines
    assert corners_of(named.outline) <= KEPT_CORNERS
    assert abs(ring_area(named.outline[0][0])) == pytest.approx(0.0399**2 / 2, rel=0.02)


def test_what_is_stored_comes_back_as_it_was() -> None:
    for named in read_geojson(grid(["A", "B"])).outlines:
        assert outline_from(json.loads(json.dumps(stored(named.outline)))) == named.outline
