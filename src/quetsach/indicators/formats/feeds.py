"""Feeds and reports in JSON: every object whose fields hold an indicator by their names.

It is tried after the forms with a JSON schema of their own (STIX, MISP).
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from quetsach.clocks import Zone
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.headings import COMMENT, Header, cells_of, headers_of
from quetsach.indicators.formats.records import (
    VALUES,
    Record,
    field_name,
    is_nothing,
    record_of,
    record_rows,
)
from quetsach.indicators.options import RefusalReason
from quetsach.indicators.values import parse_value

_MOST_TEXT = 400
_SOURCE = re.compile(r"reference|source|link|advisor")


class FeedJson:
    """A feed as JSON: one value, or one object a line."""

    name = "feed-json"
    title = "Feeds in JSON (URLhaus, Feodo, ThreatFox, Blueliv, sandbox reports)"
    reads = "each indicator of each object, with class, malware, port, confidence and state"

    def read(self, file: ListFile) -> FormReading | None:
        """Return the rows of each object, or None where none holds an indicator by its names."""
        document = file.json
        if document is None:
            return _read_lines(file)
        if (
            isinstance(document, list)
            and document
            and all(isinstance(part, str) for part in document)
        ):
            rows = (ListRow(number, part, part) for number, part in enumerate(document, start=1))
            return FormReading(rows)
        if _is_of_others(document):
            return None
        objects = [(_record(part), is_source) for part, is_source in objects_of(document)]
        if not any(VALUES & set(record) for record, _is_source in objects):
            return None
        return FormReading(list(_rows(objects, file.options.zone)))


def objects_of(document: Any) -> Iterator[tuple[dict[str, Any], bool]]:
    """Return every object within the JSON `document`, in the order in which they begin.

    Each comes with whether it lies under a name such as "references".
    """
    waiting: list[tuple[Any, bool]] = [(document, False)]
    while waiting:
        node, is_source = waiting.pop()
        if isinstance(node, dict):
            yield node, is_source
            inner = [(part, is_source or _is_source(name)) for name, part in node.items()]
        else:
            inner = [(part, is_source) for part in node] if isinstance(node, list) else []
        waiting.extend(reversed([pair for pair in inner if isinstance(pair[0], dict | list)]))


def _is_source(name: str) -> bool:
    return _SOURCE.search(name.lower()) is not None


def _is_of_others(document: Any) -> bool:
    """Return whether `document` is of STIX or MISP, which have forms of their own."""
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict):
        return False
    return first.get("type") == "bundle" or bool({"spec_version", "Event", "response"} & set(first))


def record_text(record: Record) -> str:
    """Return the record as a person reads it, cut to a line."""
    return ", ".join(f"{name}: {value}" for name, value in record.items())[:_MOST_TEXT]


def _record(json_object: dict[str, Any]) -> Record:
    record: dict[str, str] = {}
    for name, content in json_object.items():
        if isinstance(content, list) and content and all(isinstance(part, str) for part in content):
            record[field_name(name)] = ", ".join(content)
        elif isinstance(content, str | int | float) and not is_nothing(str(content).strip()):
            record[field_name(name)] = str(content).strip()
    return record


def _rows(objects: list[tuple[Record, bool]], zone: Zone) -> Iterator[ListRow]:
    number = 0
    # An object that looks like those with a value, but has none, is a refused row.
    records = [record for record, _is_source in objects]
    usual = {name for known in records if VALUES & set(known) for name in known} - VALUES
    for record, is_source in objects:
        if VALUES & set(record):
            number += 1
            for row in record_rows(number, record_text(record), record, zone):
                yield row._replace(refused=RefusalReason.REFERENCE) if is_source else row
        elif len(usual & set(record)) > 0.5 * len(record):
            number += 1
            yield ListRow(number, record_text(record), "", refused=RefusalReason.EMPTY)


def _read_lines(file: ListFile) -> FormReading | None:
    sample = [line.strip() for line in file.sample]
    good = sum(line.startswith("{") and line.endswith("}") for line in sample)
    if not good or good <= 0.5 * len(sample):
        return None
    if not any(VALUES & set(record or ()) for record in map(_of_line, sample)):
        return None
    return FormReading(_line_rows(file.lines(), file.options.zone))


def _line_rows(lines: Iterator[str], zone: Zone) -> Iterator[ListRow]:
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text:
            continue
        record = _of_line(text)
        if record is None:
            yield ListRow(number, text, text, refused=RefusalReason.UNPARSABLE)
        elif record.get("type") != "metadata":  # the last line of Spamhaus DROP
            yield from record_rows(number, text[:_MOST_TEXT], record, zone)


def _of_line(text: str) -> Record | None:
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return _record(document) if isinstance(document, dict) else None


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
            is_known = any(names <= set(header.names) for names in _KNOWN)
            if (is_known or header.in_comment) and _fits(header, file):
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
            yield ListRow(number, text, text, refused=RefusalReason.UNPARSABLE)
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
    return parse_value(cell, file.options).reason not in (
        RefusalReason.UNPARSABLE,
        RefusalReason.EMPTY,
    )
