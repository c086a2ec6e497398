"""The sightings of a findings folder as they may leave: for whom, with machines or without."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.exports.contract import TIMES, Export, Sighting, tlp_of
from quetsach.findings.folder import unread_table
from quetsach.findings.lookups import SIGHTINGS
from quetsach.indicators.restriction import Audience, is_allowed
from quetsach.scanning.grades import SightingGrade
from quetsach.schema import SIGHTING

SHARED = (
    "quetsach.sighting.id",
    "@timestamp",
    "event.dataset",
    "event.type",
    "event.outcome",
    "network.transport",
    "network.direction",
    "threat.indicator.name",
    "threat.indicator.type",
    "threat.indicator.marking.tlp",
    "threat.indicator.confidence",
    "threat.indicator.last_seen",
    "threat.software.name",
    "quetsach.indicator.key",
    "quetsach.indicator.status",
    "quetsach.indicator.confidence_then",
    "quetsach.indicator.window",
    "quetsach.indicator.allow",
    "quetsach.match.rule",
    "quetsach.grade",
    "quetsach.time.rough",
)
"""The columns that name no machine, person, place or file of ours, and hold no text of a log: not
even a name that was asked for, in whose labels a machine may be named."""

ROWS_AT_ONCE = 2_000
"""How many rows are in memory as Python values at a time."""

ALL_COLUMNS = tuple(SIGHTING.names)


@dataclass
class ExportCounts:
    """What became of each row: written, or left out and why."""

    written: int = 0
    withheld: int = 0
    no_contact: int = 0
    without_time: int = 0
    without_word: int = 0
    before: int = 0


def sightings_for(
    folder: Path,
    export: Export,
    audience: Audience,
    columns: tuple[str, ...],
    counts: ExportCounts,
    *,
    since_us: int | None = None,
) -> Iterator[Sighting]:
    """Yield the sightings that `audience` may get in this form, and count each row.

    Units: `since_us` since 1970, UTC; with it, what happened before or has no time is left out.
    Errors: E305 for a damaged file, E104 for a disk that fails, E612 without memory.
    Cost: one pass; memory of one group of rows in columns, and of ROWS_AT_ONCE rows.
    """
    path = folder / SIGHTINGS
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            wanted = list(dict.fromkeys((*columns, *SHARED)))
            for batch in file.iter_batches(ROWS_AT_ONCE, columns=wanted):
                for row in _rows_of(batch):
                    if _may_leave(row, export, audience, counts, since_us=since_us):
                        yield {name: row[name] for name in columns if row[name] is not None}
    except (pa.ArrowException, KeyError, ValueError, OSError) as error:
        raise unread_table(path, error) from error


def _rows_of(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    table = pa.Table.from_batches([batch])
    for place, name in enumerate(table.schema.names):
        if name in TIMES:
            table = table.set_column(place, name, table.column(name).cast(pa.int64()))
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def _may_leave(
    row: Sighting,
    export: Export,
    audience: Audience,
    counts: ExportCounts,
    *,
    since_us: int | None,
) -> bool:
    """Return whether a row leaves, and count it by what became of it."""
    when_us = row["@timestamp"]
    if not is_allowed(tlp_of(row), audience):
        counts.withheld += 1
    elif export.contacts_only and not is_contact(row):
        counts.no_contact += 1
    elif row["threat.indicator.type"] in export.leaves_out:
        counts.without_word += 1
    elif when_us is None and (export.needs_time or since_us is not None):
        counts.without_time += 1
    elif since_us is not None and when_us < since_us:
        counts.before += 1
    else:
        counts.written += 1
        return True
    return False


def is_contact(row: Sighting) -> bool:
    """Return whether a machine of ours reached out to what was an indicator then."""
    return (
        row["quetsach.grade"] != SightingGrade.MENTIONED
        and row["network.direction"] == "outbound"
        and row["quetsach.indicator.window"] is None
        and not row["quetsach.indicator.allow"]
    )
