"""In a flood a line of a rare key is told before its turn, and once; all is read in the end."""

from pathlib import Path

import pytest

from quetsach.watch import scout, streams, watching
from quetsach.watch.telling import SightingReporter
from tests.watch.conftest import Start
from tests.watch.watched import eve, lines

_LOUD = 600


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CHUNK_BYTES", 4096)
    monkeypatch.setattr(scout, "LEAST_LAG", 8192)
    monkeypatch.setattr(watching, "LEAST_LAG", 8192)


def test_a_loud_key_hides_no_quiet_one(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    quiet = eve(7000, "c2.test", "10.9.9.9")
    watched.write(log, lines(0, _LOUD) + quiet + lines(_LOUD, _LOUD + 100))
    teller = SightingReporter(watched.state)
    first = watched.go(1)
    assert len(watched.clients()) < 50
    tidings = teller.early(watched.watch.look_ahead(), 5)
    told = {row["source.ip"]: row["quetsach.sighting.id"] for row in tidings.rows}
    assert "10.9.9.9" in told
    assert len(tidings.rows) <= scout.MOST_LINES
    teller.done()
    numbers: list[str] = list(told.values())
    numbers += [row["quetsach.sighting.id"] for row in teller.tidings(first.rows, 6).rows]
    teller.done()
    for _ in range(200):
        outcome = watched.go(1)
        ahead = watched.watch.look_ahead()
        numbers += [row["quetsach.sighting.id"] for row in teller.early(ahead, 7).rows]
        numbers += [row["quetsach.sighting.id"] for row in teller.tidings(outcome.rows, 8).rows]
        teller.done()
        if not outcome.lag:
            break
    assert len(watched.clients()) == _LOUD + 101
    assert len(numbers) == len(set(numbers)) == _LOUD + 101
    kept = {text for batch in _kept(watched) for text in batch}
    assert set(told.values()) <= kept
    assert not watched.state.run("SELECT 1 FROM early")


def test_a_second_machine_with_the_loud_key_is_told(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scout, "LEAST_LINES", 2)
    monkeypatch.setattr(scout, "MOST_LINES", 2)
    log = tmp_path / "eve.json"
    watched = start(log)
    loud = b"".join(eve(number, client="10.9.9.1") for number in range(_LOUD))
    watched.write(log, loud + eve(7000, client="10.9.9.2") + loud)
    watched.go(1)
    ahead = [client for one in watched.watch.look_ahead() for client in _clients(one)]
    assert ahead == ["10.9.9.1", "10.9.9.2"]
    watched.write(log, eve(7001, client="10.9.9.2") + loud + eve(7002, client="10.9.9.3"))
    watched.now_s += 1
    ahead = [client for one in watched.watch.look_ahead() for client in _clients(one)]
    assert ahead == ["10.9.9.3"], "what was told is not read ahead again"
    assert not watched.watch.put_off


def test_machines_that_have_to_wait_are_counted_and_told_in_their_turn(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scout, "LEAST_LINES", 2)
    monkeypatch.setattr(scout, "MOST_LINES", 2)
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, _LOUD))
    watched.go(1)
    read = len(watched.clients())
    ahead = sum(one.num_rows for one in watched.watch.look_ahead())
    assert ahead + watched.watch.put_off == _LOUD - read
    watched.go(200)
    assert len(watched.clients()) == _LOUD


def _clients(batch) -> list[str]:
    return batch.column("source.ip").to_pylist()


def _kept(watched) -> list[list[str]]:
    from quetsach.watch.keeping import sightings_in

    return [one.column("quetsach.sighting.id").to_pylist() for one in sightings_in(watched.state)]
