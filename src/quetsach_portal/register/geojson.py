"""Outlines of units from a GeoJSON file: bounded, strict, each fault with its place.

Source: RFC 7946. Positions are degrees of WGS 84, east before north.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from quetsach_portal.web.drawing.outlines import (
    Outline,
    Ring,
    corners_of,
    largest_ring,
    ring_area,
    simplified,
)

MOST_BYTES = 20 * 1024 * 1024
MOST_FEATURES = 12_000
MOST_CORNERS = 600_000
MOST_RINGS = 60_000
MOST_FAULTS = 20
KEPT_CORNERS = 160
"""Of one unit: so many are stored, enough for a map of a province on a screen."""

CODE_NAMES = ("code", "ma", "ma_don_vi", "unit", "area_code")
"""The property that has the code of the unit, or of its area; the first that is there counts."""

WEST, SOUTH, EAST, NORTH = 102.0, 6.0, 118.0, 24.0
"""Viet Nam with Hoàng Sa and Trường Sa; elsewhere are other units, or the wrong order."""

_SCALE = 10_000
_WGS84 = ("CRS84", "4326")


@dataclass(frozen=True)
class NamedOutline:
    """An outline with the code that its feature names."""

    code: str
    outline: Outline


@dataclass(frozen=True)
class GeoFile:
    """What a file holds: outlines, or the faults because of which none of it is taken."""

    outlines: Sequence[NamedOutline]
    faults: Sequence[str]


class _Geometry(msgspec.Struct):
    type: str
    coordinates: msgspec.Raw = msgspec.Raw(b"null")


class _Feature(msgspec.Struct):
    geometry: _Geometry | None = None
    properties: dict[str, msgspec.Raw] | None = None


class _Collection(msgspec.Struct):
    type: str
    features: list[_Feature]
    crs: msgspec.Raw = msgspec.Raw(b"")


_Rings = list[list[list[float]]]


class _Fault(Exception):
    """A feature cannot be taken; the text says why."""


def read_geojson(raw: bytes) -> GeoFile:
    """Return the outlines of a file. A single fault keeps all of it out, so that no map has a hole
    that nobody knows of."""
    if len(raw) > MOST_BYTES:
        return GeoFile((), [_("The file is larger than %(most)s MB.") % {"most": MOST_BYTES >> 20}])
    try:
        collection = msgspec.json.decode(raw, type=_Collection)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return GeoFile((), [_("This is no GeoJSON file with a list of features.")])
    if collection.type != "FeatureCollection":
        return GeoFile((), [_("This is no GeoJSON file with a list of features.")])
    crs = bytes(collection.crs)
    if crs and crs != b"null" and not any(name.encode() in crs for name in _WGS84):
        return GeoFile((), [_("The file is not in degrees of WGS 84 (EPSG:4326). Convert it.")])
    if len(collection.features) > MOST_FEATURES:
        words = _("The file has more than %(most)s outlines. Divide it.")
        return GeoFile((), [words % {"most": MOST_FEATURES}])
    return _taken(collection.features)


def _taken(features: Sequence[_Feature]) -> GeoFile:
    outlines: list[NamedOutline] = []
    faults: list[str] = []
    codes: set[str] = set()
    corners = rings = 0
    for place, feature in enumerate(features, 1):
        try:
            code = _code_of(feature)
            if code in codes:
                raise _Fault(_("a second outline of the same unit"))
            codes.add(code)
            outline = _outline_of(feature)
            corners += corners_of(outline)
            rings += sum(map(len, outline))
            if corners > MOST_CORNERS or rings > MOST_RINGS:
                raise _Fault(_("the file has too many corners. Simplify it first"))
            outlines.append(NamedOutline(code, _small_enough(outline)))
        except _Fault as fault:
            words = _("Feature %(place)s: %(fault)s.") % {"place": place, "fault": fault}
            faults.append(words)
            if len(faults) == MOST_FAULTS or corners > MOST_CORNERS or rings > MOST_RINGS:
                break
    if not outlines and not faults:
        faults = [_("The file has no outline.")]
    return GeoFile([] if faults else outlines, faults)


def _code_of(feature: _Feature) -> str:
    properties = {
        name.strip().lower(): raw for name, raw in list((feature.properties or {}).items())[:200]
    }
    for name in CODE_NAMES:
        raw = properties.get(name)
        if raw is None or len(bytes(raw)) > 100:
            continue
        try:
            code: Any = msgspec.json.decode(bytes(raw), type=str | int)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if str(code).strip():
            return str(code).strip()
    raise _Fault(_("no property “code” with the code of a unit"))


def _outline_of(feature: _Feature) -> Outline:
    geometry = feature.geometry
    if geometry is None or geometry.type not in ("Polygon", "MultiPolygon"):
        raise _Fault(_("neither a polygon nor several"))
    raw = bytes(geometry.coordinates)
    try:
        if geometry.type == "Polygon":
            polygons = [msgspec.json.decode(raw, type=_Rings)]
        else:
            polygons = msgspec.json.decode(raw, type=list[_Rings])
    except (msgspec.DecodeError, RecursionError) as err:
        raise _Fault(_("its corners are no lists of numbers")) from err
    outline = tuple(tuple(_ring_of(ring) for ring in polygon) for polygon in polygons)
    if not outline or not all(outline):
        raise _Fault(_("a polygon without a ring"))
    for polygon in outline:
        _holes_inside(polygon)
    return outline


def _ring_of(positions: Sequence[Sequence[float]]) -> Ring:
    if len(positions) < 4 or positions[0][:2] != positions[-1][:2]:
        raise _Fault(_("a ring that is not closed"))
    for position in positions:
        if len(position) < 2 or not (WEST <= position[0] <= EAST and SOUTH <= position[1] <= NORTH):
            raise _Fault(_("a corner outside Viet Nam; degrees east come before degrees north"))
    ring = tuple((position[0], position[1]) for position in positions[:-1])
    if not ring_area(ring):
        raise _Fault(_("a ring without an area"))
    return ring


def _holes_inside(polygon: Sequence[Ring]) -> None:
    (west, south), (east, north) = _box(polygon[0])
    for hole in polygon[1:]:
        (hole_west, hole_south), (hole_east, hole_north) = _box(hole)
        if hole_west < west or hole_south < south or hole_east > east or hole_north > north:
            raise _Fault(_("a hole that reaches out of its polygon"))


def _box(ring: Ring) -> tuple[tuple[float, float], tuple[float, float]]:
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    return (min(xs), min(ys)), (max(xs), max(ys))


def _small_enough(outline: Outline) -> Outline:
    """Return `outline` with at most KEPT_CORNERS corners, on the grid on which it is stored."""
    (west, south), (east, north) = _box(largest_ring(outline))
    # A first pass by the size of the unit keeps the later ones short.
    tolerance = max(1 / _SCALE, max(east - west, north - south) / 1_000)
    kept = _on_grid(outline, tolerance)
    while corners_of(kept) > KEPT_CORNERS:
        tolerance *= 1.5
        kept = _on_grid(kept, tolerance)
    return kept


def _on_grid(outline: Outline, tolerance: float) -> Outline:
    """Return the rings that are left of `outline`; of the largest at least three corners."""
    polygons = []
    for polygon in outline:
        rings = [simplified(ring, tolerance) for ring in polygon]
        if rings[0] and abs(ring_area(rings[0])) >= tolerance * tolerance:
            polygons.append(tuple(_rounded(ring) for ring in rings if ring))
    if polygons:
        # Of very many islands the small ones go first.
        polygons.sort(key=lambda rings: -abs(ring_area(rings[0])))
        return tuple(polygons[: KEPT_CORNERS // 4])
    ring = largest_ring(outline)
    step = max(1, len(ring) // (KEPT_CORNERS // 2))
    return ((_rounded(ring[::step]),),)


def _rounded(ring: Ring) -> Ring:
    return tuple((round(x * _SCALE) / _SCALE, round(y * _SCALE) / _SCALE) for x, y in ring)


def stored(outline: Outline) -> list[list[list[int]]]:
    """Return an outline as it is stored: polygons of rings of whole numbers, x and y in turn."""
    return [
        [[round(value * _SCALE) for corner in ring for value in corner] for ring in polygon]
        for polygon in outline
    ]


def outline_from(path: Sequence[Sequence[Sequence[int]]]) -> Outline:
    """Return a stored outline, in degrees."""
    return tuple(tuple(tuple(_corners(ring)) for ring in polygon) for polygon in path)


def _corners(numbers: Sequence[int]) -> Iterator[tuple[float, float]]:
    pairs = list(pairwise(numbers))[::2]
    return ((x / _SCALE, y / _SCALE) for x, y in pairs)
