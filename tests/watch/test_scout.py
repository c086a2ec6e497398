"""In a flood a line of a rare key is told before its turn, and once; all is read in the end."""

from pathlib import Path

import pytest

from quetsach.watch import scout, streams
from quetsach.watch.telling import Teller
from tests.watch.conftest import Start
from tests.watch.watched import eve, lines

_LOUD = 600


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CHUNK_BYTES", 4096)
    monkeypatch.setattr(scout, "LEAST_LAG", 8192)
    monkeypatch.setattr("quetsach.watch.watching.LEAST_LAG", 8192)


def test_a_loud_key_hides_no_quiet_one(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    quiet = eve(7000, "c2.test", "10.9.9.9")
    watched.write(log, lines(0, _LOUD) + quiet + lines(_LOUD, _LOUD + 100))
    teller = Teller(watched.state)
    first = watched.go(1)
    assert len(watched.clients()) < 50
    tidings = teller.early(first.early, 5)
    told = {row["source.ip"]: row["quetsach.sighting.id"] for row in tidings.rows}
    assert "10.9.9.9" in told
    assert len(tidings.rows) <= 2 * scout.MOST_OF_A_KEY
    teller.done()
    numbers: list[str] = list(told.values())
    teller.tidings(first.rows, 6)
    teller.done()
    for _ in range(200):
        outcome = watched.go(1)
        assert not teller.early(outcome.early, 7).rows or outcome.lag
        numbers += [row["quetsach.sighting.id"] for row in teller.tidings(outcome.rows, 8).rows]
        teller.done()
        if not outcome.lag:
            break
    assert len(watched.clients()) == _LOUD + 101
    kept = {text for batch in _kept(watched) for text in batch}
    assert set(told.values()) <= kept
    assert not watched.state.run("SELECT 1 FROM early")


def _kept(watched) -> list[list[str]]:
    from quetsach.watch.keeping import sightings_in

    return [one.column("quetsach.sighting.id").to_pylist() for one in sightings_in(watched.state)]
