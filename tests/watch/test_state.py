"""The state keeps a round or nothing of it, and belongs to one watch."""

import sqlite3
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import use_language
from quetsach.watch.state import STATE_FILE, Stream, StreamState, WatchState

STREAM = Stream(
    3, "/var/log/eve.json", 1, 2, b"first", 10, headers=[b"#fields\ta"], counts={"lines": 2}
)


def test_a_round_is_kept_or_nothing_of_it(tmp_path: Path) -> None:
    state = WatchState(tmp_path)
    with state.round():
        state.save(STREAM)
        state.set({"list": "abc"})
    with suppress(KeyError), state.round():
        state.save(replace(STREAM, cursor=20, state=StreamState.DONE))
        raise KeyError
    state.close()
    again = WatchState(tmp_path)
    assert again.streams() == [STREAM]
    assert (again.setting("list"), again.setting("other", "-")) == ("abc", "-")
    assert again.next_number() == 4
    again.close()


def test_two_watches_cannot_have_one_state_and_a_reader_may_look(tmp_path: Path) -> None:
    state = WatchState(tmp_path / "state")
    use_language("vi")
    with pytest.raises(QuetsachError, match=r"E505.*một phiên giám sát khác"):
        WatchState(tmp_path / "state")
    reader = WatchState(tmp_path / "state", read_only=True)
    assert reader.streams() == []
    reader.close()
    state.close()
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_a_state_of_another_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / STATE_FILE) as base:
        base.execute("PRAGMA user_version = 99")
    with pytest.raises(QuetsachError, match="E505"):
        WatchState(tmp_path)
    with sqlite3.connect(tmp_path / STATE_FILE) as base:
        assert base.execute("PRAGMA user_version").fetchone() == (99,)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(QuetsachError, match="E505"):
        WatchState(tmp_path / "file" / "state")


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE stream SET headers = 'x'",
        "UPDATE stream SET cursor = 'many'",
        "UPDATE stream SET state = 'odd'",
        "UPDATE stream SET counts = '[1]'",
        "UPDATE stream SET link = 5",
    ],
)
def test_a_forged_row_is_said(tmp_path: Path, forged: str) -> None:
    state = WatchState(tmp_path)
    state.save(Stream(1, "a", 1, 2))
    state.run(forged)
    with pytest.raises(QuetsachError, match="E505"):
        state.streams()
    state.close()
