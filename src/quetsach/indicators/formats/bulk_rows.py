"""Reads the simple rows of large lists a column at a time; all other rows one at a time."""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.indicators.column_building import BulkRows
from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.indicator_columns import AS_ITS_KEY
from quetsach.indicators.model import NO_CLAIM, Claim
from quetsach.indicators.simple_values import simple_values

_BETWEEN = "\x1f"
_AT_ONCE = 65_536
"""How many of the remaining lines are converted to text at a time."""

_BLOCK = 1024 * 1024
"""How many bytes of a list are read at a time: what is made of them stays near the processor."""


@dataclass(frozen=True)
class SiftedRows:
    """The rows read in bulk, and the (number, line) of each line that must be read individually.

    Shapes: `rest` can be read once.
    """

    bulk: BulkRows
    rest: Iterable[tuple[int, str]]


@dataclass(frozen=True)
class BulkColumns:
    """Which columns of a table hold what, counted from 0.

    Shapes: `value` holds the indicators; the texts of `claim_columns` go to `claim_of`. A row for
    which that returns None, or in which a column of `empty` is filled, is read individually.
    """

    delimiter: str
    width: int
    value: int
    claim_columns: Sequence[int]
    empty: Sequence[int]
    claim_of: Callable[[Sequence[str]], Claim | None]


def sift_lines(file: ListFile) -> SiftedRows:
    """Return the rows of a list that has one value a line."""
    sifting = _Sifting(file)
    for block in _blocks(file.utf8 or b""):
        every = pc.is_valid(block.lines)
        nothing = pc.cast(pc.invert(every), pa.uint32())
        sifting.add(block, _Cut(every, block.lines, nothing))
    return sifting.sifted((NO_CLAIM,))


def sift_table(file: ListFile, columns: BulkColumns) -> SiftedRows | None:
    """Return the rows of a table, or None where a record may go over several lines."""
    sifting = _Sifting(file)
    numbers: dict[str, int | None] = {}
    claims: list[Claim] = [NO_CLAIM]
    for block in _blocks(file.utf8 or b""):
        quotes = pc.count_substring(block.lines, '"')
        if pc.any(pc.equal(pc.bit_wise_and(quotes, 1), 1)).as_py():
            return None
        good, bare = _one_shape(block.lines, quotes, columns)
        cells = pc.split_pattern(bare.filter(good), columns.delimiter)
        for column in columns.empty:
            blank = pc.equal(pc.list_element(cells, column), "")
            good, cells = pc.replace_with_mask(good, good, blank), cells.filter(blank)
        encoded = pc.dictionary_encode(_claim_texts(cells, columns))
        for text in encoded.dictionary.to_pylist():
            if text not in numbers:
                claim = columns.claim_of(text.split(_BETWEEN)[1:])
                numbers[text] = None if claim is None else len(claims)
                claims += [] if claim is None else [claim]
        told = pa.array([numbers[text] for text in encoded.dictionary.to_pylist()], pa.uint32())
        claim_numbers = told.take(encoded.indices)
        fit = pc.is_valid(claim_numbers)
        values = pc.list_element(cells, columns.value).filter(fit)
        cut = _Cut(pc.replace_with_mask(good, good, fit), values, claim_numbers.filter(fit))
        sifting.add(block, cut)
    return sifting.sifted(tuple(claims))


@dataclass(frozen=True)
class _Block:
    """Whole lines of a list.

    Shapes: `lines` without their ends; `starts` are their places in the file; the first line is
    number `number`, from 1.
    """

    lines: Any
    starts: Any
    number: int


@dataclass(frozen=True)
class _Cut:
    """Which lines were cut into cells; of those the value and the number of the claim."""

    good: Any
    values: Any
    claim_numbers: Any


def _blocks(text: bytes) -> Iterator[_Block]:
    whole, start, number = memoryview(text), 0, 1
    while start < len(text):
        end = text.find(b"\n", start + _BLOCK)
        end = len(text) if end < 0 else end
        ends = pa.py_buffer(struct.pack("=2q", 0, end - start))
        buffers = [None, ends, pa.py_buffer(whole[start:end])]
        lines = pc.split_pattern(pa.Array.from_buffers(pa.large_string(), 1, buffers), "\n").values
        count = len(lines)
        offsets = pa.Array.from_buffers(pa.int64(), count, [None, lines.buffers()[1]])
        # The ends of the lines before it stand between a line and the beginning.
        before = pc.add(pc.add(offsets, _counted(count)), start)
        yield _Block(lines, before, number)
        number, start = number + count, end + 1


def _counted(count: int) -> Any:
    return pc.indices_nonzero(pc.is_null(pa.nulls(count)))


