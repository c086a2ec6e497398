"""Reads the simple rows of great lists a column at a time; what is left goes row by row."""

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
"""In a smaller file the plain way is as quick."""

_BETWEEN = "\x1f"
_AT_ONCE = 65_536
"""How many of the lines that are left are made into texts at a time."""


@dataclass(frozen=True)
class SiftedRows:
    """What was taken in bulk, and the (number, line) of each line that must be read by itself.

    Shapes: `rest` can be read once.
    """

    bulk: BulkRows
    rest: Iterable[tuple[int, str]]


@dataclass(frozen=True)
class BulkColumns:
    """Which columns of a table hold what, counted from 0.

    Shapes: `value` is the one taken; the texts of `said` go to `claim_of`, which returns None for
    a row that must be read by itself, as must one in which a column of `empty` is filled.
    """

    delimiter: str
    width: int
    value: int
    said: Sequence[int]
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
    # An empty column goes first, so that there is one even where none is said.
    said = [
        pc.utf8_slice_codeunits(values, 0, 0),
        *(pc.list_element(cells, n) for n in columns.said),
    ]
    spoken = pc.binary_join_element_wise(*said, _BETWEEN)
    told = pc.dictionary_encode(spoken)
    claims = [columns.claim_of(one.split(_BETWEEN)[1:]) for one in told.dictionary.to_pylist()]
    fit = pa.array([one is not None for one in claims], pa.bool_()).take(told.indices)
    return _sifted(
        file,
        lines,
        _Cut(
            pc.replace_with_mask(good, good, fit),
            values.filter(fit),
            told.indices.filter(fit),
            tuple(NO_CLAIM if one is None else one for one in claims),
        ),
    )


@dataclass(frozen=True)
class _Cut:
    """Which lines were cut into cells; of those the value and the place of the claim."""

    good: Any
    values: Any
    said: Any
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
    told = pc.is_valid(simple.kinds)
    taken = pc.replace_with_mask(cut.good, cut.good, told)
    bulk = BulkRows(
        file.name,
        file.sha256,
        simple.keys.filter(told),
        simple.kinds.filter(told),
        pc.add(pc.indices_nonzero(taken), 1),
        cut.said.filter(told),
        cut.claims,
        lines,
    )
    left = pc.and_not(pc.not_equal(pc.utf8_trim_whitespace(lines), ""), taken)
    return SiftedRows(bulk, _one_by_one(lines, pc.indices_nonzero(left)))


def _one_by_one(lines: Any, places: Any) -> Iterator[tuple[int, str]]:
    # All at once they would need some hundred bytes a row: a list of blanks would fill a machine.
    for start in range(0, len(places), _AT_ONCE):
        some = places.slice(start, _AT_ONCE)
        yield from zip(pc.add(some, 1).to_pylist(), lines.take(some).to_pylist(), strict=True)
