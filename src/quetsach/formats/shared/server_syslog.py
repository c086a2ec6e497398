"""The syslog of a server or router: DHCP, firewall packets and name questions, among other lines.

Each line is read by the reader of its own program; lines of other programs are read as text.
Of dnsmasq's questions (`query[A] bad.example from 10.20.3.41`; with `log-queries=extra` the serial
number and the client's port come first) only this line names the client.
Source: ISC DHCP 4.4, server/dhcp.c and dhcpv6.c; dnsmasq's rfc2131.c, rfc3315.c and cache.c
(log_query); MikroTik's manual of `/log`, topic dhcp.
"""

import re
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from quetsach.clocks import Zone
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import leases, text_lines, values
from quetsach.formats.shared.netfilter_packets import (
    DamagedPacketError,
    is_packet_message,
    read_packet,
)
from quetsach.formats.shared.syslog import MONTHS, SyslogHeader, set_head, split_head

DHCP = "syslog.dhcp"
"""The data set of a line of a DHCP server."""

LOOK_AT = 4096
"""How much of a line is read, in bytes."""

# A file of a RouterOS device begins its lines with sep/01/2026, sep/01, or today with the time.
_TIME_ONLY = re.compile(r"\d\d:\d\d:\d\d (?=[a-z])")
_ROUTEROS_DATE = re.compile(r"([a-z]{3})/(\d\d)(?:/(\d{4}))? (?=\d\d:\d\d:\d\d )")
# Sophos UTM: 2026:09:01-08:15:22 utm dhcpd: ...
_UTM = re.compile(r"(?:<\d{1,3}>)?(\d{4}):(\d\d):(\d\d)-(\d\d:\d\d:\d\d) (?=\S)")
# RFC 5424 has the program in the head, which leaves the message without its tag.
_PROGRAM = re.compile(r"(?:<\d{1,3}>)?1 \S+ \S+ (\S+) ")
_KERNEL = "kernel: "