def _claim_texts(cells: Any, columns: BulkColumns) -> Any:
    # An empty column goes first, so that there is one even where no column is named.
    values = pc.list_element(cells, columns.value)
    texts = [
        pc.utf8_slice_codeunits(values, 0, 0),
        *(pc.list_element(cells, number) for number in columns.claim_columns),
    ]
    return pc.binary_join_element_wise(*texts, pa.scalar(_BETWEEN, pa.large_string()))


def _one_shape(lines: Any, quotes: Any, columns: BulkColumns) -> tuple[Any, Any]:
    """Return which lines are one record without traps, and all lines without their quotes."""
    # "a","b" with every cell in quotes and no quote inside is as simple as a,b.
    between = f'"{columns.delimiter}"'
    framed = pc.and_(pc.starts_with(lines, '"'), pc.ends_with(lines, '"'))
    framed = pc.and_(framed, pc.equal(pc.count_substring(lines, between), columns.width - 1))
    framed = pc.and_(framed, pc.equal(quotes, 2 * columns.width))
    bare = lines
    if pc.any(framed).as_py():
        inside = pc.replace_substring(
            pc.utf8_slice_codeunits(lines, 1, -1), between, columns.delimiter
        )
        bare = pc.if_else(framed, inside, lines)
    good = pc.or_(pc.equal(quotes, 0), framed)
    fields = pc.count_substring(bare, columns.delimiter)
    good = pc.and_(good, pc.equal(fields, columns.width - 1))
    good = pc.and_not(good, pc.starts_with(lines, "#"))
    return pc.and_not(good, pc.match_substring(lines, _BETWEEN)), bare


class _Sifting:
    """The simple rows of a list as they are found, and the places of the other lines."""

    def __init__(self, file: ListFile) -> None:
        self._file = file
        self._taken: list[tuple[Any, ...]] = []
        self._left: list[tuple[Any, Any]] = []

    def add(self, block: _Block, cut: _Cut) -> None:
        """Take the rows of `block` that hold a simple value."""
        simple = simple_values(pc.utf8_trim_whitespace(cut.values), self._file.options)
        is_simple = pc.is_valid(simple.kinds)
        is_taken = pc.replace_with_mask(cut.good, cut.good, is_simple)
        keys = simple.keys.filter(is_simple)
        lines = block.lines.filter(is_taken)
        is_key = pc.equal(pc.ascii_trim_whitespace(lines), keys)
        places = pc.if_else(is_key, AS_ITS_KEY, block.starts.filter(is_taken))
        self._taken.append(
            (
                keys,
                simple.kinds.filter(is_simple),
                pc.cast(pc.add(pc.indices_nonzero(is_taken), block.number), pa.uint32()),
                cut.claim_numbers.filter(is_simple),
                pc.cast(places, pa.uint32()),
            )
        )
        is_left = pc.and_not(pc.not_equal(pc.utf8_trim_whitespace(block.lines), ""), is_taken)
        numbers = pc.add(pc.indices_nonzero(is_left), block.number)
        self._left.append((numbers, block.starts.filter(is_left)))

    def sifted(self, claims: tuple[Claim, ...]) -> SiftedRows:
        """Return all that was taken, and the other lines, which are read as they are asked for."""
        types = (pa.large_string(), pa.int8(), pa.uint32(), pa.uint32(), pa.uint32())
        keys, kinds, rows, claim_numbers, places = (
            pa.chunked_array([taken[n] for taken in self._taken], of_type)
            for n, of_type in enumerate(types)
        )
        self._taken.clear()
        needs_text = pc.any(pc.not_equal(places, AS_ITS_KEY)).as_py()
        text = self._file.utf8 or b""
        bulk = BulkRows(
            list_name=self._file.name,
            list_sha256=self._file.sha256,
            keys=keys,
            kinds=kinds,
            rows=rows,
            claim_numbers=claim_numbers,
            places=places,
            claims=claims,
            text=text if needs_text else b"",
        )
        return SiftedRows(bulk, _one_by_one(text, self._left))


def _one_by_one(text: bytes, left: Sequence[tuple[Any, Any]]) -> Iterator[tuple[int, str]]:
    # All at once need about a hundred bytes a row: a list of blanks would fill the memory.
    for numbers, starts in left:
        for begin in range(0, len(starts), _AT_ONCE):
            some = (column.slice(begin, _AT_ONCE).to_pylist() for column in (numbers, starts))
            for number, start in zip(*some, strict=True):
                end = text.find(b"\n", start)
                yield number, text[start : end if end >= 0 else len(text)].decode()
