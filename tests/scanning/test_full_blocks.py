"""A scan takes bounded memory, whatever the lines of a block are."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from quetsach.scanning import parsing
from quetsach.scanning.line_outcomes import LineOutcome, judge
from tests.sweeping.evidence import swept, write


def test_a_block_full_of_hits_is_parsed_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def counted(lines: Sequence[tuple[int, bytes]], *more: object) -> LineOutcome:
        seen.append(len(lines))
        return judge(lines, *more)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(parsing, "LINES_AT_ONCE", 100)
    monkeypatch.setattr(parsing, "judge", counted)
    log = write(tmp_path / "any.log", "to bad.example\n" * 1000)
    assert swept(tmp_path, log, listed="bad.example\n")["lines_to_look_at"] == 1000
    assert max(seen) <= 100
    assert sum(seen) == 1000


def test_the_empty_lines_of_a_log_of_leases_are_counted_and_not_parsed(tmp_path: Path) -> None:
    head = (
        "#path\tdhcp\n#fields\tts\tmac\tassigned_addr\n1662940800.0\t00:17:a4:b2:c3:d4\t10.0.0.5\n"
    )
    log = write(tmp_path / "dhcp.log", head + "\n" * 5000)
    summary = swept(tmp_path, log)
    assert (summary["lines"], summary["rejects"]) == (5003, 0)
