"""A decision holds until its date, is never rewritten, and loses no row."""

from pathlib import Path

import pytest
from msgspec import structs

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.dates import us_of
from quetsach.indicators.model import AllowDecision, Decision, IndicatorSet
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.read import read_lists
from quetsach.indicators.releases.decisions import (
    Decisions,
    append_decisions,
    apply_decisions,
    read_decisions,
)

DAY = "2026-09-01T00:00:00+07:00"
NOW = us_of("2026-10-01T00:00:00+07:00") or 0


def decision(
    key: str, verdict: AllowDecision, until: str = "2026-12-31T23:59:59+07:00"
) -> Decision:
    return Decision(key, verdict, "vì dùng chung", until, DAY, "ATTT")


def some(tmp_path: Path) -> IndicatorSet:
    path = tmp_path / "ds.txt"
    path.write_text("bad.example\nbad[.]example\nbig.example\n203.0.113.7\ncom.vn\n")
    found = read_lists([path], ListOptions())
    tagged = tuple(structs.replace(one, allow_classes=("cdn",)) for one in found.indicators)
    return IndicatorSet(tagged, found.refusals, found.readings)


def test_the_last_valid_decision_on_a_key_counts_and_expired_ones_are_asked_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "new" / "d.jsonl"
    append_decisions(
        path, [decision("a", AllowDecision.KEEP), decision("b", AllowDecision.KEEP, DAY)]
    )
    first = path.read_bytes()
    append_decisions(
        path, [decision("a", AllowDecision.DROP), decision("a", AllowDecision.WATCH, DAY)]
    )
    assert path.read_bytes().startswith(first), "the file only grows"
    found = read_decisions(path, NOW)
    assert {key: one.verdict for key, one in found.valid.items()} == {"a": AllowDecision.DROP}
    assert list(found.expired) == ["b"]
    assert found.valid["a"] == decision("a", AllowDecision.DROP)


def test_a_decision_torn_by_a_kill_is_told_left_out_and_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "d.jsonl"
    append_decisions(path, [decision("a", AllowDecision.KEEP), decision("b", AllowDecision.KEEP)])
    path.write_bytes(path.read_bytes()[:-20])
    assert list(read_decisions(path, NOW).valid) == ["a"]
    assert "E226" in caplog.text
    append_decisions(path, [decision("c", AllowDecision.DROP)])
    caplog.clear()
    assert list(read_decisions(path, NOW).valid) == ["a", "c"]
    assert caplog.text == ""


def test_a_decision_holds_to_its_last_moment(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    append_decisions(path, [decision("a", AllowDecision.KEEP)])
    end = us_of("2026-12-31T23:59:59+07:00") or 0
    assert "a" in read_decisions(path, end).valid
    assert "a" in read_decisions(path, end + 1).expired


def test_a_line_that_was_cut_off_does_not_swallow_the_next(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    append_decisions(path, [decision("a", AllowDecision.KEEP)])
    path.write_bytes(path.read_bytes().rstrip())
    append_decisions(path, [decision("b", AllowDecision.KEEP)])
    assert set(read_decisions(path, NOW).valid) == {"a", "b"}


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"\xff",
        b'{"key":"a","verdict":"maybe","reason":"x","until":"2026-12-31","decided":""}',
        b'{"key":"a","verdict":"keep","reason":" ","until":"2026-12-31","decided":""}',
        b'{"key":"a","verdict":"keep","reason":"x","until":"soon","decided":""}',
    ],
)
def test_a_line_that_is_no_decision_is_an_error_with_its_number(
    tmp_path: Path, line: bytes
) -> None:
    path = tmp_path / "d.jsonl"
    append_decisions(path, [decision("a", AllowDecision.KEEP)])
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(QuetsachError, match=r"E226 .*d\.jsonl:2"):
        read_decisions(path, NOW)


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert read_decisions(tmp_path / "d.jsonl", NOW) == Decisions()


def test_drop_takes_it_out_and_keeps_its_rows_counted(tmp_path: Path) -> None:
    made = Decisions({"bad.example": decision("bad.example", AllowDecision.DROP)})
    found, dropped = apply_decisions(some(tmp_path), made)
    assert [one.key for one in found.indicators] == ["203.0.113.7", "big.example"]
    assert [one.key for one in dropped] == ["bad.example"]
    assert [(one.origin.row, one.reason) for one in found.refusals if one.origin.row < 3] == [
        (1, RefusalReason.DECIDED),
        (2, RefusalReason.DECIDED),
    ]
    (reading,) = found.readings
    assert (reading.rows, reading.taken, reading.refused) == (5, 2, 3)


def test_keep_takes_the_allow_classes_off_and_watch_adds_one(tmp_path: Path) -> None:
    made = Decisions(
        {
            "bad.example": decision("bad.example", AllowDecision.KEEP),
            "203.0.113.7": decision("203.0.113.7", AllowDecision.WATCH),
        }
    )
    found, dropped = apply_decisions(some(tmp_path), made)
    assert {one.key: (one.decided, one.allow_classes) for one in found.indicators} == {
        "bad.example": ("keep", ()),
        "203.0.113.7": ("watch", ("cdn", "watch-only")),
        "big.example": ("", ("cdn",)),
    }
    assert dropped == ()
