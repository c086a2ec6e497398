"""What a round finds is kept once: numbers decide, whatever the file is called."""

from pathlib import Path

from quetsach.errors.exceptions import Problem
from quetsach.watch import keeping
from quetsach.watch.keeping import keep_pairs, keep_problems, sightings_in, signed
from quetsach.watch.parts import read_part
from quetsach.watch.state import WatchState
from tests.watch.conftest import Start
from tests.watch.watched import lines


def test_sightings_are_kept_as_a_sweep_writes_them(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 3))
    watched.go(1)
    [batch] = sightings_in(watched.state)
    [row, *_] = batch.to_pylist()
    assert row["quetsach.device"] == row["quetsach.device.address"] == "10.2.0.1"
    assert row["quetsach.device.role"] == "client"
    assert row["event.hash"] is None
    numbers = watched.state.run("SELECT number, place, shown FROM sighting ORDER BY place")
    assert [(number, place) for number, place, _ in numbers] == [
        (signed(one["quetsach.sighting.id"]), one["log.offset"]) for one in batch.to_pylist()
    ]
    assert {shown for _, _, shown in numbers} == {0}


def test_pairs_and_problems_are_bounded_and_counted(tmp_path: Path) -> None:
    state = WatchState(tmp_path)
    assert keep_pairs(state, [("asks", "10.0.0.1", "10.0.0.53")])
    assert not keep_pairs(state, [("asks", "10.0.0.1", "10.0.0.53")])
    assert not keep_pairs(state, [])
    assert keeping.MOST_PAIRS > 1000
    for _ in range(2):
        keep_problems(state, [Problem("E104", "a.log", {"reason": "gone"})], 5)
    assert state.run("SELECT code, path, count FROM problem") == [("E104", "a.log", 2)]
    state.close()
    assert signed("ffffffffffffffff") == -1


def test_what_was_lost_is_told_with_the_next_part(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "spool" / "eve.json"
    log.parent.mkdir()
    watched = start(log)
    lost = Problem("E510", "udp://10.0.0.5:514", {"count": 3, "kernel": 3})
    watched.watch.losses[str(log.parent)] = lost
    watched.go(1)
    assert watched.watch.losses == {str(log.parent): lost}
    watched.write(log, lines(0, 3))
    watched.go(2)
    assert watched.watch.losses == {}
    watched.write(log, lines(3, 5))
    watched.go(2)
    kept = [
        read_part(row[0]) for row in watched.state.run("SELECT facts FROM part ORDER BY number")
    ]
    assert [[code for code, *_ in part.problems] for part in kept] == [["E510"], []]
