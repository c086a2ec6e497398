"""What is wrong with the records that attribution rests on: named, counted, with places."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from quetsach.attribution.model import RecordPlace

SHOWN = 5
"""How many places of a kind of note are named; all are counted."""


class NoteKind(StrEnum):
    """What is wrong with a record, or with two that contradict each other."""

    TWO_SERVERS = "two-servers"
    YEAR_OFF = "year-off"
    UNKNOWN_ACT = "unknown-act"
    TIME_OUT_OF_RANGE = "time-out-of-range"
    NO_ADDRESS = "no-address"
    NO_MACHINE = "no-machine"
    END_BEFORE_START = "end-before-start"
    PORT_OUT_OF_RANGE = "port-out-of-range"
    NO_TIME = "no-time"


@dataclass(frozen=True)
class RecordNote:
    """How many records are wrong in this way; the first few of them are named by their places."""

    kind: NoteKind
    count: int
    places: tuple[RecordPlace, ...]


@dataclass(frozen=True)
class OddRecords:
    """Records that cannot be what they say: how many, and file and offset of the first few."""

    kind: NoteKind
    count: int
    rows: tuple[tuple[int, int], ...]


def odd_records(kind: NoteKind, mask: pa.ChunkedArray, records: pa.Table) -> OddRecords:
    """Return the records of `mask`, a column of true and false without nulls."""
    import pyarrow.compute as pc

    count = pc.sum(mask, min_count=0).as_py()
    if not count:
        return OddRecords(kind, 0, ())
    found = records.select(["file", "offset"]).filter(mask)
    order = pc.sort_indices(found, sort_keys=[("file", "ascending"), ("offset", "ascending")])
    first = found.take(order[:SHOWN])
    rows = zip(first["file"].to_pylist(), first["offset"].to_pylist(), strict=True)
    return OddRecords(kind, count, tuple(rows))


def placed(odd: Sequence[OddRecords], sources: Sequence[str]) -> list[RecordNote]:
    """Return notes with the paths of their files, by kind."""
    return [
        RecordNote(
            one.kind,
            one.count,
            tuple(
                RecordPlace(sources[file] if 0 <= file < len(sources) else "", offset)
                for file, offset in one.rows
            ),
        )
        for one in sorted(odd, key=lambda one: one.kind)
        if one.count
    ]
