"""W3C extended log files: a `#Fields:` line names the columns; a proxy, a web server, a gateway.

Each row becomes a document by these names, and is read by the dialect that knows them.
Source: W3C, Extended Log File Format (WD-logfile): dates and times are GMT.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.dialects.tokens import split_row
from quetsach.formats.line_forms import form_of, read_layers
from quetsach.formats.shared import values
from quetsach.formats.shared.peeling import peel_document
from quetsach.formats.shared.text_lines import first_lines
from quetsach.sieve.contract import LineClock

_HEADER = re.compile(rb"#\s?Fields:\s*(\S.*)", re.IGNORECASE)
_LONGEST = 64 * 1024
_HOUR = len("2026-09-01 08")
_ROWS = 8


class Elff:
    """A log whose own header names its columns."""

    name = "elff"
    title = N_("W3C extended log (IIS, Blue Coat, Zscaler and other gateways)")
    reads = N_("requests with the client and what was requested; columns by the #Fields line")

    def recognise(self, head: bytes) -> bool:
        """Return whether a header names columns that a dialect knows."""
        columns: tuple[str, ...] = ()
        rows = 0
        for line in first_lines(head):
            named = _columns(line)
            if named:
                columns = named
            elif columns and not line.startswith(b"#"):
                document = _document(line, columns)
                if document and form_of(peel_document(document, UTC, None)) is not None:
                    return True
                rows += 1
            if rows >= _ROWS:
                break
        return False

    def layout(self, head: bytes) -> LogLayout:
        """Return the columns of the first header."""
        columns = next((named for line in first_lines(head) if (named := _columns(line))), ())
        return _layout(columns)

    def relayout(self, line: bytes, layout: LogLayout) -> LogLayout | None:
        """Return the layout from a header in the middle of a file on."""
        columns = _columns(line)
        if not columns:
            return None
        return replace(layout, columns=columns, clock=_layout(columns).clock)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a row; one with other columns than the header's is a reject."""
        rows = ParsedLines()
        columns = layout.columns
        for offset, line in rows.filled(lines):
            if line.startswith(b"#"):
                rows.skipped.append(offset)
                columns = _columns(line) or columns
                continue
            document = _document(line, columns)
            record = None
            if document is not None:
                record = read_layers(peel_document(document, zone, layout.taken_us), zone, None)
            if record is None:
                rows.reject(offset, "no-row" if document is None else "no-contact", line)
            else:
                rows.add(offset, record)
        return rows


def _columns(line: bytes) -> tuple[str, ...]:
    match = _HEADER.match(line.lstrip(b"\xef\xbb\xbf")[:_LONGEST])
    if match is None:
        return ()
    names = values.as_text(match[1])
    return tuple(names.split("\t") if "\t" in names else names.split())


def _layout(columns: tuple[str, ...]) -> LogLayout:
    clock = LineClock(length=_HOUR) if columns[:2] == ("date", "time") else None
    return LogLayout("elff", columns=columns, clock=clock, header=b"#", utc=True)


def _document(line: bytes, columns: tuple[str, ...]) -> dict[str, str] | None:
    text = values.as_text(line[:_LONGEST]).rstrip("\r\n")
    cells = text.split("\t") if "\t" in text else split_row(text, " ")
    if len(cells) != len(columns) or not columns:
        return None
    return {name: cell.strip('"') for name, cell in zip(columns, cells, strict=True)}
