"""The sightings of a sweep as they were kept on disk, batch by batch."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

FEW = 1_000
"""So many sightings are handled one by one, in less time than it takes to load NumPy."""


class NumberedBatch(NamedTuple):
    """Sightings of one file, with its number; their own `numbers` are eight bytes each."""

    file: int
    batch: pa.RecordBatch
    numbers: bytes = b""


def batches(
    spools: Sequence[tuple[int, Path]], columns: Sequence[int] | None = None
) -> Iterator[NumberedBatch]:
    """Yield the batches of `spools` that have any row.

    Shapes: `columns` are the places in SIGHTING of those that are read, None for all.
    """
    options = pa.ipc.IpcReadOptions(included_fields=None if columns is None else list(columns))
    for number, path in spools:
        with path.open("rb") as file, pa.ipc.open_stream(file, options=options) as stream:
            for batch in stream:
                if batch.num_rows:
                    yield NumberedBatch(number, batch)


def first_few(numbered: Iterator[NumberedBatch]) -> tuple[list[NumberedBatch], bool]:
    """Return the first sightings, and whether they are all that there are: at most FEW."""
    first: list[NumberedBatch] = []
    rows = 0
    for one in numbered:
        first.append(one)
        rows += one.batch.num_rows
        if rows > FEW:
            return first, False
    return first, True


def in_groups(numbered: Iterator[NumberedBatch], rows: int) -> Iterator[list[NumberedBatch]]:
    """Yield the batches in groups, each of at least so many rows but for the last."""
    group: list[NumberedBatch] = []
    count = 0
    for one in numbered:
        group.append(one)
        count += one.batch.num_rows
        if count >= rows:
            yield group
            group, count = [], 0
    if group:
        yield group
