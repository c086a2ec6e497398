"""`quetsach watch flush` asks the running watch, and says where none runs."""

from pathlib import Path

import pytest

from quetsach.api import watches
from quetsach.cli.watch import flush
from quetsach.watch.seal_times import FLUSH, FLUSHED, SEALING
from quetsach.watch.state import WatchState
from tests.cli.running import quetsach_here


def _alive(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    WatchState(folder).close()
    monkeypatch.setattr(watches, "is_running", lambda _standing: True)


def test_where_none_runs_it_says_so(tmp_path: Path) -> None:
    WatchState(tmp_path).close()
    told = quetsach_here("watch", "flush", "--state", tmp_path)
    assert (told.returncode, told.stdout) == (2, b"")
    assert b"No watch runs" in told.stderr


def test_it_prints_what_was_sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _alive(tmp_path, monkeypatch)
    answer = watches.ask_to_seal

    def asked(folder: Path) -> int:
        number = answer(folder)
        state = WatchState(folder, is_beside=True)
        state.set({FLUSHED: state.setting(FLUSH)})
        state.run(
            "INSERT INTO outbox(kind, folder, digest, day, made_us, sightings) "
            "VALUES('sealed', '/srv/one', '', '', ?, 0)",
            number,
        )
        state.close()
        return number

    monkeypatch.setattr(watches, "ask_to_seal", asked)
    told = quetsach_here("watch", "flush", "--state", tmp_path)
    assert (told.returncode, told.stdout) == (0, b"/srv/one\n")


def test_a_watch_that_seals_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _alive(tmp_path, monkeypatch)
    state = WatchState(tmp_path)
    state.set({SEALING: ""})
    state.close()
    told = quetsach_here("watch", "flush", "--state", tmp_path)
    assert (told.returncode, b"--seal DIR" in told.stderr) == (2, True)


def test_it_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _alive(tmp_path, monkeypatch)
    monkeypatch.setattr(flush, "_WAIT_S", 0.0)
    told = quetsach_here("watch", "flush", "--state", tmp_path)
    assert (told.returncode, b"not done" in told.stderr) == (3, True)
