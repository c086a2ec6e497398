"""A part of a text keeps what a sweep counts of it."""

from pathlib import Path

import msgspec
import pytest
from pyroaring import BitMap

from quetsach.findings.coverage import SourceCoverage
from quetsach.scanning.activity import RecordCounts
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.plan import YearSource
from quetsach.watch.parts import (
    PartText,
    add_part,
    empty_source,
    merged,
    part_of,
    planned_of,
    read_part,
)
from tests.watch.conftest import Start
from tests.watch.watched import lines

_TEXT = PartText("a.log", "suricata-eve", "suricata.eve", "plain", "00ff", is_utc=True)


def _source(hour: int, address: int, lines_read: int) -> SourceCoverage:
    source = empty_source(_TEXT)
    source.counts = LineCounts(lines=lines_read, sieved_out=lines_read)
    source.hours = {hour: lines_read, None: 1}
    source.alive = {hour: BitMap([address])}
    source.records = {"suricata.dns": RecordCounts(3, 2, 1)}
    source.reject_reasons = {"json": 1}
    source.first_us, source.last_us = hour, hour + 5
    return source


def test_parts_add_up() -> None:
    planned = planned_of(_TEXT)
    parts = [part_of(_source(hour, hour, 10), planned) for hour in (7, 7, 9)]
    whole = merged(read_part(one.written()) for one in parts)
    source = empty_source(whole.text)
    add_part(source, whole)
    assert source.counts.lines == 30
    assert source.hours == {7: 20, 9: 10, None: 3}
    assert source.alive == {7: BitMap([7]), 9: BitMap([9])}
    assert source.records["suricata.dns"] == RecordCounts(9, 6, 3)
    assert source.reject_reasons == {"json": 3}
    assert (source.first_us, source.last_us) == (7, 14)


def test_how_it_was_read_is_known_again() -> None:
    planned = planned_of(msgspec.structs.replace(_TEXT, year=("file-date", "a.log")))
    assert planned.layout.utc
    assert planned.year_source == YearSource("file-date", "a.log")
    assert planned_of(_TEXT).year_source is None


def test_what_no_watch_wrote_is_no_part() -> None:
    with pytest.raises(msgspec.MsgspecError):
        read_part(b"\x93abc")


def test_each_round_keeps_a_part(tmp_path: Path, start: Start) -> None:
    log = tmp_path / "eve.json"
    watched = start(log)
    for number in range(2):
        watched.write(log, lines(10 * number, 10 * number + 10))
        watched.go(2)
    rows = watched.state.run("SELECT first, ends, outbox, facts FROM part ORDER BY number")
    assert rows[0][:3] == (0, rows[1][0], 0)
    assert rows[1][1] == log.stat().st_size
    assert [read_part(row[3]).counts["sighting_lines"] for row in rows] == [10, 10]
