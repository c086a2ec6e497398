"""Contradictions in the records of leases are named."""

from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import RecordPlace
from tests.attribution.lease_rows import B, Record, table


def test_a_source_whose_clock_is_a_year_off_is_named() -> None:
    records = [Record(400_000 + n) for n in range(5)]
    records.append(Record(400_000 - 366 * 24, B, file=1))
    (note,) = LeaseHistory(table(records), ["good.log", "old.log"]).notes()
    assert (note.kind, note.count, note.places) == ("year-off", 1, (RecordPlace("old.log", 0),))
