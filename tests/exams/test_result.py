"""The result of an exam is read back with care: nobody writes a better rate than was measured."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from quetsach.attribution.model import Certainty
from quetsach.errors.exceptions import QuetsachError
from quetsach.exams.judging import ExamOutcome
from quetsach.exams.rates import measured_rate
from quetsach.exams.result import (
    OLD_AFTER_S,
    ExamResult,
    ExamRow,
    StatementRow,
    rates_of,
    read_result,
    result_bytes,
)

DAY_S = 1_795_137_300
SAID = StatementRow("PC-1", "10.20.3.41", Certainty.CERTAIN, "lease", "1")
UNSETTLED = StatementRow("PC-1", "10.20.3.41", Certainty.AMBIGUOUS, "lease", "2")
RESULT = ExamResult(
    version="1",
    exam="e1",
    commitment="a" * 64,
    domain="exam.example",
    zone="Asia/Ho_Chi_Minh",
    day="2026-11-20",
    last_s=DAY_S,
    drawn=38,
    machines=1,
    outcomes={"right": 38, "wrong": 0},
    grades={"certain": measured_rate(38, 38)},
    ways={"lease": measured_rate(38, 39)},
    trace_outcomes={},
    traced={},
    tables=["b" * 64],
    rows=[ExamRow("abcdefghijkl", "PC-1", DAY_S, ExamOutcome.RIGHT, said=[SAID, UNSETTLED])] * 38,
)


def _written(tmp_path: Path, **changed: Any) -> Path:
    path = tmp_path / "result.json"
    path.write_text(json.dumps({**json.loads(result_bytes(RESULT)), **changed}))
    return path


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(result_bytes(RESULT))
    standing = read_result(tmp_path / "result.json")
    assert standing.result == RESULT
    assert len(standing.sha256) == 64


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "quetsach-exam/1"},
        {"grades": {"certain": {"right": 38, "of": 38, "low": 0.99, "high": 1.0}}},
        {"grades": {"certain": {"right": 39, "of": 38, "low": 0.99, "high": 1.0}}},
        {"grades": {"certain": {"right": 10**9, "of": 10**9, "low": 1.0, "high": 1.0}}},
        {"grades": {"certain": msgspec.to_builtins(measured_rate(39, 39))}},
        {"grades": {"likely": msgspec.to_builtins(measured_rate(38, 38))}},
        {"outcomes": {"right": 37, "wrong": 1}},
        {"drawn": 2},
        {"day": "yesterday"},
        {"rows": []},
        {"tables": ["x"]},
        {"more": 1},
    ],
)
def test_a_result_that_contradicts_itself_is_refused(
    changed: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(QuetsachError, match="E325"):
        read_result(_written(tmp_path, **changed))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"[" * 100_000, b"\xff" * 10, b'{"format": "quetsach-exam-result/1"}']
)
def test_what_is_no_result_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(content)
    with pytest.raises(QuetsachError, match="E325"):
        read_result(tmp_path / "result.json")


def test_an_exam_is_old_after_a_year_or_with_other_tables(tmp_path: Path) -> None:
    standing = replace(read_result(_written(tmp_path)), tables=("b" * 64,))
    after_us = (DAY_S + OLD_AFTER_S) * 1_000_000
    assert standing.old_because(after_us) == ""
    assert standing.old_because(None) == ""
    assert standing.old_because(after_us + 1_000_000) == "year"
    assert replace(standing, tables=()).old_because(None) == "tables"
    assert replace(standing, tables=("b" * 64, "c" * 64)).old_because(None) == "tables"


def test_a_manifest_keeps_the_rates_of_names_alone(tmp_path: Path) -> None:
    table = tmp_path / "machines.csv"
    table.write_text("host_name\n")
    rates = {"certain": measured_rate(3, 3), "ambiguous": measured_rate(1, 1)}
    plain = {name: msgspec.to_builtins(rate) for name, rate in rates.items()}
    standing = read_result(_written(tmp_path, grades=plain), [table, tmp_path / "none.csv"])
    kept = standing.to_json(None)
    assert set(kept["grades"]) == {"certain"}
    assert kept["sha256"] == standing.sha256
    assert kept["old"] == "tables"
    assert len(standing.tables) == 1


def test_an_occasion_counts_once_for_each_key() -> None:
    rates = rates_of([{"a": True, "b": False}, {"a": True}, {"a": False}])
    assert (rates["a"].right, rates["a"].of) == (2, 3)
    assert (rates["b"].right, rates["b"].of) == (0, 1)
