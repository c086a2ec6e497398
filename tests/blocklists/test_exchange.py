"""What other programmes read: judged by their own libraries, and read back by our own reader."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from quetsach.blocklists.choose import identity
from quetsach.blocklists.folder import PreviousRelease
from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorSet,
    IndicatorStatus,
    MatchRule,
    Origin,
    Tlp,
)
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.blocklists.making import AT_US, DAY_US, indicators, make, mixed

KNOWN = Claim(
    of_class=IndicatorClass.C2,
    family="Mirai",
    label="mẫu 'lạ' \\ 2290",
    confidence=80,
    tlp=Tlp.AMBER_STRICT,
    valid_from_us=AT_US - DAY_US,
    valid_until_us=AT_US + DAY_US,
)
ODD_PAGE = "http://hacked.example/it's\\a?b=%27"


def _known() -> tuple[Indicator, ...]:
    origin = Origin("list.csv", "0" * 64, 7, "row", place="trang 3", letter="2290/BTTTT-CATTT")
    found = (*indicators(ODD_PAGE, "bad.example", "203.0.113.5:80", claim=KNOWN), *mixed())
    return tuple(structs.replace(one, origins=(origin,)) for one in found)


def _objects(found: Iterable[Indicator], **wishes: Any) -> dict[str, dict[str, Any]]:
    made = make("stix", found, **wishes)
    (text,) = made.files.values()
    return {one["id"]: one for one in json.loads(text)["objects"]}


def test_stix2_reads_the_bundle_and_every_pattern() -> None:
    stix2 = pytest.importorskip("stix2")
    patterns = pytest.importorskip("stix2patterns.v21.pattern")
    made = make("stix", _known())
    for text in (*made.files.values(), *made.undo.values()):
        bundle = stix2.parse(text, allow_custom=False)
        kinds = [one.type for one in bundle.objects]
        assert kinds.count("indicator") == len(_known())
        for one in bundle.objects:
            if one.type == "indicator":
                patterns.Pattern(one.pattern)


def test_what_is_known_of_an_indicator_stands_in_its_object() -> None:
    objects = _objects(_known())
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


def test_an_object_keeps_its_id_and_its_creation_from_release_to_release() -> None:
    first = make("stix", mixed())
    before = {identity(one.indicator): one for one in first.written}
    later = structs.replace(first.written[0], since_us=AT_US - 9 * DAY_US)
    before[identity(later.indicator)] = later
    old = _objects(mixed())
    new = _objects(mixed(), previous=PreviousRelease(before))
    assert set(old) == set(new)
    changed = [one for one in new if new[one]["created"] != old[one]["created"]]
    assert len(changed) == 1
    assert new[changed[0]]["created"] == "2026-09-03T01:00:00.000Z"


def test_what_was_withdrawn_is_told_as_revoked_and_as_deleted() -> None:
    gone = indicators("gone.example", claim=Claim(status=IndicatorStatus.WITHDRAWN))
    found = (*indicators("bad.example"), *gone)
    told = {one.get("name"): one.get("revoked", False) for one in _objects(found).values()}
    assert told["gone.example"] is True
    assert told["bad.example"] is False
    (event,) = (json.loads(text)["Event"] for text in make("misp", found).files.values())
    deleted = {one["value"]: (one["deleted"], one["to_ids"]) for one in event["Attribute"]}
    assert deleted == {"gone.example": (True, False), "bad.example": (False, True)}
    (table,) = make("csv", found).files.values()
    assert "gone.example,name,below,unknown,,,withdrawn" in table
    (plain,) = make("plain", found).files.values()
    assert plain == "bad.example\n"


def test_undoing_revokes_every_object_later_than_it_was_made() -> None:
    made = make("stix", mixed())
    (done,), (undone,) = made.files.values(), made.undo.values()
    old = {one["id"]: one for one in json.loads(done)["objects"] if one["type"] == "indicator"}
    new = {one["id"]: one for one in json.loads(undone)["objects"] if one["type"] == "indicator"}
    assert set(old) == set(new)
    assert all(new[one]["revoked"] and new[one]["modified"] > old[one]["modified"] for one in new)


def test_pymisp_reads_the_event() -> None:
    pymisp = pytest.importorskip("pymisp")
    made = make("misp", _known(), title="Chiến dịch 2026")
    for text in (*made.files.values(), *made.undo.values()):
        event = pymisp.MISPEvent()
        event.load(text)
        assert event.info == "Chiến dịch 2026"
        assert len(event.attributes) == len(_known())
        kinds = {one.type for one in event.attributes}
        assert kinds == {
            "domain", "hostname", "ip-dst", "ip-dst|port", "url", "md5", "sha1", "sha256",
        }  # fmt: skip


def _read_back(form: str, found: Iterable[Indicator], folder: Path) -> IndicatorSet:
    made = make(form, found)
    for name, text in made.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_lists([folder], ListOptions())


@pytest.mark.parametrize("form", ["plain", "csv"])
def test_what_we_write_we_read_back_key_by_key(form: str, tmp_path: Path) -> None:
    back = _read_back(form, mixed(), tmp_path)
    assert back.refusals == ()
    assert {(one.key, one.kind) for one in back.indicators} == {
        (one.key, one.kind) for one in mixed()
    }


def test_a_table_keeps_what_is_valid_until_when(tmp_path: Path) -> None:
    back = _read_back("csv", indicators("bad.example", claim=KNOWN), tmp_path)
    (one,) = back.indicators
    assert one.claim.valid_until_us == AT_US + DAY_US
    assert one.claim.family == "Mirai"


def test_hosts_lines_are_read_back_as_the_names_they_block(tmp_path: Path) -> None:
    back = _read_back("hosts", indicators("bad.example"), tmp_path)
    keys = {one.key for one in back.indicators}
    assert {"bad.example", "www.bad.example"} <= keys
    assert all(one.rule is MatchRule.EXACT for one in back.indicators)


@pytest.mark.parametrize("form", ["stix", "misp"])
def test_bundle_and_event_are_read_back_where_the_reader_knows_them(
    form: str, tmp_path: Path
) -> None:
    from quetsach.indicators.formats.registry import FORMS

    if not any(form in one.name for one in FORMS):
        pytest.skip(f"the reader of {form} is not there yet")
    back = _read_back(form, mixed(), tmp_path)
    assert {(one.key, one.kind, one.rule) for one in back.indicators} == {
        (one.key, one.kind, one.rule) for one in mixed()
    }


def test_a_plain_list_is_one_indicator_a_line_with_the_scheme_its_list_gave() -> None:
    odd = Indicator("bad.example/a b", "x", IndicatorKind.URL, MatchRule.URL_PREFIX)
    found = (*indicators("203.0.113.4", "https://Bad.Example/A"), odd)
    (text,) = make("plain", found).files.values()
    assert text == "203.0.113.4\nhttps://bad.example/A\nhttp://bad.example/a%20b\n"


def test_what_is_over_stays_in_a_plain_list_and_is_noted() -> None:
    over = indicators("over.example", claim=Claim(valid_until_us=AT_US - 1))
    made = make("plain", over)
    assert made.files["quetsach.txt"] == "over.example\n"
    assert [one.why for one in made.chosen.noted] == ["time-unsaid"]


def test_every_kind_has_its_type_in_misp() -> None:
    (event,) = (json.loads(text)["Event"] for text in make("misp", mixed()).files.values())
    said = {(one["type"], one["value"]) for one in event["Attribute"]}
    assert ("ip-dst|port", "2001:db8::2|8443") in said
    assert ("domain", "below.bad.example") in said
    assert ("hostname", "exact.bad.example") in said
    assert len({one["uuid"] for one in event["Attribute"]}) == len(mixed())
    assert {one.kind for one in mixed()} == set(IndicatorKind)
