"""What was told long ago is forgotten; what was not told, or waits for its folder, never is."""

from pathlib import Path

from quetsach.watch.pruning import KEPT_DAYS, TEXT_DAYS, prune
from tests.watch.conftest import Start
from tests.watch.watched import lines

_DAY_US = 86_400 * 1_000_000


def test_what_was_told_goes_after_its_days(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 4))
    watched.go(2)
    state = watched.state
    later_us = int(watched.now_s * 1e6) + (KEPT_DAYS + 1) * _DAY_US
    assert prune(state, later_us, is_sealing=False) == 0
    state.run("UPDATE sighting SET shown = 1")
    assert prune(state, later_us, is_sealing=True) == 0
    assert prune(state, later_us - 2 * _DAY_US, is_sealing=False) == 0
    state.run("UPDATE sighting SET outbox = 1 WHERE place = 0")
    assert prune(state, later_us, is_sealing=True) == 1
    assert len(watched.clients()) == 4
    assert prune(state, later_us, is_sealing=False) == 3
    assert watched.clients() == []
    watched.write(log, lines(4, 5))
    watched.go(2)
    assert len(watched.clients()) == 1


def test_a_text_that_ended_goes_later(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 4))
    watched.go(2)
    state = watched.state
    state.run("UPDATE sighting SET shown = 1")
    state.run("UPDATE stream SET state = 'done'")
    state.run("UPDATE part SET outbox = 1")
    now_us = int(watched.now_s * 1e6)
    prune(state, now_us + (TEXT_DAYS - 1) * _DAY_US, is_sealing=False)
    assert watched.streams()
    prune(state, now_us + (TEXT_DAYS + 1) * _DAY_US, is_sealing=False)
    assert not watched.streams()
    assert not state.run("SELECT 1 FROM part")
