"""What others are told: one sighting an indicator and day, with an id that lasts."""

import json
from pathlib import Path
from typing import Any

import pytest
import stix2
from pymisp import MISPEvent

from quetsach.api.exporting import export_findings, export_named
from quetsach.exports.contract import ExportFacts, Sighting
from quetsach.exports.sharing import by_day
from quetsach.indicators.model import IndicatorKind
from tests.exports.findings_made import made


def told(folder: Path, form: str = "stix-sighting", **more: Any) -> dict[str, Any]:
    export = export_findings(folder, export_named(form), **{"audience": "owner", **more})
    value: dict[str, Any] = json.loads(b"".join(export.pieces))
    return value


def sightings(bundle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in bundle["objects"] if one["type"] == "sighting"}


def test_a_bundle_counts_the_contacts_of_an_indicator_and_day(tmp_path: Path) -> None:
    bundle = told(made(tmp_path))
    read = stix2.parse(bundle, allow_custom=False)
    names = {one.id: one.name for one in read.objects if one.type == "indicator"}
    counts = {
        (names[one.sighting_of_ref], f"{one.first_seen:%d}"): one.count
        for one in read.objects
        if one.type == "sighting"
    }
    assert counts == {
        ("bad.example", "01"): 2,
        ("192.0.2.77:443", "01"): 1,
        ("red.example", "02"): 1,
    }
    markings = {one["id"]: one["name"] for one in bundle["objects"] if "extensions" in one}
    of_red = next(one for one in bundle["objects"] if one.get("name") == "red.example")
    assert [markings[mark] for mark in of_red["object_marking_refs"]] == ["TLP:RED"]


def test_an_id_lasts_and_is_another_for_another_office(tmp_path: Path) -> None:
    folder = made(tmp_path)
    first, again = sightings(told(folder)), sightings(told(folder))
    assert set(first) == set(again)
    assert not set(first) & set(sightings(told(folder, source="Sở A")))


def test_what_was_told_is_taken_back_under_the_same_ids(tmp_path: Path) -> None:
    folder = made(tmp_path)
    first, back = sightings(told(folder)), sightings(told(folder, withdraw=True))
    assert set(first) == set(back)
    assert all(one["revoked"] for one in back.values())
    assert all(back[number]["modified"] >= first[number]["modified"] for number in first)
    stix2.parse(told(folder, withdraw=True), allow_custom=False)


def test_an_indicator_is_told_to_be_valid_for_two_half_lives() -> None:
    rows = [
        *_rows("name", "bad.example", "bad.example", "GREEN", "GREEN"),
        *_rows("hash", "a" * 64, "a" * 64, None),
        *_rows("network", "198.51.100.0/25", "198.51.100.0/25", None),
    ]
    read = stix2.parse(_written("stix-sighting", rows), allow_custom=False)
    days = {
        each.name[:12]: (each.valid_until - each.valid_from).days
        for each in read.objects
        if each.type == "indicator"
    }
    assert days == {"bad.example": 241, "a" * 12: 3650, "198.51.100.0": 180}
    patterns = [each.pattern for each in read.objects if each.type == "indicator"]
    assert "[ipv4-addr:value ISSUBSET '198.51.100.0/25']" in patterns


def test_a_pattern_is_as_wide_as_any_day_shows() -> None:
    exact, below = _rows("name", "bad.example", "bad.example", None, None)
    rows = [exact, {**below, "quetsach.match.rule": "below"}]
    objects = _written("stix-sighting", rows)["objects"]
    (indicator,) = (each for each in objects if each["type"] == "indicator")
    assert "LIKE '%.bad.example'" in indicator["pattern"]
    (attribute,) = _written("misp", rows)["Event"]["Attribute"]
    assert attribute["type"] == "domain"


def test_the_campaign_is_told_by_title_and_tag(tmp_path: Path) -> None:
    folder = made(tmp_path)
    event = MISPEvent()
    event.load(told(folder, "misp", title="Chiến dịch 2026"))
    assert event.info == "Chiến dịch 2026"
    assert [tag.name for tag in event.tags] == ["tlp:red", 'quetsach:campaign="Chiến dịch 2026"']
    event.load(told(folder, "misp", source="Sở A"))
    assert event.info == "Sightings of Sở A"
    labels = {tuple(each.get("labels", ())) for each in told(folder, title="T")["objects"]}
    assert labels == {(), ("Emotet", "T"), ("Qakbot", "T"), ("Agent, Tesla|x=1", "T")}


