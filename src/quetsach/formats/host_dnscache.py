"""The names that a machine has queried: `ipconfig /displaydns`, Get-DnsClientCache, and the table
that quetsach-collect writes of the caches of Linux (systemd-resolved, unbound, dnsmasq).

`displaydns` prints a name, a rule of dashes, then labelled values, each on a line of its own, in
the language of Windows and a code page of DOS. So values are recognised by their shape: a name
without a label was asked for; behind a label with a record type there is an answer. No time is
given; the remaining lifetime of an answer is only a bound.
"""

import itertools
import re
from collections.abc import Iterable

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import collected, values
from quetsach.formats.shared.tables import heading_of, row_of
from quetsach.schema import Event

_NEEDED = ("Entry", "RecordName", "Data")
_ALL_PROPERTIES = ("Entry", "Data", "TimeToLive")
_LONGEST_LINE = 2048
_NAME = rb"[A-Za-z0-9_\x80-\xff-]+(?:\.[A-Za-z0-9_\x80-\xff-]+)+\.?"
_ASKED = re.compile(rb" {2,8}(" + _NAME + rb")\s*")
_DASHES = re.compile(rb" {2,8}-{10,}\s*")
_HOST = re.compile(_NAME)
# Every language keeps these, for they are names of record types: "A (Host) Record", "CNAME-...".
_ANSWER = re.compile(rb"(?<![A-Z])(CNAME|PTR|NS|SRV|MX|AAAA|A)(?![A-Za-z])")
_TYPES = {"1": "A", "2": "NS", "5": "CNAME", "12": "PTR", "15": "MX", "28": "AAAA", "33": "SRV"}
# DNS_ERROR_RCODE_NAME_ERROR and DNS_INFO_NO_RECORDS, winerror.h.
_CODES = {
    "0": "NOERROR",
    "Success": "NOERROR",
    "9501": "NOERROR",
    "NoRecords": "NOERROR",
    "9003": "NXDOMAIN",
    "NotExist": "NXDOMAIN",
}


class HostDnscache:
    """Reads the names that a machine has queried, and the answers."""

    name = "host-dnscache"
    title = N_("DNS cache of a machine")
    reads = N_("queried names and their answers; the time is that of the table")

    def recognise(self, head: bytes) -> bool:
        """Return whether it is a collected cache, an export, or a name above a rule of dashes."""
        held = collected.holds(head)
        if held is not None:
            return held == "dnscache"
        if _heading(head):
            return True
        lines = head.split(b"\n", 40)[:40]
        return any(
            _ASKED.fullmatch(one) and _DASHES.fullmatch(under)
            for one, under in itertools.pairwise(lines)
        )

    def layout(self, head: bytes) -> LogLayout:
        """Return the layout; with the names of the columns where it is a table."""
        return collected.layout_of("host.dnscache", head, _heading(head))

    relayout = staticmethod(collected.relayout)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a row, or one a line that asks or answers."""
        rows = ParsedLines()
        for offset, line in lines:
            is_table = bool(layout.columns[3:])
            # A name may begin with "#": whoever names a host so must not be passed over.
            if collected.is_comment(line) and not (is_table and b"\t" in line):
                rows.skipped.append(offset)
            elif is_table:
                _read_row(rows, offset, line, layout)
            else:
                _read_line(rows, offset, line, layout)
        return rows


def _heading(head: bytes) -> tuple[str, ...]:
    return heading_of(head, _NEEDED) or heading_of(head, _ALL_PROPERTIES) or ()


def _read_row(rows: ParsedLines, offset: int, line: bytes, layout: LogLayout) -> None:
    cells = row_of(line, layout.columns[3:])
    if cells is None or not cells["Entry"]:
        rows.reject(offset, "not-a-row", line)
        return
    if cells["Entry"] == "Entry":
        rows.skipped.append(offset)
        return
    event = collected.begin(layout, rough=True)
    event["event.type"] = "protocol"
    event["network.application"] = "dns"
    event["dns.question.name"] = _undotted(cells["Entry"])
    kind = cells.get("RecordType", cells.get("Type", ""))
    if kind:
        event["dns.question.type"] = _TYPES.get(kind, kind)[:20]
    status = cells.get("Status", "")
    if status:
        event["dns.response_code"] = _CODES.get(status, status)[:40]
    answers = [_undotted(cells["Data"])] if cells["Data"] else []
    # `Export-Csv` of all properties calls it Name.
    name = cells.get("RecordName", cells.get("Name", ""))
    if answers and name not in ("", cells["Entry"]):
        answers.insert(0, _undotted(name))
    if answers:
        event["dns.answers"] = answers
    rows.add(offset, event)


def _read_line(rows: ParsedLines, offset: int, line: bytes, layout: LogLayout) -> None:
    if len(line) > _LONGEST_LINE:
        rows.reject(offset, "too-long", line)
        return
    asked = _ASKED.fullmatch(line)
    event = None
    if asked is not None:
        event = _event("dns.question.name", asked[1], layout)
    elif (labelled := _label_and_value(line)) is not None:
        event = _labelled(*labelled, layout)
    if event is not None:
        rows.add(offset, event)
    else:
        rows.skipped.append(offset)


def _label_and_value(line: bytes) -> tuple[bytes, bytes] | None:
    """Return the parts of an indented line whose label is filled up with dots to its colon."""
    label, colon, answer = line.partition(b":")
    bare = label.rstrip(b" .")
    if not colon or not line.startswith(b"  ") or b"." not in label[len(bare) :]:
        return None
    return bare.strip(), answer.strip()


def _labelled(label: bytes, answer: bytes, layout: LogLayout) -> Event | None:
    """Return the event of a labelled line that holds an answer, None for any other.

    The record's own name is left out: it is the queried name, or the answer of a line before.
    """
    kind = _ANSWER.search(label)
    if kind is None:
        return None
    if values.address(values.as_text(answer)) is None and _HOST.fullmatch(answer) is None:
        return None
    event = _event("dns.answers", answer, layout)
    event["dns.question.type"] = kind[1].decode()
    return event


def _event(field: str, name: bytes, layout: LogLayout) -> Event:
    event = collected.begin(layout, rough=True)
    event["event.type"] = "protocol"
    event["network.application"] = "dns"
    text = _undotted(values.as_text(name))
    if field == "dns.answers":
        event["dns.answers"] = [values.address(text) or text]
    else:
        event["dns.question.name"] = text
    return event


def _undotted(name: str) -> str:
    return name.rstrip(".")
