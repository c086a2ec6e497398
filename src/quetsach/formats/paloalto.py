"""Palo Alto firewalls: TRAFFIC and THREAT lines as comma-separated values, behind syslog or plain.

Columns are added at the end with each version, so they are known by their place.
Source: the PAN-OS Administrator's Guide, "Traffic Log Fields" and "Threat Log Fields".
"""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Any

from quetsach.clocks import MICROSECONDS, Zone, us_from_iso, zone_from_offset
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import text_lines, values
from quetsach.formats.shared.syslog import head_of
from quetsach.formats.shared.text_lines import first_of, mostly
from quetsach.formats.shared.values import forwarded_ip, page, set_end, set_translation
from quetsach.sieve.contract import LineClock

_OURS = re.compile(
    rb"(?:^|.{1,300}? )\"?\d?,(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d|[\d/]{6,10} \d{1,2}:\d\d),"
    rb"[\w\-]{0,24},(TRAFFIC|THREAT|SYSTEM|CONFIG|GLOBALPROTECT|USERID|DECRYPTION|HIPMATCH"
    rb"|CORRELATION|AUTHENTICATION|OTHERS)\b"
)
_PRECISE = re.compile(r",(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})([+-]\d\d:\d\d|Z)(?:,|$)")
_TIME = re.compile(r"(\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d)")
_DENIED = frozenset(
    {"deny", "drop", "block", "block-url", "block-ip", "drop-icmp", "sinkhole", "random-drop",
     "drop-all-packets", "reset-client", "reset-server", "reset-both", "block-override"}
)  # fmt: skip
_LONGEST = 64 * 1024
_KIND, _SUBTYPE, _MADE, _ENDS, _NAT, _APP, _PORTS, _PROTO, _ACTION = 3, 4, 6, 7, 9, 14, 24, 29, 30
_SENT, _RECEIVED, _START, _ELAPSED, _DEVICE = 32, 33, 35, 36, 52
_MISC, _THREAT, _AGENT, _FORWARDED, _THREAT_DEVICE = 31, 32, 46, 48, 59


class PaloAlto:
    """Sessions and threats that a Palo Alto firewall saw, with translated addresses and ports."""

    name = "paloalto"
    title = N_("Palo Alto firewall log (CSV)")
    reads = N_("traffic and threats with translated addresses and ports; other kinds as text")

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first lines are Palo Alto's, TRAFFIC or THREAT among them."""
        return mostly(head, _OURS.match) and first_of(head, _is_session) != b""

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is: behind the first comma, where the head has none."""
        line = first_of(head, _is_session)
        found = _OURS.match(line)
        # The sieve takes the first `1,` of a line; a comma in a head would lead it astray.
        plain = found is not None and line.find(b"1,") == found.start(1) - 2
        clock = LineClock(needle=b"1,", length=len("2026/09/01 08")) if plain else None
        return LogLayout("paloalto.log", clock=clock, translates=True)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a line; lines of other kinds, and CEF, as `text`."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            record = None
            found = _OURS.match(line[:_LONGEST])
            if found is not None and found[2] in (b"TRAFFIC", b"THREAT"):
                record = _record(line[:_LONGEST], found, layout, zone)
            record = text_lines.read(line, zone) if record is None else record
            rows.add(offset, record)
        return rows


def _is_session(line: bytes) -> bool:
    found = _OURS.match(line)
    return found is not None and found[2] in (b"TRAFFIC", b"THREAT")


def _columns(text: str) -> Sequence[str]:
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text]), [])
    except csv.Error:
        return []


def _record(
    line: bytes, found: re.Match[bytes], layout: LogLayout, zone: Zone
) -> dict[str, Any] | None:
    begin = line.rindex(b",", 0, found.start(1))
    columns = _columns(values.as_text(line[begin:].rstrip()))
    if len(columns) <= _ACTION:
        return None
    kind = columns[_KIND].lower()
    record: dict[str, Any] = {"event.dataset": f"paloalto.{kind}", "event.type": "connection"}
    own = _set_time(record, columns, line, zone)
    for number, side in enumerate(("source", "destination")):
        set_end(record, side, columns[_ENDS + number], columns[_PORTS + number])
        set_translation(record, side, columns[_NAT + number], columns[_PORTS + 2 + number])
    record["network.transport"] = values.transport(columns[_PROTO])
    record["network.application"] = values.text(columns[_APP])
    record["event.action"] = values.text(columns[_ACTION])
    if kind == "traffic":
        _set_session(record, columns, own)
    else:
        _set_threat(record, columns)
    _set_verdict(record, columns)
    if "observer.name" not in record:
        record["observer.name"] = head_of(values.as_text(line[:begin]), layout, zone).host or None
    return {field: value for field, value in record.items() if value is not None}


def _set_time(record: dict[str, Any], columns: Sequence[str], line: bytes, zone: Zone) -> Zone:
    """Put the time of the line into `record`; return the zone that its times are written in."""
    precise = _PRECISE.search(values.as_text(line))
    own_zone = None if precise is None else zone_from_offset(precise[2])
    used = zone if own_zone is None else own_zone
    when = _moment(columns[_MADE], used)
    when = _moment(columns[1], used) if when is None else when
    if when is not None:
        record["@timestamp"] = when
        if own_zone is None:
            record["event.timezone"] = str(zone)
    return used


def _moment(text: str, zone: Zone) -> int | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, clock = found.groups()
    return us_from_iso(f"{year}-{month}-{day}T{clock}", zone)


def _set_session(record: dict[str, Any], columns: Sequence[str], zone: Zone) -> None:
    if len(columns) <= _ELAPSED:
        return
    record["source.bytes"] = values.count(columns[_SENT])
    record["destination.bytes"] = values.count(columns[_RECEIVED])
    start, elapsed = _moment(columns[_START], zone), values.count(columns[_ELAPSED])
    record["event.start"] = start
    if columns[_SUBTYPE] != "start" and elapsed is not None and elapsed < 10**9:
        record["event.duration"] = elapsed * 10**9
        if start is not None:
            record["event.end"] = start + elapsed * MICROSECONDS
    if len(columns) > _DEVICE and columns[_DEVICE]:
        record["observer.name"] = columns[_DEVICE]


def _set_threat(record: dict[str, Any], columns: Sequence[str]) -> None:
    if len(columns) <= _THREAT:
        return
    misc = columns[_MISC]
    if columns[_SUBTYPE] == "url" and misc:
        secure = record.get("destination.port") == 443
        host, _, path = misc.partition("/")
        full, domain = page(host, f"/{path}", "https" if secure else "http")
        record["url.full"], record["url.domain"] = full, domain
        record["event.type"] = "protocol"
    else:
        record["file.name"] = values.text(misc)
        record["rule.name"] = values.text(columns[_THREAT])
    if len(columns) > _THREAT_DEVICE:
        record["user_agent.original"] = values.text(columns[_AGENT])
        record["network.forwarded_ip"] = forwarded_ip(columns[_FORWARDED])
        record["observer.name"] = columns[_THREAT_DEVICE] or None


def _set_verdict(record: dict[str, Any], columns: Sequence[str]) -> None:
    if columns[_ACTION] in _DENIED or columns[_SUBTYPE] in {"deny", "drop"}:
        record["event.type"], record["event.outcome"] = "denied", "failure"
    elif columns[_SUBTYPE] == "end" and record.get("destination.bytes") is not None:
        record["event.outcome"] = "success" if record["destination.bytes"] else "failure"
