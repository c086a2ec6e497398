"""STIX bundles: read by its own library, with ids that last."""

import json
from pathlib import Path

import pytest
import stix2
from msgspec import structs

from quetsach.blocklists.choose import identity
from quetsach.blocklists.folder import PreviousRelease
from quetsach.blocklists.stix_objects import pattern_of
from quetsach.indicators.model import Claim, IndicatorKind
from quetsach.indicators.restriction import Audience
from tests.blocklists.exchanged import known, read_back, stix_objects
from tests.blocklists.making import (
    AT_US,
    DAY_US,
    EXACT,
    MIXED,
    indicators,
    make,
    mixed,
)


def test_each_pattern_of_stix_says_what_its_indicator_is_met_by() -> None:
    patterns = {one.key: pattern_of(one) for one in mixed()}
    assert patterns[EXACT] == f"[domain-name:value = '{EXACT}']"
    assert patterns["below.bad.example"] == (
        "[domain-name:value = 'below.bad.example' OR domain-name:value LIKE '%.below.bad.example']"
    )
    assert patterns["203.0.113.78:443"].endswith("network-traffic:dst_port = 443]")
    assert patterns["hacked.example/wp/a?x=1"] == "[url:value = 'https://hacked.example/wp/a?x=1']"
    assert len(patterns) == len(MIXED) + 1


def test_stix2_reads_the_bundle_and_every_pattern() -> None:
    patterns = pytest.importorskip("stix2patterns.v21.pattern")
    made = make("stix", known(), audience=Audience.ORGANISATION)
    for text in (*made.files.values(), *made.undo.values()):
        bundle = stix2.parse(text, allow_custom=False)
        kinds = [one.type for one in bundle.objects]
        assert kinds.count("indicator") == len(known())
        for one in bundle.objects:
            if one.type == "indicator":
                patterns.Pattern(one.pattern)


def test_what_is_known_of_an_indicator_stands_in_its_object() -> None:
    objects = stix_objects(known())
    (one,) = (each for each in objects.values() if each.get("name") == "bad.example")
    assert one["confidence"] == 80
    assert one["valid_from"] == "2026-09-11T01:00:00.000Z"
    assert one["valid_until"] == "2026-09-13T01:00:00.000Z"
    assert one["labels"] == ["command-and-control", "Mirai"]
    assert one["external_references"] == [
        {"source_name": "list.csv", "description": "2290/BTTTT-CATTT, trang 3, row 7"}
    ]
    (marking,) = one["object_marking_refs"]
    assert objects[marking]["name"] == "TLP:AMBER+STRICT"


def test_every_object_says_until_when_it_is_valid() -> None:
    """The list's end, also for what is over; else that of the release, here after 30 days."""
    over = Claim(valid_until_us=AT_US - 9 * DAY_US)
    broken = Claim(valid_from_us=AT_US, valid_until_us=AT_US - DAY_US)
    to_come = Claim(valid_from_us=AT_US + 60 * DAY_US)
    listed = (
        *indicators("open.example"),
        *indicators("over.example", claim=over),
        *indicators("broken.example", claim=broken),
        *indicators("later.example", claim=to_come),
    )
    objects = stix_objects(listed).values()
    ends = {each["name"]: each["valid_until"] for each in objects if each["type"] == "indicator"}
    assert ends == {
        "open.example": "2026-10-12T01:00:00.000Z",
        "over.example": "2026-09-03T01:00:00.000Z",
        "broken.example": "2026-10-12T01:00:00.000Z",
        "later.example": "2026-12-11T01:00:00.000Z",
    }
    for each in objects:
        stix2.parse(each, allow_custom=False)


def test_a_network_is_read_back_as_one(tmp_path: Path) -> None:
    networks = {each.key for each in mixed() if each.kind is IndicatorKind.NETWORK}
    patterns = {pattern_of(each) for each in mixed() if each.kind is IndicatorKind.NETWORK}
    assert all(" ISSUBSET '" in pattern for pattern in patterns)
    read = read_back("stix", mixed(), tmp_path)
    assert {each.key for each in read.indicators if each.kind is IndicatorKind.NETWORK} == networks


def test_an_object_keeps_its_id_and_its_creation_from_release_to_release() -> None:
    first = make("stix", mixed())
    before = {identity(one.indicator): one for one in first.written}
    later = structs.replace(first.written[0], since_us=AT_US - 9 * DAY_US)
    before[identity(later.indicator)] = later
    old = stix_objects(mixed())
    new = stix_objects(mixed(), previous=PreviousRelease(before))
    assert set(old) == set(new)
    changed = [one for one in new if new[one]["created"] != old[one]["created"]]
    assert len(changed) == 1
    assert new[changed[0]]["created"] == "2026-09-03T01:00:00.000Z"


def test_undoing_revokes_every_object_later_than_it_was_made() -> None:
    made = make("stix", mixed())
    (done,), (undone,) = made.files.values(), made.undo.values()
    old = {one["id"]: one for one in json.loads(done)["objects"] if one["type"] == "indicator"}
    new = {one["id"]: one for one in json.loads(undone)["objects"] if one["type"] == "indicator"}
    assert set(old) == set(new)
    assert all(new[one]["revoked"] and new[one]["modified"] > old[one]["modified"] for one in new)
