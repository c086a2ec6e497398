"""A file of notices is read in a process of its own, and comes back as items."""

import json
from pathlib import Path

from quetsach_portal.ranges.sandboxed import read_in_sandbox, read_notices


def _answer(path: Path) -> dict[str, object]:
    return json.loads(read_in_sandbox(json.dumps(str(path)).encode(), lambda *_told: None))


def test_items_keep_their_numbers_days_and_why_they_are_none(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_text(
        "timestamp,ip,port,http_host,infection\n"
        "2026-11-29 20:00:00,203.0.113.5,40112,bad.example,andromeda\n"
        "x,203.0.113.5,1,,\n"
    )
    first, second = _answer(path)["value"]  # type: ignore[misc]
    assert (first["number"], first["address"], first["port"]) == (1, "203.0.113.5", 40112)
    assert (first["remote"], first["family"]) == ("bad.example", "andromeda")
    assert first["days"] == ["2026-11-29", "2026-11-30"]
    assert first["at"].startswith("2026-11-29T20:00:00")
    assert second["number"] == 2
    assert second["reason"]


def test_a_problem_is_an_answer_in_words(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_text("nothing\n")
    assert _answer(path)["problem"]


def test_the_process_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_text("timestamp,ip\n2026-11-29 20:00:00Z,203.0.113.5\n")
    assert len(read_notices(path).value) == 1
