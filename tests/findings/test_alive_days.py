"""Days of many sources told as one batch."""

import pyarrow as pa
from pyroaring import BitMap

from quetsach.findings.alive_days import ActiveDay, DaysTogether, counted


def test_rows_come_by_source_day_and_address_with_those_that_changed_hands_among_them() -> None:
    days = DaysTogether()
    days.add(3, "2022-09-12", ActiveDay({1: BitMap([0x0A000009]), 2: BitMap([0x0A000001])}, None))
    changed = (
        pa.array([0x0A000002, 0x0A000002], pa.uint32()),
        pa.array(["a", None], pa.string()),
        pa.array([4, 1], pa.int32()),
    )
    days.add(5, "2022-09-13", ActiveDay({1: BitMap([0x0A000001])}, changed))
    rows = days.lasting()
    assert (days.rows, rows.address.to_pylist()) == (5, [0x0A000009, 0x0A000001, 0x0A000001])
    texts = pa.array(["10.0.0.9", "10.0.0.1", "10.0.0.1"])
    columns = days.in_order(rows, texts, texts)
    assert [*zip(*(one.to_pylist() for one in columns), strict=True)] == [
        (3, "2022-09-12", "10.0.0.1", "10.0.0.1", 2),
        (3, "2022-09-12", "10.0.0.9", "10.0.0.9", 1),
        (5, "2022-09-13", "10.0.0.1", "10.0.0.1", 1),
        (5, "2022-09-13", "10.0.0.2", "a", 4),
        (5, "2022-09-13", "10.0.0.2", None, 1),
    ]


def test_days_without_an_address_have_no_rows() -> None:
    days = DaysTogether()
    days.add(0, "2022-09-12", ActiveDay(counted([BitMap()]), None))
    rows = days.lasting()
    assert days.rows == 0
    none = pa.array([], pa.string())
    assert [len(one) for one in days.in_order(rows, none, none)] == [0, 0, 0, 0, 0]


def test_addresses_are_told_by_how_many_hours_they_spoke_in() -> None:
    assert counted([]) == {}
    assert counted([BitMap([1])]) == {1: BitMap([1])}
    assert counted([BitMap([1, 2]), BitMap([2])]) == {1: BitMap([1]), 2: BitMap([2])}
