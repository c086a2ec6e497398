"""Windows events: Sysmon, DNS client and server, Filtering Platform, Defender, in JSON or XML.

Whoever ships them writes them in its own way (Winlogbeat, NXLog, Wazuh, EvtxECmd, evtx_dump,
Velociraptor, Get-WinEvent, Snare); shared/windows_record.py makes one record of all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values, windows_xml
from quetsach.formats.shared.text_lines import first_lines, object_of
from quetsach.formats.shared.windows_fields import event_of
from quetsach.formats.shared.windows_record import (
    WindowsRecord,
    record_of,
    record_of_snare,
    record_of_text,
    record_of_xml,
)
from quetsach.sieve.contract import LineClock

_BEGINS = re.compile(rb"<(?:\w{1,20}:)?Event[\s>]")
_ENDS = re.compile(rb"</(?:\w{1,20}:)?Event>")
# Each is a time with its offset; the local ones of NXLog come last. Not Sysmon's UtcTime, which is
# UTC without saying so.
_CLOCKS = (
    *(b'"systemTime":"', b'"SystemTime":"', b'"@timestamp":"'),
    *(b'SystemTime="', b"SystemTime='", b'"EventTime":"'),
)
# The sender of a contact, who is alive; the first address of a line may be anybody's.
_CLIENTS = (
    *(b'"SourceIp":"', b'"sourceIp":"', b'"SourceAddress":"', b"'SourceIp'>", b'"SourceIp">'),
    *(b"'SourceAddress'>", b'"SourceAddress">', b'"Source":"'),
)
_HOUR = len("2026-09-01T08")
_MOST_LINES = 400
_SNARE_TEXT = "MSWinEventLog"
_SNARE = _SNARE_TEXT.encode()


class WindowsEvents:
    """Events of the Windows event log, a line or an element each."""

    name = "windows-events"
    title = N_("Windows events (Sysmon, DNS, firewall, Defender) as JSON or XML")
    reads = N_(
        "connections, DNS questions, blocks, files and downloads with their program; the machine "
        "is the one that wrote the event; other events with time and machine"
    )

    def recognise(self, head: bytes) -> bool:
        """Return whether one of the first lines is a Windows event, or begins one as XML."""
        if b"<Event" in head and b"<EventID" in head and b"<System>" in head:
            return _BEGINS.search(head) is not None
        return any(_record(line) is not None for line in first_lines(head))

    def layout(self, head: bytes) -> LogLayout:
        """Return where the time is, and whether an event goes over several lines."""
        found = next((one for one in _CLOCKS if one in head[:65536]), None)
        client = next((one for one in _CLIENTS if one in head[:65536]), _CLIENTS[0])
        clock = None if found is None else LineClock(needle=found, length=_HOUR, client=client)
        begins = _first_of_several(head)
        return LogLayout("windows.event", clock=clock, record=begins)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a record; the further lines of a record are skipped."""
        rows = ParsedLines()
        if layout.record is None:
            for offset, line in rows.filled(lines):
                _read(rows, offset, line, zone)
            return rows
        for record in _records(lines, rows):
            offset, first = record[0]
            whole = first if len(record) == 1 else b"\n".join(line for _, line in record)
            _read(rows, offset, whole, zone)
            rows.skipped += [further for further, _ in record[1:]]
        return rows


def record_in(text: str, document: Mapping[str, Any] | None) -> WindowsRecord | None:
    """Return the Windows event that one layer of a line is; None where it is none.

    Shapes: `document` is the layer as JSON object or as a row with names, None for a text.
    """
    if document is not None:
        # Most documents of a central log are of others, and looking into one costs time.
        return (
            None if _HINTS.isdisjoint(document) and not _hinted(document) else record_of(document)
        )
    return record_of_text(text) if _SNARE_TEXT in text or windows_xml.is_event(text) else None


