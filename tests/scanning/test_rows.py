"""Sightings become Arrow rows of the one schema, none lost between batches."""

import io
from typing import cast

import pyarrow as pa
import pytest

from quetsach.scanning.job import ScanJob, prepare
from quetsach.scanning.line_outcomes import RecordSighting
from quetsach.scanning.matching import match_event
from quetsach.scanning.rows import ORIGINAL_BYTES, SightingRows
from quetsach.schema import SIGHTING, Event
from tests.scanning.generated import indicators

EVENT = cast("Event", {"@timestamp": 1_662_940_800_000_000, "destination.ip": "203.0.113.77"})


def _sighting(offset: int, line: bytes = b"line") -> RecordSighting:
    (hit,) = match_event(EVENT, b"", prepare(ScanJob(indicators())).lookup)
    return RecordSighting(offset, line, EVENT, hit)


def _table(rows: SightingRows) -> pa.Table:
    with pa.ipc.open_stream(io.BytesIO(rows.to_ipc())) as stream:
        return stream.read_all()


def test_no_sighting_is_no_stream() -> None:
    assert SightingRows("a.log").to_ipc() == b""


@pytest.mark.parametrize("count", [1, 3, 4, 9])
def test_all_rows_come_back_in_order(count: int) -> None:
    rows = SightingRows("a.log", batch_rows=4)
    for offset in range(count):
        rows.add([_sighting(offset)])
    table = _table(rows)
    assert table.schema.equals(SIGHTING)
    assert table["log.offset"].to_pylist() == list(range(count))
    assert rows.count == count


def test_many_rows_are_packed_whatever_came_first() -> None:
    few, many = SightingRows("a.log", batch_rows=4), SightingRows("a.log", batch_rows=4)
    few.add([_sighting(offset) for offset in range(4)])
    for place in range(0, 400, 4):
        many.add([_sighting(offset) for offset in range(place, place + 4)])
    # A batch of few rows is hardly smaller when it is packed, but for its empty columns.
    assert len(many.to_ipc()) < 60 * len(few.to_ipc())
    assert _table(many).num_rows == 400


def test_a_row_says_where_it_stands_and_what_it_met() -> None:
    rows = SightingRows("a.log")
    rows.add([_sighting(7, b"\xff\x1b" + b"x" * 2 * ORIGINAL_BYTES)])
    (row,) = _table(rows).to_pylist()
    assert (row["log.file.path"], row["log.offset"]) == ("a.log", 7)
    assert row["event.original"].startswith("\\xff\x1bx")
    assert len(row["event.original"]) == ORIGINAL_BYTES + 3
    assert (row["quetsach.indicator.key"], row["quetsach.match.field"]) == (
        "203.0.113.77",
        "destination.ip",
    )
    assert row["quetsach.device"] is None
