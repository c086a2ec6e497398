"""Reads the simple rows of large lists a column at a time; all other rows one at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.indicator_set import BulkRows
from quetsach.indicators.model import NO_CLAIM, Claim
from quetsach.indicators.values import simple_values

FEWEST_BYTES = 100_000
"""In a smaller file reading row by row is as fast."""

_BETWEEN = "\x1f"
_AT_ONCE = 65_536
"""How many of the remaining lines are converted to text at a time."""


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
    lines = _lines(file)
    every = pc.is_valid(lines)
    nothing = pc.cast(pc.invert(every), pa.int32())
    return _sifted(file, lines, _Cut(every, lines, nothing, (NO_CLAIM,)))


def sift_table(file: ListFile, columns: BulkColumns) -> SiftedRows | None:
    """Return the rows of a table, or None where a record may go over several lines."""
    lines = _lines(file)
    quotes = pc.count_substring(lines, '"')
    if pc.any(pc.equal(pc.bit_wise_and(quotes, 1), 1)).as_py():
        return None
    good, bare = _one_shape(lines, quotes, columns)
    cells = pc.split_pattern(bare.filter(good), columns.delimiter)
    for column in columns.empty:
        blank = pc.equal(pc.list_element(cells, column), "")
        good, cells = pc.replace_with_mask(good, good, blank), cells.filter(blank)
    values = pc.list_element(cells, columns.value)
    # An empty column goes first, so that there is one even where no column is named.
    claim_cells = [
        pc.utf8_slice_codeunits(values, 0, 0),
        *(pc.list_element(cells, n) for n in columns.claim_columns),
    ]
    spoken = pc.binary_join_element_wise(*claim_cells, _BETWEEN)
    encoded = pc.dictionary_encode(spoken)
    claims = [
        columns.claim_of(texts.split(_BETWEEN)[1:]) for texts in encoded.dictionary.to_pylist()
    ]
    fit = pa.array([claim is not None for claim in claims], pa.bool_()).take(encoded.indices)
    return _sifted(
        file,
        lines,
        _Cut(
            pc.replace_with_mask(good, good, fit),
            values.filter(fit),
            encoded.indices.filter(fit),
            tuple(NO_CLAIM if claim is None else claim for claim in claims),
        ),
    )


@dataclass(frozen=True)
class _Cut:
    """Which lines were cut into cells; of those the value and the place of the claim."""

    good: Any
    values: Any
    claim_numbers: Any
    claims: tuple[Claim, ...]


def _lines(file: ListFile) -> Any:
    return pc.split_pattern(pa.scalar(file.text or ""), "\n").values


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


def _sifted(file: ListFile, lines: Any, cut: _Cut) -> SiftedRows:
    simple = simple_values(pc.utf8_trim_whitespace(cut.values), file.options)
    is_simple = pc.is_valid(simple.kinds)
    is_taken = pc.replace_with_mask(cut.good, cut.good, is_simple)
    bulk = BulkRows(
        file.name,
        file.sha256,
        simple.keys.filter(is_simple),
        simple.kinds.filter(is_simple),
        pc.add(pc.indices_nonzero(is_taken), 1),
        cut.claim_numbers.filter(is_simple),
        cut.claims,
        lines,
    )
    is_left = pc.and_not(pc.not_equal(pc.utf8_trim_whitespace(lines), ""), is_taken)
    return SiftedRows(bulk, _one_by_one(lines, pc.indices_nonzero(is_left)))


def _one_by_one(lines: Any, places: Any) -> Iterator[tuple[int, str]]:
    # All at once need about a hundred bytes a row: a list of blanks would fill the memory.
    for start in range(0, len(places), _AT_ONCE):
        some = places.slice(start, _AT_ONCE)
        yield from zip(pc.add(some, 1).to_pylist(), lines.take(some).to_pylist(), strict=True)
