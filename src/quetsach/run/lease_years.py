"""Lease files that lie about a year away from all other evidence: a wrong clock, or an old copy."""

from collections.abc import Iterable
from pathlib import Path

from quetsach.attribute.model import Place
from quetsach.attribute.record_notes import NoteKind, RecordNote
from quetsach.clocks import MICROSECONDS
from quetsach.findings.coverage import SourceCoverage
from quetsach.run.gather import Gathered, rows_of
from quetsach.schema import LEASE

_YEAR_US = 300 * 86_400 * MICROSECONDS


def years_away(gathered: Gathered, known: Iterable[RecordNote]) -> list[RecordNote]:
    """Return a note for each source of leases so far from every source without any.

    `known` are the notes of the records themselves: what stands among them is not told twice.
    """
    spools: dict[int, list[tuple[int, Path]]] = {}
    for number, path in gathered.lease_spools:
        spools.setdefault(number, []).append((number, path))
    told = {place.path for one in known if one.kind is NoteKind.YEAR_OFF for place in one.places}
    others = [
        one
        for number, one in enumerate(gathered.sources)
        if number not in spools and one.first_us is not None and one.duplicate_of is None
    ]
    return [
        RecordNote(NoteKind.YEAR_OFF, rows_of(of_one, LEASE).num_rows, (Place(one.path, 0),))
        for number, of_one in sorted(spools.items())
        for one in (gathered.sources[number],)
        if one.path not in told
        and others
        and all(_apart_us(one, other) > _YEAR_US for other in others)
    ]


def _apart_us(one: SourceCoverage, other: SourceCoverage) -> int:
    """Return how much time lies between two sources, 0 where they meet or tell no time."""
    if one.first_us is None or one.last_us is None:
        return 0
    if other.first_us is None or other.last_us is None:
        return 0
    return max(one.first_us - other.last_us, other.first_us - one.last_us, 0)
