"""Counters reach the inbox whole, hold nobody, and wait where the inbox cannot be written."""

import json
from datetime import date
from pathlib import Path

import pytest

from quetsach_public import counts as module
from quetsach_public.counts import Act, Count, Counts

DAY = date(2022, 9, 21)


def test_what_was_counted_comes_as_one_whole_file(tmp_path: Path) -> None:
    counts = Counts(tmp_path / "inbox")
    for code in ("b", "a", "b"):
        counts.add(Count(Act.JOINED, code, DAY))
    path = counts.flush()
    assert path is not None
    assert json.loads(path.read_text()) == {
        "version": 1,
        "counts": [
            {"act": "joined", "code": "a", "day": "2022-09-21", "of": "", "count": 1},
            {"act": "joined", "code": "b", "day": "2022-09-21", "of": "", "count": 2},
        ],
    }
    assert counts.flush() is None
    assert [one.name for one in (tmp_path / "inbox").iterdir()] == [path.name]


def test_an_inbox_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "inbox").write_text("no folder")
    counts = Counts(tmp_path / "inbox")
    counts.add(Count(Act.SCANNED, "", DAY))
    assert counts.flush() is None
    (tmp_path / "inbox").unlink()
    counts.add(Count(Act.SCANNED, "", DAY))
    path = counts.flush()
    assert path is not None
    assert json.loads(path.read_text())["counts"][0]["count"] == 2


def test_a_full_inbox_and_too_many_kinds_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 1)
    monkeypatch.setattr(module, "MOST_KINDS", 2)
    counts = Counts(tmp_path)
    for n in range(5):
        counts.add(Count(Act.JOINED, f"c{n}", DAY))
    assert counts.dropped == 3
    assert counts.flush() is not None
    counts.add(Count(Act.JOINED, "c", DAY))
    assert counts.flush() is None
