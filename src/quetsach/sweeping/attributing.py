"""The second pass: each sighting gets its number and its device, is folded, and is written."""

from collections.abc import Iterator, Sequence
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
from quetsach.sweeping.shared_beginnings import SharedBeginnings
from quetsach.sweeping.spools import NumberedBatch, batches, first_few, in_groups

GROUP_ROWS = 16_384
"""At least so many rows are named together: one row group of sightings.parquet."""


def name_sightings(
    spools: Sequence[tuple[int, Path]],
    sources: Sequence[SourceCoverage],
    naming: SightingNamer,
    target: Path,
) -> Aggregator:
    """Write all sightings, with their devices, to `target` and return their fold."""
    numbered = _numbered(spools, sources)
    first, are_few = first_few(numbered)
    fold = Aggregator()
    with pq.ParquetWriter(target, SIGHTING, compression="zstd") as writer:
        if are_few:
            if first:
                writer.write_table(_named_alone(first, sources, naming, fold), GROUP_ROWS)
            return fold
        # A small sweep has no need of NumPy.
        from concurrent.futures import Future, ThreadPoolExecutor

        from quetsach.sweeping.group_naming import GroupNamer

        namer = GroupNamer(naming, fold)
        with ThreadPoolExecutor(1) as beside:
            writing: Future[None] | None = None
            for group in in_groups(chain(first, numbered), GROUP_ROWS):
                table = _filled(group, namer.named(group), sources)
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


def _numbered(
    spools: Sequence[tuple[int, Path]], sources: Sequence[SourceCoverage]
) -> Iterator[NumberedBatch]:
    """Yield the sightings with their numbers; what two files have alike counts for the first."""
    shared = SharedBeginnings() if len({number for number, _ in spools}) > 1 else None
    for file, batch, _ in batches(spools):
        source = sources[file]
        if source.part_from is None:
            numbers = numbers_in(batch, source.links)
        else:
            numbers = bytes.fromhex("".join(batch.column("quetsach.sighting.id").to_pylist()))
        if shared is None:
            yield NumberedBatch(file, batch, numbers)
            continue
        kept = shared.kept(file, batch, numbers, source.circumstances)
        if kept.file is not None:
            source.leave_out(sources[kept.file].path, kept.sightings, kept.mentions)
        if kept.batch.num_rows:
            yield NumberedBatch(file, kept.batch, kept.numbers)


def _write(writer: pq.ParquetWriter, table: pa.Table) -> None:
    # What is named together is one row group, however large its last batch was.
    writer.write_table(table, max(table.num_rows, GROUP_ROWS))
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
        for file, batch, numbers in group
        for row in named_rows(batch, written(numbers).to_pylist(), file, naming)
    ]
    fold.add(rows)
    texts = zip(*(device_columns(row.attribution) for row in rows), strict=True)
    filled = {
        name: pa.array(column, SIGHTING.field(name).type)
        for name, column in zip(DEVICE_COLUMNS, texts, strict=True)
    }
    filled["quetsach.sighting.id"] = pa.array([f"{row.number:016x}" for row in rows])
    return _filled(group, filled, sources)


def _filled(
    group: list[NumberedBatch], filled: dict[str, pa.Array], sources: Sequence[SourceCoverage]
) -> pa.Table:
    """Return the sightings of `group`, in which `filled` are the columns of all their rows."""
    filled_batches, first = [], 0
    for number, batch, _numbers in group:
        own = {name: column.slice(first, batch.num_rows) for name, column in filled.items()}
        own["event.hash"] = pa.repeat(sources[number].blake3, batch.num_rows)
        first += batch.num_rows
        columns = [
            own[field.name] if field.name in own else batch.column(place)
            for place, field in enumerate(SIGHTING)
        ]
        filled_batches.append(pa.RecordBatch.from_arrays(columns, schema=SIGHTING))
    return pa.Table.from_batches(filled_batches, SIGHTING)
