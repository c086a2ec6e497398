"""Each sighting is told once; a loud machine is shown once an hour, with a count."""

from pathlib import Path

from quetsach.clocks import MICROSECONDS
from quetsach.watch.telling import SHOWN_AGAIN_US, NewSightings, SightingReporter, who
from tests.watch.conftest import Start
from tests.watch.watched import eve, lines


def test_repeats_are_counted_and_shown_again_after_an_hour(tmp_path: Path, start: Start) -> None:
    log, now_us = tmp_path / "eve.json", 1_800_000_000 * MICROSECONDS
    watched = start(log)
    teller = SightingReporter(watched.state)

    def told(text: bytes, passed_us: int) -> NewSightings:
        watched.write(log, text)
        rows = watched.go(1).rows
        tidings = teller.tidings(rows, now_us + passed_us)
        teller.done()
        return tidings

    loud = b"".join(eve(number) for number in range(5))
    first = told(loud + lines(50, 51), 0)
    assert len(first.rows) == 6
    assert [(who(row), count) for row, count in first.shown] == [("10.1.2.3", 5), ("10.2.0.51", 1)]
    again = told(b"".join(eve(number) for number in range(5, 9)), MICROSECONDS)
    assert (len(again.rows), list(again.shown)) == (4, [])
    later = told(eve(9), SHOWN_AGAIN_US)
    assert [count for _, count in later.shown] == [5]
    assert teller.untold(now_us) == NewSightings()


def test_what_was_kept_and_not_told_is_told_at_the_next_start(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 3))
    assert len(SightingReporter(watched.state).tidings(watched.go(1).rows, 5).rows) == 3
    watched.stop()
    watched.start()
    teller = SightingReporter(watched.state)
    assert len(teller.untold(10).rows) == 3
    teller.done()
    assert teller.untold(20) == NewSightings()
