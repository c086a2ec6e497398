"""Columns of Arrow as sorted words with codes, and as plain memory that can be bisected.

No Python object is made for a row: a history of ten million records stays a few columns of
numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class TextColumn:
    """Different texts in order; the code of one is its place. Codes do not depend on arrival."""

    bounds: memoryview
    letters: memoryview

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def text(self, code: int) -> str:
        """Return the text of `code`."""
        return str(self.letters[self.bounds[code] : self.bounds[code + 1]], "utf-8", "replace")

    def find(self, text: str) -> int | None:
        """Return the code of `text`, or None; one binary search."""
        letters = text.encode("utf-8", "replace")
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.letters[self.bounds[middle] : self.bounds[middle + 1]].tobytes() < letters:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self.text(low) == text else None


def worded(column: pa.ChunkedArray) -> tuple[pa.Array, TextColumn]:
    """Return codes (int32, null where the text is null or empty) and the words of a text column.

    Shapes: the column may be plain or dictionary encoded, in any chunks.
    """
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    chunk = column.combine_chunks()
    if isinstance(chunk, pa.ChunkedArray):  # what older versions give back for no chunk at all
        chunk = pa.concat_arrays(chunk.chunks) if chunk.num_chunks else pa.array([], column.type)
    values = chunk.dictionary.cast(pa.large_string())
    order = pc.sort_indices(values)
    ordered = values.take(order)
    kept = pc.fill_null(pc.not_equal(ordered, ""), False)
    if len(values):
        # The dictionary of a foreign table may hold a word twice.
        before = pa.concat_arrays(
            [pa.nulls(1, pa.large_string()), ordered.slice(0, len(ordered) - 1)]
        )
        fresh = pc.and_(kept, pc.fill_null(pc.not_equal(ordered, before), True))
    else:
        fresh = kept
    ranks = pc.subtract(pc.cumulative_sum(fresh.cast(pa.int32())), pa.scalar(1, pa.int32()))
    places = pc.if_else(kept, ranks, pa.scalar(None, pa.int32()))
    by_place = places.take(pc.sort_indices(order))
    codes = by_place.take(chunk.indices)
    return codes, _words(ordered.filter(fresh))


def by_word(column: pa.ChunkedArray, of_words: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return what `of_words` gives for each text of a column, asked once for each word of it."""
    chunk = flat(column)
    if not pa.types.is_dictionary(chunk.type):
        return of_words(chunk)
    return of_words(chunk.dictionary).take(chunk.indices)


def _words(ordered: pa.Array) -> TextColumn:
    packed = pa.concat_arrays([ordered]) if ordered.offset else ordered
    _, bounds, letters = packed.buffers()
    if bounds is None or not len(packed):
        return TextColumn(memoryview(bytes(8)).cast("q"), memoryview(b""))
    held = memoryview(b"") if letters is None else memoryview(letters).cast("B")
    return TextColumn(memoryview(bounds).cast("q")[: len(packed) + 1], held)


_Code = Literal["b", "B", "i", "I", "q", "Q"]
_FORMATS: dict[pa.DataType, _Code] = {
    pa.int8(): "b",
    pa.uint8(): "B",
    pa.int32(): "i",
    pa.uint32(): "I",
    pa.int64(): "q",
    pa.uint64(): "Q",
}


def numbers(column: Any) -> memoryview:
    """Return the numbers of a column without nulls as plain memory.

    Errors: AssertionError when there are nulls; the caller fills them first.
    """
    chunk = flat(column)
    assert chunk.null_count == 0, "a column with nulls is no plain memory"
    code = _FORMATS[chunk.type]
    if not len(chunk):
        return memoryview(b"").cast(code)
    return (
        memoryview(chunk.buffers()[1])
        .cast("B")
        .cast(code)[chunk.offset : chunk.offset + len(chunk)]
    )


def array_of(plain: memoryview) -> pa.Array:
    """Return plain memory as a column again, without a copy."""
    kind = next(one for one, code in _FORMATS.items() if code == plain.format)
    return pa.Array.from_buffers(kind, len(plain), [None, pa.py_buffer(plain)])


def flat(column: Any) -> pa.Array:
    """Return a column as one array, however many chunks it has."""
    if isinstance(column, pa.ChunkedArray):
        if column.num_chunks == 1:
            return column.chunk(0)
        return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    return column


def changes(*columns: pa.Array) -> pa.Array:
    """Return for each row whether it differs from the one before in any column; the first does.

    Shapes: columns without nulls, of one length above 0.
    """
    length = len(columns[0])
    differ = pa.array([], pa.bool_())
    for number, column in enumerate(columns):
        one = pc.not_equal(column.slice(1), column.slice(0, length - 1))
        differ = one if number == 0 else pc.or_(differ, one)
    return pa.concat_arrays([pa.array([True]), differ])


def shifted(when: pa.Array, file: pa.ChunkedArray, offsets: Mapping[int, int]) -> pa.Array:
    """Return the times with the offset of each file added."""
    if not offsets or not len(when):
        return when
    least, most = (pc.min_max(file)[name].as_py() for name in ("min", "max"))
    added = pa.array([offsets.get(one, 0) for one in range(least, most + 1)], pa.int64())
    return pc.add(when, added.take(pc.subtract(flat(file), least)))


def path_order(file: pa.ChunkedArray, sources: Sequence[str]) -> pa.Array:
    """Return for each row the place of its file among the paths in order."""
    most = pc.max(file).as_py() if len(file) else 0
    paths = [sources[one] if one < len(sources) else "" for one in range(max(most or 0, 0) + 1)]
    places = {path: place for place, path in enumerate(sorted(set(paths)))}
    ranks = pa.array([places[path] for path in paths], pa.int32())
    return ranks.take(pc.max_element_wise(flat(file), 0))
