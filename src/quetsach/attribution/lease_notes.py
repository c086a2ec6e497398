"""What is wrong with the records of leases: two servers for one address, clocks a year off."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.attribution.columns import array_of
from quetsach.attribution.lease_runs import GIVEN, LeaseRuns
from quetsach.attribution.model import RecordPlace
from quetsach.attribution.record_notes import SHOWN, NoteKind, OddRecords, RecordNote, placed
from quetsach.clocks import MICROSECONDS

_YEAR_OFF_US = 300 * 86_400 * MICROSECONDS
"""A source so far from every other has a clock that is a year off, or is of another year."""


def notes_of(
    runs: LeaseRuns, odd: Sequence[OddRecords], sources: Sequence[str]
) -> tuple[RecordNote, ...]:
    """Return what is wrong with the records behind `runs`, and with those that are none."""

    def place(file: int, offset: int) -> RecordPlace:
        return RecordPlace(sources[file] if 0 <= file < len(sources) else "", offset)

    notes = [*placed(odd, sources)]
    count, found = _two_servers(runs)
    if count:
        rows = [runs.first[one] for one in found]
        places = tuple(place(runs.file[row], runs.offset[row]) for row in rows)
        notes.append(RecordNote(NoteKind.TWO_SERVERS, count, places))
    for file, records in _years_off(runs):
        notes.append(RecordNote(NoteKind.YEAR_OFF, records, (place(file, 0),)))
    return tuple(sorted(notes, key=lambda one: (one.kind, one.places)))


def _two_servers(runs: LeaseRuns) -> tuple[int, list[int]]:
    """Return how many leases of one server began within one of another, and the first few."""
    count = len(runs.start)
    if count < 2:
        return 0, []
    address, machine, server, act, start, end = (
        array_of(one)
        for one in (runs.address, runs.machine, runs.server, runs.act, runs.start, runs.end)
    )
    overlaps = pc.less(start.slice(1), end.slice(0, count - 1))
    for column, same in ((address, True), (machine, False), (server, False)):
        compare = pc.equal if same else pc.not_equal
        overlaps = pc.and_(overlaps, compare(column.slice(1), column.slice(0, count - 1)))
    for column, least in ((machine, 0), (server, 0)):
        told = pc.greater_equal(column, least)
        overlaps = pc.and_(overlaps, pc.and_(told.slice(1), told.slice(0, count - 1)))
    given = pc.equal(act, GIVEN)
    overlaps = pc.and_(overlaps, pc.and_(given.slice(1), given.slice(0, count - 1)))
    places = pc.add(pc.indices_nonzero(overlaps).cast(pa.int64()), 1)
    return len(places), places[:SHOWN].to_pylist()


def _years_off(runs: LeaseRuns) -> list[tuple[int, int]]:
    """Return the files that lie far in time from most records, with how many they have."""
    if not len(runs.start):
        return []
    files = array_of(runs.file).take(array_of(runs.first))
    spans = (
        pa.table({"file": files, "start": array_of(runs.start)})
        .group_by("file")
        .aggregate([("start", "min"), ("start", "max")])
    )
    sizes = {
        one["values"]: one["counts"] for one in pc.value_counts(array_of(runs.file)).to_pylist()
    }
    rows = sorted(
        zip(*(spans[name].to_pylist() for name in ("start_min", "start_max", "file")), strict=True)
    )
    groups: list[list[int]] = []
    reach = 0
    for least, most, file in rows:
        if not groups or least - reach > _YEAR_OFF_US:
            groups.append([])
        groups[-1].append(file)
        reach = max(reach, most)
    groups.sort(key=lambda group: sum(sizes[one] for one in group))
    return [(one, sizes[one]) for group in groups[:-1] for one in sorted(group)]
