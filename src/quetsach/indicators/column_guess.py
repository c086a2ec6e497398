"""Guesses the column map of a table, for a person to review, correct and save."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import get_args

from quetsach.decoding import decode
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.formats.csv_table import CsvLayout, sniff, table_of
from quetsach.indicators.formats.mapped_table import table_rows
from quetsach.indicators.model import IndicatorKind
from quetsach.indicators.options import (
    ColumnMap,
    ListOptions,
    RefusalReason,
    TableMarks,
    ValueColumn,
    ValueKind,
    What,
)
from quetsach.indicators.read import read_raw
from quetsach.indicators.values import parse_value
from quetsach.texts import _

SAMPLE = 200
"""The number of rows from which the columns are guessed."""

_TITLES = 20
_KIND_OF = {IndicatorKind.NETWORK: "address"}


@dataclass(frozen=True)
class ColumnGuess:
    """The guessed map, and the first rows of the table below its headings.

    Shapes: `headings` are as they are written, and "1", "2" ... for a table without any.
    """

    column_map: ColumnMap
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def guess_columns(path: Path, *, sender: str = "") -> ColumnGuess:
    """Return the guessed map of the table in `path`, text or workbook.

    Errors: QuetsachError E202 where it cannot be read or is no table of indicators; E410 to E419
    for a workbook.
    """
    raw = read_raw(path)
    name = sender or path.stem
    text = decode(raw)
    if text is None:
        sheet, rows = _sheet_rows(raw, path.name)
        return guess_of_rows(rows, name=name, file=path, sheet=sheet)
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    table = sniff(lines[:SAMPLE], _is_value, named_csv=True)
    if table is None:
        raise QuetsachError("E202", str(path), reason=_("it is not a table"))
    cells = [list(row.cells) for row in islice(table_rows(text, table.delimiter), SAMPLE)]
    return guess_of_rows(cells, name=name, file=path, delimiter=table.delimiter)


def guess_of_rows(
    rows: Sequence[Sequence[str]], *, name: str, file: Path, delimiter: str = "", sheet: str = ""
) -> ColumnGuess:
    """Return the guessed map of a table whose first rows these are; titles may precede it.

    Errors: QuetsachError E202 where no column holds indicators.
    """
    filled = [list(row) for row in rows if sum(bool(cell.strip()) for cell in row) > 1]
    widest = max(map(len, filled), default=0)
    begin = next((n for n, row in enumerate(filled[:_TITLES]) if _width(row) == widest), 0)
    table = table_of(filled[begin:], delimiter, _is_value) if filled else None
    if table is None or table.value is None:
        raise QuetsachError("E202", str(file), reason=_("no column contains indicators"))
    head = filled[begin]
    # A row of one cell above the header is a title; below it is a value without further columns.
    below = islice(rows, list(map(list, rows)).index(head) + table.header, None)
    body = [list(row) for row in below if any(cell.strip() for cell in row)]
    headings = tuple(head) if table.header else tuple(str(n + 1) for n in range(len(head)))
    while table.header and headings and not headings[-1].strip():
        headings = headings[:-1]
    column_map = ColumnMap(
        sender=name,
        recognise=_marks(table, headings, file),
        value=tuple(
            ValueColumn(_column(n, table, headings), _kind(n, body))
            for n in (table.value, *table.more)
        ),
        columns={
            what: _column(table.others[what], table, headings)
            for what in get_args(What)
            if what in table.others
        },
        delimiter=delimiter,
        sheet=sheet,
    )
    return ColumnGuess(column_map, headings, tuple(tuple(row) for row in body[:3]))


def _marks(table: CsvLayout, headings: tuple[str, ...], file: Path) -> TableMarks:
    if table.header:
        return TableMarks(headings=tuple(heading.strip() for heading in headings))
    return TableMarks(file_name=file.name)


def _column(number: int, table: CsvLayout, headings: tuple[str, ...]) -> str | int:
    named = table.header and number < len(headings) and headings[number].strip()
    is_alone = (
        named and [heading.strip() for heading in headings].count(headings[number].strip()) == 1
    )
    return headings[number].strip() if is_alone else number + 1


def _kind(column: int, body: Sequence[Sequence[str]]) -> ValueKind:
    """Return the kind that all values of the column are of, or "any"."""
    kinds = {
        _KIND_OF.get(parsed.kind, parsed.kind.value)
        for row in body
        if column < len(row)
        for parsed in parse_value(row[column], ListOptions()).values
    }
    names = [name for name in get_args(ValueKind) if kinds == {name}]
    return names[0] if names else "any"


def _width(row: Sequence[str]) -> int:
    return max((n + 1 for n, cell in enumerate(row) if cell.strip()), default=0)


def _is_value(cell: str) -> bool:
    return parse_value(cell, ListOptions()).reason not in (
        RefusalReason.UNPARSABLE,
        RefusalReason.EMPTY,
    )


def _sheet_rows(raw: bytes, name: str) -> tuple[str, list[list[str]]]:
    """Return the name and the first rows of the sheet that has most of them."""
    from quetsach.readers.contract import BlockKind
    from quetsach.readers.read import read_paper

    paper = read_paper(raw, name)
    sheets: dict[str, list[list[str]]] = {}
    for block in paper.blocks:
        if block.kind is BlockKind.ROW:
            sheets.setdefault(block.place.sheet, []).append(list(block.cells))
    if not sheets:
        raise QuetsachError("E202", name, reason=_("it is not a table"))
    sheet = max(sheets, key=lambda name: len(sheets[name]))
    return sheet, sheets[sheet][:SAMPLE]
