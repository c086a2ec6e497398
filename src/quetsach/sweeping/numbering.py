"""The numbers of many sightings, made by columns; see digests.py for what they are."""

from array import array
from collections.abc import Sequence

import pyarrow as pa

from quetsach.compiled import kernel_module
from quetsach.evidence.digests import sighting_numbers

DIGITS = 16
"""Hex digits of a number."""


def numbers_in(batch: pa.RecordBatch, links: Sequence[bytes]) -> bytes:
    """Return the numbers of the sightings of one file, eight bytes each, the first the highest.

    Shapes: `links` is the chain of the file's text; the marks of the lines stand in `batch` where
    their numbers will.
    """
    marks, keys = (
        batch.column(name) for name in ("quetsach.sighting.id", "quetsach.indicator.key")
    )
    fast = getattr(kernel_module(), "sighting_numbers", None)
    if fast is None:
        texts = sighting_numbers(links, marks.to_pylist(), keys.to_pylist())
        return bytes.fromhex("".join(texts))
    numbers: bytes = fast(list(links), _buffers(marks), _buffers(keys))
    return numbers


def _buffers(column: pa.Array) -> tuple[memoryview, memoryview]:
    """Return where the texts of a column begin and end, and all of them one behind the other."""
    if not len(column):
        return memoryview(bytes(4)), memoryview(b"")
    _valid, ends, texts = column.buffers()
    ends = ends.slice(4 * column.offset, 4 * (len(column) + 1))
    return memoryview(ends).cast("B"), memoryview(texts or b"").cast("B")


def written(numbers: bytes) -> pa.Array:
    """Return a column with the numbers in hex."""
    count = len(numbers) // 8
    texts = pa.py_buffer(numbers.hex().encode())
    ends = pa.py_buffer(array("i", range(0, DIGITS * (count + 1), DIGITS)))
    return pa.StringArray.from_buffers(count, ends, texts)
