"""Fingerprints of a watch answer as those of a sweep do, over restarts; none without a wish."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from quetsach.errors.exceptions import Problem
from quetsach.fingerprints.asking import would_hit
from quetsach.fingerprints.month_secrets import SecretFolder
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.watch.prints import FOLDER, SECRETS
from tests.watch.conftest import Start
from tests.watch.watched import Watched, eve, lines


def _wanting(watched: Watched) -> None:
    watched.tools = replace(watched.tools, job=replace(watched.tools.job, wants_tokens=True))
    watched.stop()
    watched.start()


def _days(watched: Watched, *names: str) -> list[tuple[date | None, int, int, bool]]:
    """Return the days on which one of `names` was seen, with their lines and sources."""
    listed = watched.folder / "asked.txt"
    listed.write_text("".join(f"{name}\n" for name in names), encoding="ascii")
    answer = would_hit(
        read_lists([listed], ListOptions()).indicators,
        watched.folder / FOLDER,
        SecretFolder(watched.folder / SECRETS),
    )
    assert not answer.problems
    return [
        (hit.day.first, hit.day.lines, hit.day.sources, hit.day.is_complete) for hit in answer.hits
    ]


def test_what_was_seen_is_answered_and_what_was_not_is_not(tmp_path: Path, start: Start) -> None:
    log, other = tmp_path / "eve.json", tmp_path / "other.json"
    watched = start(log, other)
    _wanting(watched)
    watched.write(log, lines(0, 3) + eve(4, "late.good.example"))
    watched.write(other, eve(5, "other.example"))
    watched.go(2)
    watched.watch.prints.join(is_last=True)
    day = date(2026, 11, 30)
    assert _days(watched, "good.example") == [(day, 5, 2, True)]
    assert _days(watched, "never.example") == []
    # It goes on where it was, and the days grow.
    _wanting(watched)
    watched.write(log, eve(6, "new.example"))
    watched.go(2)
    assert _days(watched, "new.example") == []
    watched.watch.prints.join(is_last=True)
    assert _days(watched, "new.example") == [(day, 6, 2, True)]
    assert _days(watched, "other.example") == [(day, 6, 2, True)]
    secrets = list((watched.folder / SECRETS).iterdir())
    assert [path.stat().st_mode & 0o077 for path in secrets] == [0]


def test_a_kill_before_the_joining_loses_nothing(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    _wanting(watched)
    watched.write(log, lines(0, 3) + eve(4, "seen.example"))
    watched.go(2)
    _wanting(watched)
    watched.watch.prints.join()
    assert [day for day, *_rest in _days(watched, "seen.example")] == [date(2026, 11, 30)]


def test_a_day_whose_listener_lost_lines_is_not_complete(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    _wanting(watched)
    watched.watch.losses[str(tmp_path)] = Problem("E510", "udp:192.0.2.1:514", {"count": 7})
    watched.write(log, lines(0, 3) + eve(4, "seen.example"))
    watched.go(2)
    watched.watch.prints.join(is_last=True)
    assert [is_complete for *_rest, is_complete in _days(watched, "seen.example")] == [False]


def test_without_a_wish_nothing_is_kept(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 3))
    watched.go(2)
    watched.watch.prints.join(is_last=True)
    assert not (watched.folder / FOLDER).exists()
    assert watched.state.run("SELECT COUNT(*) FROM print_part") == [(0,)]


@pytest.mark.parametrize("text", ["", "no line has an end"])
def test_what_is_not_read_has_no_keys(tmp_path: Path, start: Start, text: str) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    _wanting(watched)
    watched.write(log, text.encode())
    watched.go(1)
    assert watched.state.run("SELECT COUNT(*) FROM print_part") == [(0,)]
