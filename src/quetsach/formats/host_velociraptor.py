"""Rows that Velociraptor collects on machines: connections, cached names, DNS questions.

Source: the artifacts Windows.Network.Netstat and NetstatEnriched (both forms of its columns),
Windows.System.DNSCache, Windows.ETW.DNS, Windows.Applications.Chrome.History. Rows of a hunt name
the machine (`Fqdn`, `Hostname`); those of a single collection do not.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.formats.shared.text_lines import first_objects, object_of
from quetsach.formats.shared.windows_dns import QUERY_TYPES, STATUS, answers_of
from quetsach.formats.shared.windows_fields import base_name
from quetsach.schema import Event
from quetsach.sieve.contract import LineClock

_ENDS = (
    ("Laddr.IP", "Laddr.Port", "Raddr.IP", "Raddr.Port"),
    ("SrcIP", "SrcPort", "DestIP", "DestPort"),
    ("LocalAddress", "LocalPort", "RemoteAddress", "RemotePort"),
)
_CACHE = frozenset({"Name", "Record", "RecordType"})
_ASKED = frozenset({"EventTime", "Query", "Answer"})
_VISITED = frozenset({"visited_url", "visit_time"})
_MACHINES = ("Fqdn", "Hostname", "fqdn", "hostname")
_TIMES = ("Timestamp", "EventTime", "CreateTime", "visit_time")
_STATES = {"ESTAB": "success", "SENT": "failure", "SYN_SENT": "failure"}
_ANSWERED = ("ESTAB", "CLOSE_WAIT", "TIME_WAIT", "FIN_WAIT1", "FIN_WAIT2", "LAST_ACK", "CLOSING")
_FIRST_FREE_PORT = 1024


class HostVelociraptor:
    """Reads JSON lines of Velociraptor's artifacts that show contacts."""

    name = "host-velociraptor"
    title = N_("Velociraptor: connections, DNS and browser history of a machine")
    reads = N_(
        "connections with their program, cached names, DNS questions, pages opened; JSON lines"
    )

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first objects have the columns of such an artifact."""
        rows = list(first_objects(head))
        return 2 * sum(_kind(cells) is not None for cells in rows) > len(rows)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the time is; rows of a cache are dated by their file."""
        needle = next((key for key in _TIMES if f'"{key}":"'.encode() in head[:4096]), None)
        clock = None
        if needle is not None:
            clock = LineClock(needle=f'"{needle}":"'.encode(), length=len("2026-09-01T08"))
        return LogLayout("host.velociraptor", clock=clock, needs_date=needle is None)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a row."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            document = object_of(line)
            kind = None if document is None else _kind(document)
            if document is None or kind is None:
                rows.reject(offset, "not-json" if document is None else "not-a-row", line)
            else:
                rows.add(offset, _event(document, kind, layout, zone))
        return rows


def _kind(cells: Mapping[str, Any]) -> str | None:
    if _ends_of(cells) is not None:
        return "netstat"
    if cells.keys() >= _CACHE:
        return "dnscache"
    if cells.keys() >= _VISITED:
        return "visits"
    return "dns" if cells.keys() >= _ASKED else None


def _ends_of(cells: Mapping[str, Any]) -> tuple[Any, Any, Any, Any] | None:
    """Return both ends in the form that the row has: dotted names, nested ones, or plain."""
    local, remote = cells.get("Laddr"), cells.get("Raddr")
    if isinstance(local, Mapping) and isinstance(remote, Mapping):
        return local.get("IP"), local.get("Port"), remote.get("IP"), remote.get("Port")
    for names in _ENDS:
        if all(name in cells for name in names) and "Pid" in cells:
            one, two, three, four = (cells[name] for name in names)
            return one, two, three, four
    return None


