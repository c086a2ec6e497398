"""The lines of a release: any text and date is kept, what we would not write is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorKind,
    MatchRule,
    Origin,
)
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.read import read_lists
from quetsach.indicators.releases.lines import ReleaseEntry
from quetsach.indicators.releases.release import (
    Release,
    read_release,
    release_bytes,
)
from tests.indicators.releases.written import CREATED, release

DEEP = "deep"
"""Stands for a list in a list, a hundred thousand deep."""


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
