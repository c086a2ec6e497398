"""Clocks that differ are told by the events two sources saw, and set right for the question."""

import json
from pathlib import Path

from tests.sweeping.evidence import HEADER, conn, swept, write


def _log(path: Path, shift_s: int) -> Path:
    lines = [
        conn(100 * number + shift_s, f"10.0.0.{number % 3 + 5}", "203.0.113.77").replace(
            "\t50000\t", f"\t{51_000 + number}\t"
        )
        for number in range(12)
    ]
    return write(path, HEADER + "".join(lines))


def _clocks(tmp_path: Path, *logs: Path) -> list[dict[str, object]]:
    swept(tmp_path, *logs)
    coverage = json.loads((tmp_path / "findings/coverage.json").read_bytes())
    return list(coverage["clocks"])


def test_a_source_an_hour_ahead_is_told_and_set_right(tmp_path: Path) -> None:
    logs = [_log(tmp_path / "a.log", 0), _log(tmp_path / "b.log", 3600)]
    (found,) = _clocks(tmp_path, *logs)
    assert abs(float(str(found["offset_s"]))) == 3600
    assert found["used"] is True
    assert found["pairs"] == 12


def test_clocks_that_agree_change_nothing(tmp_path: Path) -> None:
    logs = [_log(tmp_path / "a.log", 0), _log(tmp_path / "b.log", 1)]
    assert not [one for one in _clocks(tmp_path, *logs) if one["used"]]


def test_one_source_alone_has_nothing_to_be_held_against(tmp_path: Path) -> None:
    assert _clocks(tmp_path, _log(tmp_path / "a.log", 0)) == []