_PERSONS = frozenset(
    {
        *("user", "username", "subjectusername", "targetusername", "accountname", "parentuser"),
        *("membername", "detectionuser", "remediationuser", "targetoutboundusername", "caller"),
        *("samaccountname", "displayname", "userprincipalname", "newtargetusername", "sourceuser"),
        *("oldtargetusername", "targetuser", "param1"),
    }
)


def persons_of(text: str, document: Mapping[str, Any] | None) -> set[str]:
    """Return the accounts that one layer of a line names, where it is a Windows event.

    Shapes: with its domain and without. The account of a machine ends with a dollar: no person.
    """
    record = record_in(text, document)
    if record is None:
        return set()
    accounts = {
        written
        for name, written in record.details.items()
        if name in _PERSONS and not written.endswith("$")
    }
    return accounts | {written.rpartition("\\")[2] for written in accounts}


def _hinted(document: Mapping[str, Any]) -> bool:
    return any(key.startswith(_HINT_BEGINS) for key in document)


_HINTS = frozenset(
    {
        *("EventID", "EventId", "event_id", "EventCode", "Event", "System", "winlog", "win"),
        *("ProviderName", "_EventID", "InterfaceIP", "SyslogMessage", "data"),
    }
)
_HINT_BEGINS = ("winlog", "_winlog", "data.win")


def _read(rows: ParsedLines, offset: int, line: bytes, zone: Zone) -> None:
    record = _record(line)
    if record is not None:
        rows.add(offset, event_of(record, zone))
    elif _is_frame(line):
        rows.skipped.append(offset)
    else:
        rows.reject(offset, "not-a-windows-event", line)


def _is_frame(line: bytes) -> bool:
    """Return whether a line only frames events: a declaration, the element around all."""
    bare = line.strip().lstrip(b"\xef\xbb\xbf")
    return bare in (b"[", b"]", b"") or (
        bare.startswith((b"<?xml", b"<Events", b"</Events")) and b"<Event " not in bare
    )


def _record(line: bytes) -> WindowsRecord | None:
    """Return the event of one line, behind whatever head a syslog put before it."""
    if _BEGINS.search(line) is not None and b"{" not in line[: max(line.find(b"<Event"), 0)]:
        text = values.as_text(line)
        return record_of_xml(text) if windows_xml.is_event(text) else None
    if _SNARE in line:
        return record_of_snare(values.as_text(line))
    document = object_of(line)
    return None if document is None else record_of(document)


def _first_of_several(head: bytes) -> tuple[bytes, ...] | None:
    """Return what begins an event of several lines; None where each is on one line."""
    begins = _BEGINS.search(head)
    if begins is None:
        return None
    line_start = head.rfind(b"\n", 0, begins.start()) + 1
    line_end = head.find(b"\n", begins.start())
    first = head[line_start : line_end if line_end >= 0 else len(head)]
    if line_end < 0 or _ENDS.search(first) is not None or b"{" in first:
        return None
    lead = head[line_start : begins.start()]
    # A tree that a browser shows has a dash before it.
    starts = [lead + begins[0][:-1], b"<Event", b"- <Event", b"  <Event"]
    return tuple(dict.fromkeys(one + mark for one in starts for mark in (b" ", b">")))


def _records(lines: Iterable[Line], rows: ParsedLines) -> Iterator[list[Line]]:
    """Yield the lines of each event together; lines between events one by one."""
    open_lines: list[Line] = []
    for offset, line in lines:
        if open_lines:
            open_lines.append((offset, line))
            is_new = _BEGINS.search(line) is not None
            if is_new:
                yield open_lines[:-1]
                open_lines = open_lines[-1:]
            if _ENDS.search(line) is not None or len(open_lines) >= _MOST_LINES:
                yield open_lines
                open_lines = []
        elif not line.strip():
            rows.skipped.append(offset)
        elif _BEGINS.search(line) is not None and _ENDS.search(line) is None:
            open_lines = [(offset, line)]
        else:
            yield [(offset, line)]
    if open_lines:
        yield open_lines
