"""A release is read back exactly as it was written; a changed one is told."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.model import (
    AllowDecision,
    Claim,
    Decision,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorStatus,
    ListReading,
    MatchRule,
    Origin,
    Tlp,
)
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.read import read_lists
from quetsach.indicators.releases.lines import ReleaseEntry, Withdrawal, sort_entries
from quetsach.indicators.releases.release import (
    Release,
    content_of,
    digest_of,
    read_release,
    release_bytes,
)

DEEP = "deep"
"""Stands for a list in a list, a hundred thousand deep."""

CREATED = "2026-09-01T08:00:00+07:00"
CLAIM = Claim(
    IndicatorClass.C2,
    "Mirai",
    "đợt 3",
    80,
    Tlp.AMBER,
    IndicatorStatus.REPLACED,
    "new.example",
    1_788_225_322_000_001,
    None,
)
ORIGIN = Origin(
    "ds.csv", "a" * 64, 7, "xấu[.]example", "trang 2, bảng 1", "123/CATTT", CLAIM, MatchRule.EXACT
)
DECISION = Decision("198.51.100.9", AllowDecision.DROP, "ours", CREATED, CREATED, "CSIRT", ("cdn",))


def release() -> Release:
    """Return a release that uses every field."""
    name = Indicator(
        "bad.example", "Bad.example", IndicatorKind.NAME, MatchRule.BELOW, None, CLAIM, (ORIGIN,)
    )
    port = Indicator(
        "203.0.113.7:443", "203.0.113.7:443", IndicatorKind.ADDRESS, MatchRule.IP_PORT, 443
    )
    port = structs.replace(port, origins=(ORIGIN, Origin("b", "b" * 64, 1, "x")), decided="watch")
    gone = Indicator(
        "198.51.100.9", "198.51.100.9", IndicatorKind.ADDRESS, MatchRule.EXACT, origins=(ORIGIN,)
    )
    problem = Problem("E203", "ds.csv", {"seen": 3})
    return Release(
        CREATED,
        sort_entries(
            [
                ReleaseEntry(name, withdrawn=Withdrawal(CREATED, "c" * 64)),
                ReleaseEntry(structs.replace(port, allow_classes=("watch-only",))),
                ReleaseEntry(gone, DECISION, dropped=True),
            ]
        ),
        "Đợt 3",
        "2026",
        "d" * 64,
        (ListReading("ds.csv", "a" * 64, "csv", "ioc", 3, 2, 1, (problem,)),),
    )


def test_what_is_written_is_read_back_exactly_and_in_the_same_bytes() -> None:
    raw = release_bytes(release())
    back = read_release(raw, "r")
    assert back == release()
    assert release_bytes(back) == raw
    assert [json.loads(line)["key"] for line in raw.splitlines()[1:]] == [
        "198.51.100.9",
        "203.0.113.7:443",
        "bad.example",
    ]
    header = json.loads(raw.splitlines()[0])
    assert (header["format"], header["count"], header["dropped"]) == ("quetsach-release/1", 2, 1)
    assert header["by_status"] == {"active": 1, "replaced": 1}
    assert header["set_digest"] == release().indicator_set.digest


def test_a_signature_is_no_part_of_the_content() -> None:
    raw = release_bytes(release())
    signed = raw + b'{"signature":{"key":"x","value":"y"}}\n'
    assert content_of(signed) == raw
    assert content_of(signed + signed[len(raw) :]) == raw, "several keys may sign"
    assert digest_of(signed) == digest_of(raw)
    assert read_release(signed, "r") == release()


@given(st.data())
def test_a_changed_byte_never_reads_as_a_sound_release(data: st.DataObject) -> None:
    raw = bytearray(release_bytes(release()))
    lines = raw.index(b"\n") + 1
    place = data.draw(st.integers(lines, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(QuetsachError, match="E220"):
        read_release(bytes(raw), "r")


@given(st.integers(1, 2000))
def test_a_cut_release_never_reads_as_a_whole_one(cut: int) -> None:
    raw = release_bytes(release())
    with pytest.raises(QuetsachError, match="E220"):
        read_release(raw[: -min(cut, len(raw))], "r")


def test_a_release_is_a_list_with_the_origins_it_was_made_from(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(release_bytes(release()) + b'{"signature":{}}\n')
    found = read_lists([path], ListOptions(accept_private=True))
    assert found.indicators == release().indicator_set.indicators
    assert [one.reason for one in found.refusals] == [RefusalReason.DECIDED]
    assert (found.readings[0].form, found.readings[0].problems) == ("release", ())


def test_a_damaged_release_as_a_list_says_so_and_gives_what_can_be_read(tmp_path: Path) -> None:
    lines = release_bytes(release()).splitlines()
    lines[2] = b'{"key":"com.vn","shown":"x","kind":"name","rule":"below","origins":[]}'
    lines.append(b"{")
    path = tmp_path / "r.jsonl"
    path.write_bytes(b"\n".join(lines))
    found = read_lists([path], ListOptions(accept_private=True))
    assert [one.key for one in found.indicators] == ["bad.example"]
    reasons = [one.reason for one in found.refusals]
    assert reasons == [RefusalReason.DECIDED, RefusalReason.PUBLIC_SUFFIX, RefusalReason.UNPARSABLE]
    assert [one.code for one in found.readings[0].problems] == ["E220"]


@given(st.text(max_size=30), st.integers(-(10**16), 10**17))
def test_any_text_and_any_date_that_can_be_written_is_kept(text: str, when_us: int) -> None:
    claim = Claim(family=text, valid_until_us=when_us)
    origin = Origin(text, "a", 1, text, text, text, claim)
    entry = ReleaseEntry(
        Indicator("k", text, IndicatorKind.NAME, MatchRule.BELOW, None, claim, (origin,))
    )
    raw = release_bytes(Release(CREATED, (entry,)))
    back = read_release(raw, "r").entries[0]
    assert back == entry


def test_half_a_surrogate_pair_does_not_stop_the_release() -> None:
    origin = Origin("l", "a", 1, "x\ud800y")
    entry = ReleaseEntry(
        Indicator("k", "k", IndicatorKind.NAME, MatchRule.BELOW, origins=(origin,))
    )
    back = read_release(release_bytes(Release(CREATED, (entry,))), "r")
    assert back.entries[0].indicator.origins[0].text == "x?y"


@pytest.mark.parametrize(
    "fields",
    [
        {"key": "203.0.113.7", "kind": "address", "rule": "below"},
        {"key": "203.0.113.7", "kind": "address", "rule": "exact", "port": 443},
        {"key": "203.0.113.7", "kind": "name", "rule": "below"},
        {"key": "BAD.example", "kind": "name", "rule": "below"},
        {"key": "bad.example", "kind": "name", "rule": "cidr"},
        {"key": "bad.example", "kind": "name", "rule": "below", "port": 70_000},
        {"key": "203.0.113.0/24", "kind": "network", "rule": "exact"},
        {"key": "bad.example", "kind": "name", "rule": "below", "origins": []},
        {"key": "bad.example", "kind": "name", "rule": "below", "valid_until": "soon"},
        {"key": "bad.example", "kind": "name", "rule": "below", "x": DEEP},
    ],
)
def test_a_line_that_we_would_not_write_is_no_indicator(
    tmp_path: Path, fields: dict[str, Any]
) -> None:
    origins = [{"list": "l", "sha256": "a", "row": 1}]
    line = json.dumps({"shown": "x", "origins": origins, **fields})
    line = line.replace('"deep"', "[" * 100_000 + "]" * 100_000)
    header = release_bytes(release()).splitlines()[0].decode()
    path = tmp_path / "r.jsonl"
    path.write_text(f"{header}\n{line}\n")
    found = read_lists([path], ListOptions(accept_private=True))
    assert found.indicators == ()
    assert [one.reason for one in found.refusals] == [RefusalReason.UNPARSABLE]
    with pytest.raises(QuetsachError, match="E220"):
        read_release(path.read_bytes(), "r")