def _event(cells: Mapping[str, Any], kind: str, layout: LogLayout, zone: Zone) -> Event:
    event: Event = {"event.dataset": f"host.{kind}", "event.type": "info"}
    _put_time(event, cells, layout, zone)
    machine = next((name for key in _MACHINES if (name := values.text(cells.get(key)))), None)
    if machine is not None:
        event["host.name"] = machine[:255]
        event["quetsach.host.end"] = "source"
    if kind == "netstat":
        _connection(event, cells)
    elif kind == "dnscache":
        _question(event, cells, "Name", "Record", "RecordType")
        status = values.text(cells.get("Status"))
        if status is not None:
            event["dns.response_code"] = STATUS.get(status, status)[:40]
    elif kind == "visits":
        _visit(event, cells)
    else:
        _question(event, cells, "Query", "Answer", "Type")
    _program(event, cells)
    return event


def _put_time(event: Event, cells: Mapping[str, Any], layout: LogLayout, zone: Zone) -> None:
    for key in _TIMES:
        when, applied = values.moment(cells.get(key), zone)
        if when is not None:
            event["@timestamp"] = when
            if applied:
                event["event.timezone"] = str(zone)
            return
    if layout.taken_us is not None:
        event["@timestamp"] = layout.taken_us
        event["quetsach.time.rough"] = True


def _connection(event: Event, cells: Mapping[str, Any]) -> None:
    ends = _ends_of(cells)
    if ends is None:
        return
    own, other = values.assignable_address(ends[0]), values.assignable_address(ends[2])
    own_port, other_port = values.parse_port(ends[1]), values.parse_port(ends[3])
    state = values.text(cells.get("Status"))
    if state is not None:
        event["event.action"] = state[:40]
        event_outcome = "success" if state in _ANSWERED else _STATES.get(state)
        if event_outcome is not None:
            event["event.outcome"] = event_outcome
    transport = values.transport(cells.get("Type"))
    if transport is not None:
        event["network.transport"] = transport
    record: dict[str, Any] = {}
    if other is not None and own_port and other_port and own_port < _FIRST_FREE_PORT <= other_port:
        # No client picks a port below 1024 for itself: the other end came in.
        own, own_port, other, other_port = other, other_port, own, own_port
        if "quetsach.host.end" in event:
            event["quetsach.host.end"] = "destination"
    values.set_end(record, "source", own, own_port or None)
    values.set_end(record, "destination", other, other_port or None)
    event.update(record)  # type: ignore[typeddict-item]
    if {"source.ip", "destination.ip"} <= record.keys():
        event["event.type"] = "connection"


def _question(event: Event, cells: Mapping[str, Any], name: str, answer: str, kind: str) -> None:
    name_asked = values.text(cells.get(name))
    if name_asked is None:
        return
    event["event.type"] = "protocol"
    event["network.application"] = "dns"
    event["dns.question.name"] = name_asked.rstrip(".")[:1024] or name_asked[:1024]
    answers = answers_of(values.text(cells.get(answer)) or "")
    if answers:
        event["dns.answers"] = answers
    number = values.text(cells.get(kind))
    if number is not None:
        event["dns.question.type"] = QUERY_TYPES.get(number, number)[:20]


def _visit(event: Event, cells: Mapping[str, Any]) -> None:
    page = values.text(cells.get("visited_url"))
    if page is None:
        return
    event["event.type"] = "protocol"
    event["url.full"] = page[:8192]
    domain = values.page(None, page)[1]
    if domain is not None:
        event["url.domain"] = domain


def _program(event: Event, cells: Mapping[str, Any]) -> None:
    process = cells.get("Process")
    program = process if isinstance(process, Mapping) else cells
    path = next((one for key in _PATHS if (one := values.text(program.get(key)))), None)
    name = values.text(program.get("Name")) if event["event.dataset"] != "host.dnscache" else None
    if path is not None:
        event["process.executable"] = path[:1024]
    if name is not None or path is not None:
        event["process.name"] = (name or base_name(path or ""))[:255]
    number = values.count(program.get("Pid"))
    if number:
        event["process.pid"] = number


_PATHS = ("Path", "ImageName", "Exe")
