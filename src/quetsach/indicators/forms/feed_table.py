"""Tables of feeds whose columns are named in a comment, as those of abuse.ch and DataPlane."""

from collections.abc import Iterator

from quetsach.clocks import Zone
from quetsach.indicators.forms.comment_header import COMMENT, Header, cells_of, headers_of
from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.records import VALUES, record_of, record_rows
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.options import Reason
from quetsach.indicators.parse_value import parse_value

# Some feeds of abuse.ch name their columns in a row of its own; these names are theirs alone.
_KNOWN = (
    {"dst_ip", "c2_status"},
    {"ioc_value", "ioc_type", "threat_type"},
    {"sha256_hash", "md5_hash", "signature"},
    {"url", "url_status", "threat"},
    {"listingdate", "sha1", "listingreason"},
)


class FeedTable:
    """A feed as a table."""

    name = "feed-table"
    title = "Tables of feeds (URLhaus, Feodo, ThreatFox, MalwareBazaar, SSLBL, DataPlane)"
    reads = "each indicator of a record, with class, malware, port, confidence and state"

    def read(self, file: ListFile) -> FormReading | None:
        """Return the rows of each record, or None where no comment names their columns."""
        for header in headers_of(file):
            if not set(header.names) & VALUES:
                continue
            known = any(names <= set(header.names) for names in _KNOWN)
            if (known or header.in_comment) and _fits(header, file):
                column = next(name for name in header.names if name in VALUES)
                return FormReading(table_rows(file.lines(), header, file.options.zone), column)
        return None


def table_rows(lines: Iterator[str], header: Header, zone: Zone) -> Iterator[ListRow]:
    """Return the rows of each record; comments, blank lines and the header are none."""
    to_skip = not header.in_comment
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith(COMMENT):
            continue
        if to_skip:
            to_skip = False
            continue
        cells = cells_of(text, header.delimiter)
        if cells is None or len(cells) < 2:
            yield ListRow(number, text, text, refused=Reason.UNPARSABLE)
        else:
            yield from record_rows(number, text, record_of(header.names, cells), zone)


def _fits(header: Header, file: ListFile) -> bool:
    """Return whether the columns of values hold some in many rows: a sentence is no header."""
    rows = [line for line in file.sample if not line.startswith(COMMENT)]
    rows = rows[0 if header.in_comment else 1 :]
    good = 0
    for line in rows:
        cells = cells_of(line.strip(), header.delimiter) or []
        record = record_of(header.names, cells)
        good += any(_is_value(record[name], file) for name in VALUES & set(record))
    return good > 0.3 * len(rows)


def _is_value(cell: str, file: ListFile) -> bool:
    return parse_value(cell, file.options).reason not in (Reason.UNPARSABLE, Reason.EMPTY)
