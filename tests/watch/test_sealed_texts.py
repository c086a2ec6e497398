"""What a folder tells of a text: its new part, and of the days it touches all."""

from pathlib import Path
from zoneinfo import ZoneInfo

from quetsach.watch.sealed_texts import (
    keep_sealed_end,
    open_rows,
    open_texts,
    silent_text,
    told_texts,
)
from tests.watch.conftest import Start
from tests.watch.watched import eve, lines

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_EARLIER = eve(1).replace(b"2026-11-30", b"2026-11-29")


def test_days_of_which_nothing_is_new_are_left_out(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, _EARLIER)
    watched.go(2)
    watched.state.run("UPDATE part SET outbox = 1")
    watched.state.run("UPDATE sighting SET outbox = 1")
    watched.write(log, lines(0, 5))
    watched.go(2)
    (text,) = open_texts(watched.state, _ZONE)
    assert (text.source.counts.lines, text.part.counts["lines"]) == (6, 5)
    assert sum(text.source.hours.values()) == 5
    assert text.begin is not None
    assert text.source.part_from == text.begin[0] == len(_EARLIER)
    assert sum(batch.num_rows for batch in open_rows(watched.state, text)) == 5


def test_a_text_is_told_again_as_it_was(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 5))
    watched.go(2)
    assert silent_text(watched.state, 1, _ZONE) is None
    watched.state.run("UPDATE part SET outbox = 1")
    watched.write(log, lines(5, 8))
    watched.go(2)
    watched.state.run("UPDATE part SET outbox = 2 WHERE outbox = 0")
    (first,) = told_texts(watched.state, [1], _ZONE)
    (both,) = told_texts(watched.state, [1, 2], _ZONE)
    assert [one.source.counts.lines for one in (first, both)] == [5, 8]
    assert (first.place, both.place) == (len(lines(0, 5)), log.stat().st_size)
    silent = silent_text(watched.state, 1, _ZONE)
    assert silent is not None
    assert (silent.source.counts.lines, silent.source.hours) == (8, {})


def test_a_text_that_was_read_anew_goes_on_where_folders_ended(
    tmp_path: Path, start: Start
) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    watched.write(log, lines(0, 5))
    watched.go(2)
    (text,) = open_texts(watched.state, _ZONE)
    keep_sealed_end(watched.state, text)
    watched.state.run("UPDATE part SET outbox = 1")
    watched.stop()
    watched.start()
    watched.state.run("UPDATE stream SET form = 'other'")
    watched.write(log, lines(5, 8))
    watched.go(3)
    (again,) = open_texts(watched.state, _ZONE)
    assert again.source.counts.lines == 8
    assert again.source.part_from == text.place
    assert [one.chain for one in again.source.begins_with] == [text.chain.hex()]
