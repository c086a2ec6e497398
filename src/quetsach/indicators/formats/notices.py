"""Notices of infected addresses: Shadowserver reports, Spamhaus CERT, Team Cymru, PROKI of CZ.NIC.

Each row is an event: this address of ours met a sinkhole, was scanned, or sent spam at that time.
It is a question for attribution, not an indicator. The other end is no indicator
either: a sinkhole is visited by researchers and scanners too, Shadowserver masks its address, and
the host asked for (`http_host`) is what the visitor wrote, which may be any well-known name. So
every such row is refused as context. Only a notice that names a controller or a phishing page among
the addresses (Team Cymru, PROKI) gives that one as an indicator.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from quetsach.errors.exceptions import Problem
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.feeds import objects_of, record_text
from quetsach.indicators.formats.headings import COMMENT, Header, cells_of, headers_of
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.formats.records import Record, field_name, record_of
from quetsach.indicators.model import NO_CLAIM, Claim, IndicatorClass
from quetsach.indicators.options import RefusalReason

_SHADOWSERVER = ({"timestamp", "asn", "geo"}, {"naics", "sector", "region", "city"})
_CYMRU = ({"category", "address", "asn", "timestamp"}, {"report", "ip", "asn", "timestamp"})
_CERT = {"ip", "botname", "remote_ip"}
_EVENT = {"classification_type", "source_ip"}
_CLASSES = {
    "controller": IndicatorClass.C2,
    "controllers": IndicatorClass.C2,
    "c2_server": IndicatorClass.C2,
    "phishing": IndicatorClass.PHISHING,
    "malware_distribution": IndicatorClass.DOWNLOAD,
}
_FAMILY = re.compile(r"(?:family:\s*|mwtype\s+)([\w.-]{1,80})")
_URL = re.compile(r"https?://[^\s;|]{1,2000}", re.IGNORECASE)


class Notices:
    """A report of events on our own side."""

    name = "notice"
    title = "Notices of infected addresses (Shadowserver, Spamhaus CERT, Team Cymru, PROKI)"
    reads = "controllers and phishing pages that a notice names; the victims are context"

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each event, or None for what is no such report."""
        rows = _table_rows(file) or _event_rows(file)
        if rows is None:
            return None
        list_rows = list(rows)
        if all(row.refused is RefusalReason.CONTEXT for row in list_rows):
            return FormReading(list_rows, problems=(Problem("E219", file.name),))
        return FormReading(list_rows)


def _table_rows(file: ListFile) -> Iterable[ListRow] | None:
    for header in headers_of(file):
        names = set(header.names)
        shadow = _SHADOWSERVER[0] <= names and bool(_SHADOWSERVER[1] & names)
        if (shadow and names & {"ip", "src_ip"}) or names >= _CERT:
            return notice_rows(file.lines(), header)
        if any(required <= names for required in _CYMRU):
            return notice_rows(file.lines(), header)
    return None


def notice_rows(lines: Iterator[str], header: Header) -> Iterator[ListRow]:
    """Return a row for each event of a table."""
    to_skip = not header.in_comment
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith(COMMENT):
            continue
        if to_skip:
            to_skip = False
            continue
        cells = cells_of(text, header.delimiter)
        if cells is None:
            yield ListRow(number, text, text, refused=RefusalReason.UNPARSABLE)
        else:
            yield _row(number, text, record_of(header.names, cells))


def _event_rows(file: ListFile) -> Iterable[ListRow] | None:
    records = [_record(record) for record, _is_source in objects_of(file.json)]
    if not any(set(record) >= _EVENT for record in records):
        return None
    events = enumerate((record for record in records if set(record) >= _EVENT), start=1)
    return [_row(number, record_text(event), event) for number, event in events]


def _record(json_object: dict[str, Any]) -> Record:
    return {
        field_name(name): str(content)
        for name, content in json_object.items()
        if content is not None
    }


def _row(number: int, text: str, record: Record) -> ListRow:
    category = next(
        (record[name] for name in ("category", "report", "classification_type") if name in record),
        "",
    )
    of_class = _CLASSES.get(field_name(category))
    # An event names its own side first; without one of these words it names the observed host.
    if of_class is None or not set(record) & {"category", "report", "classification_type"}:
        return ListRow(number, text, text, refused=RefusalReason.CONTEXT)
    remark = record.get("optional_information", record.get("comments", ""))
    family = _FAMILY.search(remark)
    claim = Claim(
        of_class=of_class,
        family=family.group(1) if family else record.get("malware_name", "")[:LONGEST_LABEL],
        label=remark[:LONGEST_LABEL],
    )
    value = _value(of_class, remark, record)
    if value is None:
        return ListRow(number, text, text, refused=RefusalReason.CONTEXT)
    return ListRow(number, text, value, claim=NO_CLAIM if claim == NO_CLAIM else claim)


def _value(of_class: IndicatorClass, remark: str, record: Record) -> str | None:
    url = _URL.search(record.get("source_url", remark))
    if url is not None:
        return url.group()
    # A page without its address: the machine that served it may be a hacked site.
    if of_class is not IndicatorClass.C2:
        return None
    return next((record[name] for name in ("address", "ip", "source_ip") if name in record), None)
