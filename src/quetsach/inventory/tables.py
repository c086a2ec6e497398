"""The tables of a file: rows of cells, each with its number, merged cells filled in where asked.

Text is read here; every other kind of document in a process of its own (see `papers`).
"""

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from quetsach.decoding import decode
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.inventory.cells import LONGEST_CELL
from quetsach.readers.contract import BlockKind, MergedCells, ReadDocument, ReadLimits

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_CELLS = 256
"""What follows so many cells of a row is not looked at."""

LONGEST_LINE = 256 * 1024
MOST_LINES = 20
"""A row of more lines has a quotation mark that was never closed; its lines are read singly."""

_SAMPLE = 200
_SEPARATORS = ";\t,|"
_LIMITS = ReadLimits(bytes_in=MOST_BYTES, blocks=MOST_ROWS, seconds=180.0, ocr_pages=0)


@dataclass(frozen=True)
class TableLine:
    """One row of a table: its number, 1 = first, and its cells; `fault` says what is wrong."""

    number: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True)
class SheetTable:
    """The rows of one sheet, and which of its cells are merged; `sheet` is "" for a text."""

    sheet: str
    lines: tuple[TableLine, ...]
    merged: tuple[MergedCells, ...] = ()


@dataclass(frozen=True)
class SheetTables:
    """All tables of a file, and what of the file could not be read."""

    tables: tuple[SheetTable, ...]
    unread: tuple[Problem, ...] = ()


@dataclass
class MergedCellRows:
    """What merged cells say of the rows below their first, requested in the order of the rows."""

    merged: tuple[MergedCells, ...]
    _starts: dict[int, dict[int, int]] = field(init=False)
    _open: dict[int, tuple[int, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._starts = defaultdict(dict)
        for one in self.merged:
            if one.last_row > one.first_row and one.first_column < MOST_CELLS:
                self._starts[one.first_row][one.first_column] = one.last_row

    def filled(self, line: TableLine, columns: Set[int]) -> tuple[str, ...]:
        """Return the cells of `line`, those at the places `columns` filled by what covers them."""
        for column, last in self._starts.get(line.number, {}).items():
            text = line.cells[column] if column < len(line.cells) else ""
            self._open[column] = (last, text)
        cells = list(line.cells)
        for column, (last, text) in list(self._open.items()):
            if line.number > last:
                del self._open[column]
            elif column in columns:
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cells[column] or text
        return tuple(cells)


def tables_of(path: Path, code: str) -> SheetTables:
    """Return the tables of a file.

    Errors: QuetsachError with `code` for a file that cannot be opened or is too large; E410 to
    E419 for a document of which nothing can be read.
    """

    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise QuetsachError(code, str(path), reason=f"{size:,} > {MOST_BYTES:,} bytes")
        raw = path.read_bytes()
    except OSError as error:
        raise QuetsachError(code, str(path), reason=error.strerror or str(error)) from error
    return tables_in(raw, str(path))


def tables_in(raw: bytes, name: str, limits: ReadLimits = _LIMITS) -> SheetTables:
    """Return the tables of the file `raw` that is called `name`.

    Errors: QuetsachError E410 to E419 for a document of which nothing can be read.
    """
    if len(raw) > limits.bytes_in:
        raise QuetsachError("E413", name, limit=f"{limits.bytes_in:,} bytes")
    text = None if _is_marked_up(raw) else decode(raw)
    if text is None:
        from quetsach.readers.read import read_paper

        return _of_paper(read_paper(raw, name, limits))
    return SheetTables((SheetTable("", tuple(_lines(unicodedata.normalize("NFC", text)))),))


def _is_marked_up(raw: bytes) -> bool:
    # Many systems export "Excel" files that are HTML.
    return (
        raw[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doc", b"<tab"))
    )


def _of_paper(paper: ReadDocument) -> SheetTables:
    lines: dict[str, list[TableLine]] = {}
    for block in paper.blocks:
        if block.kind is BlockKind.ROW:
            place = block.place
            named = (place.part, place.sheet, "" if place.table is None else str(place.table))
            sheet = "/".join(filter(None, named))
            number = len(lines.get(sheet, ())) + 1 if place.row is None else place.row
            lines.setdefault(sheet, []).append(TableLine(number, block.cells[:MOST_CELLS]))
    merged: dict[str, list[MergedCells]] = defaultdict(list)
    for one in paper.merged:
        merged[one.sheet].append(one)
    tables = (SheetTable(sheet, tuple(rows), tuple(merged[sheet])) for sheet, rows in lines.items())
    return SheetTables(tuple(tables), paper.problems)


def _lines(text: str) -> Iterator[TableLine]:
    lines = text.split("\n")
    separator = _separator(lines[:_SAMPLE])
    at = 0
    while at < min(len(lines), MOST_ROWS):
        if len(lines[at]) > LONGEST_LINE:
            yield TableLine(at + 1, (), "too-long")
            at += 1
            continue
        if not lines[at].strip():
            at += 1
            continue
        cells, taken = _record(lines, at, separator)
        yield TableLine(at + 1, cells, "unreadable" if taken == 0 else "")
        at += max(1, taken)
    if at < len(lines):
        yield TableLine(at + 1, (), "too-long")


def _record(lines: list[str], at: int, separator: str) -> tuple[tuple[str, ...], int]:
    """Return the cells of the record that begins in line `at`, and how many lines it takes.

    A quotation mark that nothing closes counts as a sign like others: then 0 lines.
    """
    near = takewhile(lambda one: len(one) <= LONGEST_LINE, lines[at : at + MOST_LINES])
    fed = (f"{one}\n" for one in near)
    reader = csv.reader(fed, delimiter=separator, strict=True)
    try:
        cells = next(reader)
        line_count = reader.line_num
    except csv.Error:
        cells = lines[at].split(separator)
        line_count = 0
    return tuple(cell.rstrip("\n")[:LONGEST_CELL] for cell in cells[:MOST_CELLS]), line_count


def _separator(sample: list[str]) -> str:
    """Return the sign that parts the cells of most lines into the same, large number."""

    def worth(sign: str) -> tuple[int, int]:
        counts = [n for one in sample if (n := one[:LONGEST_LINE].count(sign))]
        usual = max(set(counts), key=counts.count, default=0)
        return counts.count(usual) * min(usual, MOST_CELLS), -_SEPARATORS.index(sign)

    return max(_SEPARATORS, key=worth)
