"""The second pass: each sighting gets its number and its device, is folded, and is written."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from quetsach.findings.aggregate import Aggregator
from quetsach.findings.coverage import SourceCoverage
from quetsach.schema import SIGHTING
from quetsach.sweeping.naming import DEVICE_COLUMNS, SightingNamer, device_columns
from quetsach.sweeping.numbering import numbers_in, written
from quetsach.sweeping.row_naming import named_rows
from quetsach.sweeping.spools import NumberedBatch, batches, first_few, in_groups

GROUP_ROWS = 65_536
"""Rows in one row group of sightings.parquet."""


def name_sightings(
    spools: Sequence[tuple[int, Path]],
    sources: Sequence[SourceCoverage],
    naming: SightingNamer,
    target: Path,
) -> Aggregator:
    """Write all sightings, with their devices, to `target` and return their fold."""
    numbered = batches(spools)
    first, are_few = first_few(numbered)
    fold = Aggregator()
    with pq.ParquetWriter(target, SIGHTING, compression="zstd") as writer:
        if are_few:
            if first:
                writer.write_table(_named_alone(first, sources, naming, fold), GROUP_ROWS)
            return fold
        # A small sweep has no need of NumPy.
        from quetsach.sweeping.group_naming import GroupNamer

        namer = GroupNamer(naming, fold)
        with ThreadPoolExecutor(1) as beside:
            writing: Future[None] | None = None
            for group in in_groups(chain(first, numbered), GROUP_ROWS):
                texts = (numbers_in(batch, sources[number].links) for number, batch in group)
                table = _filled(group, namer.named(group, b"".join(texts)), sources)
                if writing is not None:
                    writing.result()
                # Parquet needs no lock: the next group is named meanwhile.
                writing = beside.submit(_write, writer, table)
                # The next group is as large: what this one leaves would otherwise stay beside it.
                group.clear()
                del table
            if writing is not None:
                writing.result()
    return fold


def _write(writer: pq.ParquetWriter, table: pa.Table) -> None:
    writer.write_table(table, GROUP_ROWS)
    del table
    pa.default_memory_pool().release_unused()


def _named_alone(
    group: list[NumberedBatch],
    sources: Sequence[SourceCoverage],
    naming: SightingNamer,
    fold: Aggregator,
) -> pa.Table:
    """Return a few sightings with their numbers and devices, once they are folded."""
    rows = [
        row
        for number, batch in group
        for row in named_rows(batch, _texts(batch, sources[number].links), number, naming)
    ]
    fold.add(rows)
    texts = zip(*(device_columns(row.attribution) for row in rows), strict=True)
    filled = {
        name: pa.array(column, SIGHTING.field(name).type)
        for name, column in zip(DEVICE_COLUMNS, texts, strict=True)
    }
    filled["quetsach.sighting.id"] = pa.array([f"{row.number:016x}" for row in rows])
    return _filled(group, filled, sources)


def _texts(batch: pa.RecordBatch, links: Sequence[bytes]) -> list[str]:
    texts: list[str] = written(numbers_in(batch, links)).to_pylist()
    return texts


def _filled(
    group: list[NumberedBatch], filled: dict[str, pa.Array], sources: Sequence[SourceCoverage]
) -> pa.Table:
    """Return the sightings of `group`, in which `filled` are the columns of all their rows."""
    filled_batches, first = [], 0
    for number, batch in group:
        own = {name: column.slice(first, batch.num_rows) for name, column in filled.items()}
        own["event.hash"] = pa.repeat(sources[number].blake3, batch.num_rows)
        first += batch.num_rows
        columns = [
            own[field.name] if field.name in own else batch.column(place)
            for place, field in enumerate(SIGHTING)
        ]
        filled_batches.append(pa.RecordBatch.from_arrays(columns, schema=SIGHTING))
    return pa.Table.from_batches(filled_batches, SIGHTING)