def test_misp_attributes_are_taken_back_under_the_same_ids(tmp_path: Path) -> None:
    folder = made(tmp_path)
    first, back = MISPEvent(), MISPEvent()
    first.load(told(folder, "misp"))
    back.load(told(folder, "misp", withdraw=True))
    assert first.uuid == back.uuid
    assert {each.uuid for each in first.attributes} == {each.uuid for each in back.attributes}
    assert all(each.deleted for each in back.attributes)
    assert not any(each.deleted for each in first.attributes)


def test_a_bundle_of_nothing_is_one_all_the_same(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (identity,) = told(folder, audience="public")["objects"]
    assert identity["type"] == "identity"
    event = MISPEvent()
    event.load(told(folder, "misp", audience="public"))
    assert not event.attributes


@pytest.mark.parametrize("audience", ["community", None])
def test_the_community_gets_what_its_marking_allows(audience: str | None, tmp_path: Path) -> None:
    bundle = told(made(tmp_path), audience=audience)
    names = {one["name"] for one in bundle["objects"] if one["type"] == "indicator"}
    assert names == {"bad.example"}


def test_what_a_form_has_no_word_for_is_counted() -> None:
    for name in ("stix-sighting", "misp"):
        assert IndicatorKind.FINGERPRINT in export_named(name).leaves_out
    row = {
        "threat.indicator.type": "hash",
        "quetsach.match.rule": "hash",
        "threat.indicator.name": "a" * 64,
        "quetsach.indicator.key": "a" * 64,
        "@timestamp": 1_788_225_322_500_000,
    }
    (day,) = by_day([row, {**row, "@timestamp": row["@timestamp"] + 1}])
    assert (day.count, day.day) == (2, "2026-09-01")


def test_misp_reads_the_event_with_its_sightings(tmp_path: Path) -> None:
    folder = made(tmp_path)
    event = MISPEvent()
    event.load(told(folder, "misp"))
    seen = {one.value: (one.type, len(one.Sighting)) for one in event.attributes}
    assert seen == {
        "bad.example": ("domain", 1),
        "192.0.2.77|443": ("ip-dst|port", 1),
        "red.example": ("hostname", 1),
    }
    assert all(not one.to_ids for one in event.attributes)
    again = told(folder, "misp")["Event"]
    assert {one["uuid"] for one in again["Attribute"]} == {
        str(one.uuid) for one in event.attributes
    }


_RULES = {"url": "url-prefix", "name": "exact", "hash": "hash", "network": "cidr"}


def _rows(kind: str, shown: str, key: str, *markings: str | None) -> list[Sighting]:
    """Return sightings of one indicator, one a day from 1 September 2026, so marked."""
    return [
        {
            "threat.indicator.type": kind,
            "quetsach.match.rule": _RULES[kind],
            "threat.indicator.name": shown,
            "quetsach.indicator.key": key,
            "threat.indicator.marking.tlp": marking,
            "@timestamp": 1_788_225_322_500_000 + day * 86_400_000_000,
        }
        for day, marking in enumerate(markings)
    ]


def _written(form: str, rows: list[Sighting]) -> dict[str, Any]:
    head = ExportFacts("0" * 64, "here", 1_788_900_000_000_000, "1", ())
    value: dict[str, Any] = json.loads(b"".join(export_named(form).write(rows, head)))
    return value


def test_a_url_has_its_scheme_in_misp() -> None:
    rows = _rows("url", "HTTPS://bad.example/a", "bad.example/a", None)
    (attribute,) = _written("misp", rows)["Event"]["Attribute"]
    assert (attribute["type"], attribute["value"]) == ("url", "https://bad.example/a")


def test_an_indicator_has_the_strictest_marking_of_all_its_sightings() -> None:
    rows = _rows("name", "bad.example", "bad.example", "GREEN", None, "AMBER")
    rows.append({**rows[0], "threat.indicator.marking.tlp": "AMBER"})
    rows.append({**rows[2], "threat.indicator.marking.tlp": "CLEAR"})
    for order in (rows, rows[::-1]):
        (attribute,) = _written("misp", order)["Event"]["Attribute"]
        assert attribute["Tag"] == [{"name": "tlp:amber"}]
        objects = _written("stix-sighting", order)["objects"]
        marks = {
            one["id"]: one["name"] for one in objects if one["type"] == "marking-definition"
        } | {None: None}
        (indicator,) = (one for one in objects if one["type"] == "indicator")
        assert [marks[mark] for mark in indicator["object_marking_refs"]] == ["TLP:AMBER"]
        assert [
            marks[one.get("object_marking_refs", [None])[0]]
            for one in objects
            if one["type"] == "sighting"
        ] == ["TLP:AMBER", None, "TLP:AMBER"]
