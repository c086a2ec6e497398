"""Tables with a header of names, as programs export them: each row is a document by these names.

An export of Splunk or Elastic holds the raw line in one of its columns; others, such as tables of
forensic tools, hold the fields themselves.
"""

import re
from collections.abc import Iterable
from datetime import UTC

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.dialects.tokens import split_row
from quetsach.formats.line_forms import form_of, read_layers
from quetsach.formats.shared import values
from quetsach.formats.shared.peeling import NO_LAYER, peel_document
from quetsach.formats.shared.text_lines import first_lines
from quetsach.sieve.contract import LineClock

_SEPARATORS = (",", ";", "\t", "|")
_NAME = re.compile(r"[A-Za-z_@#][\w .@/()#:\-]{0,79}")
_AWS = re.compile(r"(?:\A| )(?:pkt-)?srcaddr(?: |\Z)")
_ROWS = 8
_LONGEST = 64 * 1024


class CsvDocuments:
    """Rows under a header of names, each read by the form that its columns or its raw line have."""

    name = "csv-rows"
    title = N_("Table with a header (CSV export)")
    reads = N_("the raw line in a column of an export, or the columns by their names")

    def recognise(self, head: bytes) -> bool:
        """Return whether the first line names columns, and a row under it is of a known form."""
        lines = list(first_lines(head))[: _ROWS + 1]
        if len(lines) < 2:
            return False
        separator, *names = _header(lines[0]) or [""]
        if not names:
            return False
        documents = [_document(line, separator, names) for line in lines[1:]]
        return any(
            form_of(peel_document(document, UTC, None)) is not None
            for document in documents
            if document is not None
        )

    def layout(self, head: bytes) -> LogLayout:
        """Return the separator and the names, and the hour where the first column is the time."""
        lines = list(first_lines(head))
        header = _header(lines[0] if lines else b"") or []
        clock = _clock(lines[1 : _ROWS + 1], *header) if header else None
        return LogLayout("csv", columns=tuple(header), clock=clock)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a row; a row with another number of cells is a reject."""
        rows = ParsedLines()
        separator, *names = layout.columns or ("",)
        for offset, line in rows.filled(lines):
            if names and _header(line) == [separator, *names]:
                rows.skipped.append(offset)
                continue
            document = _document(line, separator, names) if names else None
            record = None
            if document is not None:
                layers = peel_document(document, zone, layout.taken_us)
                record = read_layers(layers, zone, layout.taken_us)
            if record is None:
                rows.reject(offset, "no-row" if document is None else "no-contact", line)
            else:
                rows.add(offset, record)
        return rows


def _clock(lines: Iterable[bytes], separator: str, *names: str) -> LineClock | None:
    """Return where the rows carry their hour, by those of a known form, as they are in UTC."""
    # Every sweep asks this form whether a log is one of its own; few are.
    from quetsach.formats.dialects.line_clocks import ReadLine, row_clock

    read = []
    for line in lines:
        document = _document(line, separator, list(names))
        record = read_layers(peel_document(document, UTC, None), UTC, None) if document else None
        if record is not None:
            read.append(ReadLine(line, NO_LAYER, record))
    return row_clock(read)


def _header(line: bytes) -> list[str] | None:
    """Return separator and names, where all cells of `line` are names, each once."""
    text = values.as_text(line[:_LONGEST]).strip("\ufeff\r\n ")
    separator = max(_SEPARATORS, key=text.count)
    if separator not in text and _AWS.search(text):
        # The only table here that has blanks between its columns.
        separator = " "
    names = split_row(text, separator) if separator in text else []
    good = len(names) >= 2 and all(map(_NAME.fullmatch, names)) and len({*names}) == len(names)
    return [separator, *names] if good else None


def _document(line: bytes, separator: str, names: list[str]) -> dict[str, str] | None:
    cells = split_row(values.as_text(line[:_LONGEST]).rstrip("\r\n"), separator)
    if len(cells) != len(names):
        return None
    return {name: cell for name, cell in zip(names, cells, strict=True) if cell}
