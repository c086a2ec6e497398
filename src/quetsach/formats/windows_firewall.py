"""The log of Windows Firewall (pfirewall.log): packets dropped, connections allowed, on one PC.

Source: Microsoft, "Configure Windows Defender Firewall logging"; "Interpreting the Windows Firewall
log" (Windows XP) for OPEN, OPEN-INBOUND and CLOSE. The columns are those of `#Fields`, the time is
local unless `#Time Format` says otherwise. `src-ip` sent the packet, so that nothing is swapped;
`path` says whether the PC sent or received it.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC

from quetsach.clocks import Zone, us_from_local
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.formats.shared.text_lines import first_lines
from quetsach.schema import Event
from quetsach.sieve.contract import LineClock

_FIELDS = re.compile(rb"#\s?Fields:\s*(\S.*)", re.IGNORECASE)
_TIME_FORMAT = re.compile(rb"#\s?Time Format:\s*(?:UTC|GMT)\s*$", re.IGNORECASE)
_NEEDED = {"date", "time", "action", "protocol", "src-ip", "dst-ip"}
_COLUMNS = (
    *("date", "time", "action", "protocol", "src-ip", "dst-ip", "src-port", "dst-port", "size"),
    *("tcpflags", "tcpsyn", "tcpack", "tcpwin", "icmptype", "icmpcode", "info", "path"),
)
_ROW = re.compile(
    rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:ALLOW|DROP|OPEN|OPEN-INBOUND|CLOSE|INFO-EVENTS-LOST) "
    rb"(?:TCP|UDP|ICMP|ICMPV6|2|\d{1,3}|-) [0-9A-Fa-f.:\-]+ "
)
_HOUR = len("2026-09-01 08")
_LONGEST = 4096
_DROPPED = frozenset({"DROP"})
_LOST = "INFO-EVENTS-LOST"


class WindowsFirewall:
    """Reads what the firewall of a PC let through and what it stopped."""

    name = "windows-firewall"
    title = N_("Windows Firewall log (pfirewall.log)")
    reads = N_("connections allowed and packets dropped with both ends; local time of the PC")

    def recognise(self, head: bytes) -> bool:
        """Return whether a header has its columns, or the first rows are as it writes them."""
        lines = list(first_lines(head))
        if any({*columns} >= _NEEDED for line in lines if (columns := _columns(line))):
            return True
        rows = [line for line in lines if not line.startswith(b"#")][:4]
        return bool(rows) and all(_ROW.match(line) for line in rows)

    def layout(self, head: bytes) -> LogLayout:
        """Return the columns, and the zone that the header declares."""
        lines = list(first_lines(head))
        columns = next((found for line in lines if (found := _columns(line))), _COLUMNS)
        utc = any(_TIME_FORMAT.match(line) for line in lines)
        clock = LineClock(length=_HOUR) if columns[:2] == ("date", "time") else None
        return LogLayout("windows.firewall", columns=columns, clock=clock, header=b"#", utc=utc)

    def relayout(self, line: bytes, layout: LogLayout) -> LogLayout | None:
        """Return the layout from a header in the middle of the file on."""
        columns = _columns(line)
        if columns and columns != layout.columns:
            return replace(layout, columns=columns)
        return None

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a row; headers, and rows that tell of lost events, are skipped."""
        rows = ParsedLines()
        columns = layout.columns
        for offset, line in rows.filled(lines):
            if line.startswith((b"#", b"\xef\xbb\xbf#")):
                rows.skipped.append(offset)
                columns = _columns(line) or columns
                continue
            words = values.as_text(line[:_LONGEST]).split()
            cells = dict(zip(columns, words, strict=False))
            if cells.get("action") == _LOST:
                rows.skipped.append(offset)
            elif len(words) != len(columns) or not cells.keys() >= _NEEDED:
                rows.reject(offset, "not-a-row", line)
            else:
                event = _event(cells, layout, zone)
                if event is None:
                    rows.reject(offset, "no-time-or-address", line)
                else:
                    rows.add(offset, event)
        return rows


def _columns(line: bytes) -> tuple[str, ...]:
    match = _FIELDS.match(line.removeprefix(b"\xef\xbb\xbf")[:_LONGEST])
    return () if match is None else tuple(values.as_text(match[1]).lower().split())


def _event(cells: dict[str, str], layout: LogLayout, zone: Zone) -> Event | None:
    when = us_from_local(cells["date"], cells["time"], UTC if layout.utc else zone)
    source = values.assignable_address(cells["src-ip"])
    destination = values.assignable_address(cells["dst-ip"])
    if when is None or (source is None and destination is None):
        return None
    event: Event = {
        "@timestamp": when,
        "event.dataset": layout.dataset,
        "event.action": cells["action"][:20],
        "event.type": "denied" if cells["action"] in _DROPPED else "connection",
    }
    if not layout.utc:
        event["event.timezone"] = str(zone)
    transport = values.transport(cells["protocol"])
    if transport is not None and transport != "-":
        event["network.transport"] = transport
    has_ports = transport in ("tcp", "udp")
    if source is not None:
        event["source.ip"] = source
        port = values.parse_port(cells.get("src-port"))
        if has_ports and port:
            event["source.port"] = port
    if destination is not None:
        event["destination.ip"] = destination
        port = values.parse_port(cells.get("dst-port"))
        if has_ports and port:
            event["destination.port"] = port
    return event
