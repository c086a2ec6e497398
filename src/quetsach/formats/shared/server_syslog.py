"""The syslog of a server or router: DHCP, firewall packets and name questions, among other lines.

Each line is read by the reader of its own program; lines of other programs are read as text.
"""

import re
from collections.abc import Iterable
from datetime import UTC
from typing import Any, cast

from quetsach.clocks import Zone
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import text_lines, values
from quetsach.formats.shared.dhcp_messages import may_hold_dhcp, read_dhcp_message
from quetsach.formats.shared.dnsmasq_queries import read_dnsmasq_query
from quetsach.formats.shared.netfilter_packets import (
    DamagedPacketError,
    is_packet_message,
    read_packet,
)
from quetsach.formats.shared.syslog import MONTHS, SyslogHeader, set_head, split_head
from quetsach.schema import Event

DHCP = "syslog.dhcp"
"""The data set of a line of a DHCP server."""

LOOK_AT = 4096
"""How much of a line is read, in bytes."""

# A file of a RouterOS device begins its lines with sep/01/2026, sep/01, or today with the time.
_TIME_ONLY = re.compile(r"\d\d:\d\d:\d\d (?=[a-z])")
_ROUTEROS_DATE = re.compile(r"([a-z]{3})/(\d\d)(?:/(\d{4}))? (?=\d\d:\d\d:\d\d )")
# OpenWrt's `logread`: Tue Sep  1 08:15:22 2026 kern.warn kernel: ...
_LOGREAD = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2} [ \d]\d) (\d\d:\d\d:\d\d) (\d{4}) [a-z0-9]{1,10}\.[a-z]{1,10} "
)
# RFC 5424 has the program in the head, which leaves the message without its tag.
_PROGRAM = re.compile(r"(?:<\d{1,3}>)?1 \S+ \S+ (\S+) ")
_KERNEL = "kernel: "


def parse_server_syslog(lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
    """Return one event for each line that is not blank; a damaged packet is a reject."""
    parsed = ParsedLines()
    for offset, line in lines:
        if not line.strip():
            parsed.skipped.append(offset)
            continue
        try:
            record = _record(line, layout, zone)
        except DamagedPacketError:
            parsed.reject(offset, "damaged-packet", line)
            continue
        parsed.events.append((offset, cast("Event", record)))
    return parsed


def is_dhcp_line(line: bytes) -> bool:
    """Return whether `line` is a message of a DHCP server."""
    if not may_hold_dhcp(line[:LOOK_AT]):
        return False
    return read_dhcp_message(_headed(_text(line), UTC, None).rest) is not None


def lacks_date(line: bytes) -> bool:
    """Return whether `line` has a head whose time cannot be told without the year."""
    header = _find_header(_text(line), UTC, None)
    return header is not None and header.when_us is None


def is_packet_line(line: bytes) -> bool:
    """Return whether `line` is a packet that the kernel's netfilter logged, whole or damaged."""
    return b"SRC=" in line[:LOOK_AT] and _packet(_text(line), None) is not None


def _record(line: bytes, layout: LogLayout, zone: Zone) -> dict[str, Any]:
    """Return the event of a line.

    Errors: DamagedPacketError.
    """
    text = _text(line)
    header = _headed(text, zone, layout.taken_us)
    record = read_dhcp_message(header.rest) if may_hold_dhcp(line[:LOOK_AT]) else None
    if record is not None:
        record["event.dataset"] = DHCP
        if header.host:
            record["quetsach.lease.server"] = header.host
        set_head(record, header, zone)
        return record
    message = _packet(text, header)
    record = read_dnsmasq_query(header.rest) if message is None else read_packet(message)
    if record is not None:
        set_head(record, header, zone)
        return record
    record = text_lines.read(line, zone)
    if "@timestamp" not in record:
        set_head(record, SyslogHeader(header.when_us, header.applied, "", ""), zone)
    return record


def _packet(text: str, header: SyslogHeader | None) -> str | None:
    """Return the message of a packet that the kernel logged, or None for any other line.

    Other programs write what strangers send them, so that only the kernel's own tag counts.
    """
    if "kernel" not in text or "=" not in text:
        return None
    message = (_headed(text, UTC, None) if header is None else header).rest
    program = _PROGRAM.match(text)
    if program is None:
        if not message.startswith(_KERNEL):
            return None
        message = message[len(_KERNEL) :]
    elif program[1] != "kernel":
        return None
    return message if is_packet_message(message) else None


def _text(line: bytes) -> str:
    return values.as_text(line[:LOOK_AT]).rstrip("\r\n ")


def _headed(text: str, zone: Zone, taken_us: int | None) -> SyslogHeader:
    """Return the head of a line; where there is none, all but a time alone is the message."""
    header = _find_header(text, zone, taken_us)
    if header is not None:
        return header
    timed = _TIME_ONLY.match(text)
    return SyslogHeader(None, False, "", text if timed is None else text[timed.end() :])


def _find_header(text: str, zone: Zone, taken_us: int | None) -> SyslogHeader | None:
    dated = _ROUTEROS_DATE.match(text)
    if dated is not None and dated[1].title() in MONTHS:
        year = f"{dated[3]} " if dated[3] else ""
        text = f"{dated[1].title()} {dated[2]} {year}{text[dated.end() :]}"
    logread = _LOGREAD.match(text)
    if logread is not None:
        text = f"{logread[1]} {logread[3]} {logread[2]} {text[logread.end() :]}"
    header = split_head(text, zone, taken_us)
    if header is not None and "," in header.host:
        # RouterOS leaves its own name out of its files: these are the topics of the message.
        return SyslogHeader(header.when_us, header.applied, "", header.rest)
    return header
