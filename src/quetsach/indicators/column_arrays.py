"""Columns of indicators as Arrow arrays over the same memory, and Arrow arrays as columns."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.indicators.indicator_columns import IndicatorColumns, numbers_of


def joined(columns: Iterable[Any]) -> Any:
    """Return the arrays as one."""
    return pa.concat_arrays(list(columns))


def repeated(number: int, count: int) -> Any:
    """Return the number so often."""
    return pa.repeat(pa.scalar(number, pa.uint32()), count)


def no_numbers() -> Any:
    """Return a column of numbers without any."""
    return pa.array([], pa.uint32())


def sums(counts: Any) -> Any:
    """Return the sum of each count and all before it."""
    return pc.cumulative_sum(pc.cast(counts, pa.int64()))


def parents_of(starts: Any) -> Any:
    """Return for each row the number of its entry; `starts` has one more than the entries."""
    count = starts[-1].as_py() - starts[0].as_py()
    offsets = pc.cast(pc.subtract(starts, starts[0]), pa.int64())
    return pc.list_parent_indices(pa.LargeListArray.from_arrays(offsets, pa.nulls(count)))


def numbers_array(column: memoryview) -> Any:
    """Return a column of numbers as an Arrow array over the same memory."""
    return pa.Array.from_buffers(pa.uint32(), len(column), [None, pa.py_buffer(column)])


def entry_texts(columns: IndicatorColumns) -> Any:
    """Return the keys of all entries, each with its newline, as an Arrow array of text."""
    starts = columns.arrays.key_starts
    offsets = pc.cast(numbers_array(starts), pa.int64())
    buffers = [None, offsets.buffers()[1], pa.py_buffer(columns.arrays.keys)]
    return pa.Array.from_buffers(pa.large_string(), len(starts) - 1, buffers)


def text_and_starts(texts: Any) -> tuple[memoryview, memoryview]:
    """Return texts one behind the other, and where each begins; the last start is the end."""
    offsets = pa.Array.from_buffers(pa.int64(), len(texts) + 1, [None, texts.buffers()[1]])
    text = texts.buffers()[2]
    starts = as_view(offsets)
    return memoryview(b"" if text is None else text)[: starts[-1]], starts


def as_view(column: Any) -> memoryview:
    """Return the numbers of an Arrow array, which has no null, as a column."""
    if not len(column):
        return numbers_of(())
    whole = pc.cast(column, pa.uint32())
    begin = 4 * whole.offset
    return memoryview(whole.buffers()[1])[begin : begin + 4 * len(whole)].cast("I")
