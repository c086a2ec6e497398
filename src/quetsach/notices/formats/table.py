"""Tables as text: Shadowserver's reports, CSV with its names of columns or Vietnamese headings.

Source: Shadowserver writes times in UTC without an offset, and masks addresses of its sinkholes.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC

from quetsach.errors.catalogue import N_
from quetsach.notices.formats.contract import NoticeOptions, NoticeRecord, NoticeSource
from quetsach.notices.headings import NoticeColumns, NoticeField, columns_of

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
