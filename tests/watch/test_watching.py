"""A watch that is ended at any point goes on where it was: nothing twice, nothing lost."""

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from quetsach.watch import watching
from quetsach.watch.streams import LiveStream
from tests.waiting import stand_still
from tests.watch.conftest import Start
from tests.watch.watched import Watched, clients, lines


def _killed_while_it_reads(watched: Watched, after_s: float) -> None:
    """Run rounds in a child process that is killed after a time."""
    watched.stop()
    child = os.fork()
    if not child:
        watched.start()
        while True:
            watched.go(1)
    stand_still(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    watched.start()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_killed_watch_goes_on_where_it_was(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    for number in range(3):
        watched.write(log, lines(100 * number, 100 * number + 100))
        _killed_while_it_reads(watched, 0.004 * 2**number)
    watched.go(3)
    assert watched.clients() == clients(0, 300)
    assert watched.streams()[0].counts["lines"] == 300


def test_a_round_that_cannot_be_kept_is_read_again(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 3))
    watched.go(1)

    def full(*_facts: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    watched.write(log, lines(3, 6))
    with monkeypatch.context() as broken:
        broken.setattr(watching, "name_rows", full)
        with pytest.raises(sqlite3.OperationalError):
            watched.go(1)
    assert watched.clients() == clients(0, 3)
    watched.go(1)
    assert watched.clients() == clients(0, 6)


def test_files_that_rest_are_closed_and_opened_again_when_they_grow(
    tmp_path: Path, start: Start
) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 2))
    watched.go(5, wait_s=40)
    assert watched.watch.roster.files == {}
    watched.write(log, lines(2, 4))
    last = watched.go(1)
    assert watched.clients() == clients(0, 4)
    assert (last.figures.lines, last.figures.sightings, last.lag) == (2, 2, 0)


def test_a_file_that_vanishes_or_cannot_be_read_is_told(tmp_path: Path, start: Start) -> None:
    log, later = tmp_path / "eve.json", tmp_path / "later.json"
    watched = start(log, later)
    watched.write(log, lines(0, 2))
    watched.go(1)
    log.unlink()
    watched.go(4, wait_s=20)
    assert watched.watch.roster.files == {}
    # It may well get the inode that is free now.
    watched.write(later, lines(5, 6))
    watched.go(2)
    assert watched.clients() == [*clients(0, 2), *clients(5, 6)]


def test_what_cannot_be_read_is_told_once_and_forgotten_when_it_can(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 3))

    def refused(*_facts: object) -> bytes:
        raise PermissionError(13, "no right")

    with monkeypatch.context() as broken:
        broken.setattr(LiveStream, "step", refused)
        watched.go(3)
    assert [one.code for turn in watched.rounds for one in turn.problems] == ["E104"]
    assert watched.state.run("SELECT code FROM problem") == [("E104",)]
    watched.go(2)
    assert watched.clients() == clients(0, 3)
    assert watched.state.run("SELECT code FROM problem") == []


def test_a_log_of_unknown_form_is_told_once(tmp_path: Path, start: Start) -> None:
    log, notes = tmp_path / "odd.log", tmp_path / "notes.txt"
    watched = start(log, notes)
    for first in (0, 20):
        text = "".join(f"<<{n}>> 2026-11-30 08:00:{n:02} went\n" for n in range(first, first + 20))
        watched.write(log, text.encode())
        watched.write(notes, b"nothing of a log stands here\n" * 20)
        watched.go(2)
    told = [(one.code, one.where) for turn in watched.rounds for one in turn.problems]
    assert told == [("E125", str(log))]
