"""Tables of notices: Shadowserver reports, CSV, and tables in a PDF, Word, Excel or mail.

Source: Shadowserver writes times in UTC without an offset, and masks addresses of its sinkholes.
A table in a document seldom names its time zone: the zone of the authority is used, and reported.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from itertools import groupby

from quetsach.errors.catalogue import N_
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.notices.formats.contract import (
    NoticeFormat,
    NoticeOptions,
    NoticeRecord,
    NoticeSource,
)
from quetsach.notices.formats.json import INTELMQ, N6, XARF, XARF_OLD, json_values
from quetsach.notices.headings import NoticeColumns, NoticeField, columns_of, folded
from quetsach.readers.contract import BlockKind, BlockPlace, DocumentBlock
from quetsach.readers.read import read_paper, reader_of

_DELIMITERS = ",;\t|"
_HEAD_LINES = 30
_LONGEST_CELL = 2_000
_LONGEST_LINE = 1_000_000


class TextNotices:
    """A table of notices in a text file."""

    name = "table"
    title = N_("Shadowserver reports and other CSV tables of notices")

    def read(self, source: NoticeSource) -> Iterator[NoticeRecord] | None:
        """Return a record for each row below the headings, or None where there are none."""
        if source.text is None or source.values is not None:
            return None
        found = _headings(source.text)
        if found is None:
            return None
        number, delimiter, columns = found
        return _rows(source.text, number, delimiter, columns, source.options)


def _headings(text: str) -> tuple[int, str, NoticeColumns] | None:
    for number, line in enumerate(_lines(text), start=1):
        if number > _HEAD_LINES:
            return None
        for delimiter in _DELIMITERS:
            if delimiter in line:
                columns = columns_of(_cells(line.lstrip("# "), delimiter) or [])
                if columns is not None:
                    return number, delimiter, columns
    return None


def _lines(text: str) -> Iterator[str]:
    return (line.rstrip("\n") for line in io.StringIO(text, newline="\n"))


def _cells(line: str, delimiter: str) -> list[str] | None:
    if len(line) > _LONGEST_LINE:
        return None
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return None


def _rows(
    text: str, heading: int, delimiter: str, columns: NoticeColumns, options: NoticeOptions
) -> Iterator[NoticeRecord]:
    width = len(columns.names)
    for number, line in enumerate(_lines(text), start=1):
        # Whoever puts two exports behind each other repeats the headings.
        if number <= heading or not line.strip(delimiter + " "):
            continue
        cells = _cells(line, delimiter)
        if cells is None:
            reason = "too-long" if len(line) > _LONGEST_LINE else "unreadable"
            yield NoticeRecord(reason=reason, excerpt=line, row=number)
        elif tuple(one.strip() for one in cells) == columns.names:
            yield NoticeRecord(reason="heading", excerpt=line, row=number)
        elif len(cells) > width and any(one.strip() for one in cells[width:]):
            yield NoticeRecord(reason="unreadable", excerpt=line, row=number)
        else:
            yield record_of(cells, columns, options, excerpt=line, row=number)


def record_of(
    cells: Sequence[str],
    columns: NoticeColumns,
    options: NoticeOptions,
    *,
    excerpt: str,
    row: int | None,
    place: str = "",
) -> NoticeRecord:
    """Return the record of one row under known headings."""
    fields = {
        field: cells[at].strip()[:_LONGEST_CELL]
        for field, at in columns.places
        if at < len(cells) and cells[at].strip()
    }
    clock = fields.pop(NoticeField.CLOCK, "")
    if clock and ":" not in fields.get(NoticeField.TIME, ""):
        fields[NoticeField.TIME] = f"{fields.get(NoticeField.TIME, '')} {clock}".strip()
    raw = tuple(
        (name, cell.strip()[:200])
        for name, cell in zip(columns.names, cells, strict=False)
        if cell.strip()
    )
    zone = options.local if columns.is_vietnamese else UTC
    return NoticeRecord(fields, excerpt=excerpt, zone=zone, place=place, row=row, raw=raw)


TEXT_FORMS: tuple[NoticeFormat, ...] = (XARF, XARF_OLD, N6, INTELMQ, TextNotices())
"""Forms of notices that are text, whether they come alone or in a mail or an archive."""

_MARKS = frozenset({"stt", "tt", "no", "no.", "#", "so tt", "so thu tu"})


class DocumentNotices:
    """A table of notices in a document."""

    name = "paper"
    title = N_("lists of a unit's addresses in a letter, a PDF or a sheet")

    def read(self, source: NoticeSource) -> Iterator[NoticeRecord] | None:
        """Return a record for each row of its tables of notices, or None where it has none.

        Errors: E410 to E419 for a document of which nothing can be read, or no notice where
        parts of it could not be.
        """
        if reader_of(source.raw, source.name, text=False) is None:
            return None
        paper = read_paper(source.raw, source.name)
        records = [
            *_records(paper.blocks, source.options),
            *_of_text(paper.blocks, source.options),
        ]
        if not records:
            _raise_unread(paper.problems)
            return None
        return iter([*records, *(NoticeRecord(problem=one) for one in paper.problems)])


def _raise_unread(problems: Sequence[Problem]) -> None:
    """Raise the first problem that may have hidden the notices, such as a page that is a picture.

    Macros (E415) and old fonts (E419) hide nothing.
    """
    for one in problems:
        if one.code not in ("E415", "E419"):
            raised = QuetsachError(one.code, one.where)
            raised.problem = one
            raise raised


def _records(blocks: Sequence[DocumentBlock], options: NoticeOptions) -> Iterator[NoticeRecord]:
    columns: NoticeColumns | None = None
    table: tuple[str, str, int | None] | None = None
    for block in blocks:
        if block.kind is not BlockKind.ROW:
            continue
        cells = [" ".join(cell.split()) for cell in block.cells]
        here = (block.place.part, block.place.sheet, block.place.table)
        found = columns_of(cells)
        if found is not None:
            columns, table = found, here
            continue
        # A table that continues on the next page is read as another table of the same width.
        if columns is None or (here != table and len(cells) != len(columns.names)):
            continue
        if _is_empty(cells) or _numbers_columns(cells):
            continue
        yield record_of(
            cells,
            columns,
            options,
            excerpt=" | ".join(cells),
            row=block.place.row,
            place=_shown(block.place),
        )


def _of_text(blocks: Sequence[DocumentBlock], options: NoticeOptions) -> Iterator[NoticeRecord]:
    """Yield the records of tables that are text: a CSV in an archive, or attached to a mail."""
    plain = (one for one in blocks if one.kind is BlockKind.PARAGRAPH)
    for part, lines in groupby(plain, key=lambda one: one.place.part):
        if not part:
            continue
        text = "\n".join(one.text for one in lines)
        values = json_values(text)
        source = NoticeSource(part, b"", text, values, options)
        for form in TEXT_FORMS:
            found = form.read(source)
            if found is not None:
                yield from (replace(one, place=part) for one in found)
                break


def _is_empty(cells: Sequence[str]) -> bool:
    """Return whether a row holds nothing beside its own number."""
    return not any(cell for cell in cells[1:])


def _numbers_columns(cells: Sequence[str]) -> bool:
    """Return whether a row only numbers the columns, as forms do: (1) (2) (3)."""
    plain = [folded(cell).strip("()") for cell in cells]
    return plain == [str(number) for number in range(1, len(cells) + 1)] or (
        plain[0] in _MARKS and len(set(plain)) == 1
    )


def _shown(place: BlockPlace) -> str:
    parts = (
        place.part,
        place.sheet,
        "" if place.page is None else f"p. {place.page}",
        "" if place.table is None else f"table {place.table}",
    )
    return ", ".join(part for part in parts if part)