def parse_server_syslog(lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
    """Return one event for each line that is not blank; a damaged packet is a reject."""
    parsed = ParsedLines()
    for offset, line in parsed.filled(lines):
        try:
            record = _record(line, layout, zone)
        except DamagedPacketError:
            parsed.reject(offset, "damaged-packet", line)
            continue
        parsed.add(offset, record)
    return parsed


def is_dhcp_line(line: bytes) -> bool:
    """Return whether `line` is a message of a DHCP server."""
    if not may_hold_dhcp(line[:LOOK_AT]):
        return False
    return read_dhcp_message(_headed(_text(line), UTC, None).rest) is not None


def lacks_date(line: bytes) -> bool:
    """Return whether `line` has a head whose time is unknown without the year."""
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
    utm = _UTM.match(text)
    if utm is not None:
        text = f"{utm[1]}-{utm[2]}-{utm[3]}T{utm[4]} {text[utm.end() :]}"
    header = split_head(text, zone, taken_us)
    if header is not None and "," in header.host:
        # RouterOS leaves its own name out of its files: these are the topics of the message.
        return SyslogHeader(header.when_us, header.applied, "", header.rest)
    return header


_ADDRESS = r"[0-9A-Fa-f.:]{2,45}"
# A name with a blank in it could write a client of its own: such a line is no question.
_QUERY = re.compile(
    rf"dnsmasq(?:\[\d{{1,10}}\])?: (?:\d{{1,10}} (?P<asker>{_ADDRESS})/(?P<port>\d{{1,5}}) )?"
    r"query\[(?P<type>[A-Z0-9]{1,16}|type=\d{1,5})\] (?P<name>[^\s\[\]]{1,255}) "
    rf"from (?P<client>{_ADDRESS})"
)


def read_dnsmasq_query(message: str) -> dict[str, Any] | None:
    """Return the event of a question, or None for any other message."""
    query = _QUERY.fullmatch(message)
    client = None if query is None else values.address(query["client"])
    if query is None or client is None:
        return None
    if query["asker"] is not None and values.address(query["asker"]) != client:
        return None
    record: dict[str, Any] = {
        "event.dataset": "dnsmasq.query",
        "event.type": "protocol",
        "network.application": "dns",
        "dns.question.name": query["name"],
        "dns.question.type": query["type"],
    }
    values.set_end(record, "source", client, query["port"])
    return record


_MAC = r"(?P<mac>[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5,19})"
_IP = r"(?P<ip>[0-9A-Fa-f.:]{2,45})"
_DUID = r"(?P<duid>[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){3,129})"
# Other programs log text that their clients choose, so their messages prove nothing.
_TAG = r"(?:[\w./\-]{0,40}(?:[Dd][Hh][Cc][Pp]|dnsmasq)[\w./\-]{0,40}(?:\[\d{1,10}\])?: ?)?"
# Infoblox writes the name in either kind of brackets.
_NAMED = r"(?: [(\[](?P<name>[^()\[\]\s]{1,255})[)\]])?"

_ISC = re.compile(
    _TAG + rf"(?:(?P<act>DHCP(?:ACK|OFFER|EXPIRE)) on {_IP} to {_MAC}{_NAMED}"
    rf"|(?P<inform>DHCPACK) to (?P<told>[\d.]{{7,15}}) \((?P<known>[0-9A-Fa-f:]{{11,59}})\)"
    rf"|(?P<end>DHCP(?:RELEASE|DECLINE)) of (?P<left>[\d.]{{7,15}}) from "
    r"(?P<leaver>[0-9A-Fa-f:]{11,59})(?: [(\[](?P<leaver_name>[^()\[\]\s]{1,255})[)\]])?"
    r"|(?P<other>DHCP(?:DISCOVER|REQUEST|NAK|INFORM)) (?:from|for|on|to) )"
)
_NOT_FOUND = re.compile(r"\(not found\)(?=\s*(?:TransID|uid|\Z))")
# for 10.20.3.41 from 00:17:a4:b2:c3:d4 (PC-VT-07) via eth1: who asked, and was not yet answered.
_ASKER = re.compile(
    rf"(?:(?:for|on) [\d.]{{7,15}}(?: \([\d.]{{7,15}}\))? )?(?:from|to) {_MAC}{_NAMED}(?= |\Z)"
)
_ISC_V6 = re.compile(
    _TAG + rf"(?:(?P<act>Reply|Advertise) NA: address {_IP} to client with duid {_DUID}"
    r" iaid = -?\d{1,10}(?: valid for (?P<seconds>\d{1,10}) seconds)?"
    r"|Client (?P<leaver>[0-9A-Fa-f:]{11,400}) (?P<end>releases|declines) address "
    r"(?P<left>[0-9A-Fa-f:]{2,45}))"
)
_LENGTH = re.compile(r" lease-duration (\d{1,10})\b")
# Six or more pairs of hex digits are no IPv6 address but a machine.
_NO_MACHINE = r"(?!(?:[0-9A-Fa-f]{2}:){5})"
_DNSMASQ = re.compile(
    _TAG + r"(?:\d{1,10} )?(?P<act>DHCP[A-Z]{3,20}|SLAAC-CONFIRM)\([^()\s]{1,32}\) "
    rf"(?:{_NO_MACHINE}{_IP}(?= |$) ?)?"
    r"(?:(?P<id>[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){3,129})(?= |$) ?)?"
    r"(?P<name>\S{1,255})?"
)
_ROUTEROS = re.compile(
    r"(?:[a-z0-9,!\-]{0,40}dhcp[a-z0-9,!\-]{0,40}:? (?:[\w./\-]{1,48}: ?)?)?"
    + _TAG
    + r"(?P<server>\S{1,64}) (?P<act>assigned|deassigned) "
    rf"{_IP} (?:for|to|from) {_MAC}(?: (?P<name>\S{{1,255}}))?"
)
_DNSMASQ_ACTS = {
    "DHCPACK": "given",
    "DHCPREPLY": "given",
    "DHCPRELEASE": "released",
    "DHCPDECLINE": "declined",
    "SLAAC-CONFIRM": "seen",
}
_ISC_ACTS = {"DHCPACK": "given", "DHCPEXPIRE": "expired"}
_HINTS = (b"DHCP", b"assigned ", b" NA: address ", b"SLAAC-CONFIRM", b" address ")


def may_hold_dhcp(line: bytes) -> bool:
    """Return whether `line` has a word that every DHCP message has: a quick first look."""
    return any(hint in line for hint in _HINTS)


def read_dhcp_message(message: str) -> dict[str, Any] | None:
    """Return the fields of a message of one of the three servers, or None for any other."""
    for pattern, read in _READERS:
        match = pattern.match(message)
        if match is not None:
            return {"event.type": "info"} | read(match)
    return None


def _isc(match: re.Match[str]) -> dict[str, Any]:
    groups = match.groupdict()
    action = groups["act"] or groups["inform"] or groups["end"] or groups["other"]
    record: dict[str, Any] = {"event.action": action}
    if groups["other"]:
        asker = _ASKER.match(match.string, match.end("other") + 1)
        if asker is not None:
            leases.set_machine(record, mac=leases.hardware(asker["mac"]), name=asker["name"])
        return record
    mac = leases.hardware(groups["mac"] or groups["known"] or groups["leaver"])
    name = groups["name"] or groups["leaver_name"]
    leases.set_machine(record, mac=mac, name=name)
    if groups["inform"]:
        return _holding(record, "seen", groups["told"])
    if groups["end"]:
        if _NOT_FOUND.search(match.string, match.end()):
            # The server knows of no such lease: nothing was ended.
            return record
        return _holding(
            record, "released" if action == "DHCPRELEASE" else "declined", groups["left"]
        )
    length = _LENGTH.search(match.string, match.end())
    if length is not None and int(length[1]):
        record["quetsach.lease.seconds"] = int(length[1])
    return _holding(record, _ISC_ACTS.get(action), groups["ip"])


def _isc_v6(match: re.Match[str]) -> dict[str, Any]:
    groups = match.groupdict()
    record: dict[str, Any] = {"event.action": groups["act"] or groups["end"]}
    duid = leases.client_id(groups["duid"] or groups["leaver"])
    leases.set_machine(record, duid=duid)
    if groups["end"]:
        act = "released" if groups["end"] == "releases" else "declined"
        return _holding(record, act, groups["left"])
    if groups["seconds"] and int(groups["seconds"]):
        record["quetsach.lease.seconds"] = int(groups["seconds"])
    return _holding(record, "given" if groups["act"] == "Reply" else None, groups["ip"])


def _dnsmasq(match: re.Match[str]) -> dict[str, Any]:
    groups = match.groupdict()
    record: dict[str, Any] = {"event.action": groups["act"]}
    act = _DNSMASQ_ACTS.get(groups["act"])
    mac = leases.hardware(groups["id"])
    duid = None if mac is not None else leases.client_id(groups["id"])
    # A refusal is followed by its reason, not by a name.
    name = groups["name"] if act is not None else None
    leases.set_machine(record, mac=mac, duid=duid, name=name)
    return _holding(record, act, groups["ip"])


def _routeros(match: re.Match[str]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "event.action": match["act"],
        "quetsach.lease.server": match["server"],
    }
    mac = leases.hardware(match["mac"])
    leases.set_machine(record, mac=mac, name=match["name"])
    return _holding(record, "given" if match["act"] == "assigned" else "released", match["ip"])


def _holding(record: dict[str, Any], act: str | None, written: str | None) -> dict[str, Any]:
    address = values.assignable_address(written)
    if act is not None and address is not None:
        record["host.ip"] = address
        record["quetsach.lease.act"] = act
    return record


_READERS = ((_ISC, _isc), (_ISC_V6, _isc_v6), (_DNSMASQ, _dnsmasq), (_ROUTEROS, _routeros))
