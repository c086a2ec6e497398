"""DHCP in syslog: the lines of ISC dhcpd, dnsmasq and RouterOS, among whatever else is there.

An address is held once it was acknowledged; what was only asked for or offered is an event without
one. The answer to a DHCPINFORM tells that a machine is there with an address that it had already.
Lines of other programs are read as any text.

Source: ISC DHCP 4.4, server/dhcp.c and dhcpv6.c; dnsmasq's rfc2131.c and rfc3315.c; MikroTik's
manual of `/log`, topic dhcp.
"""

import re
from collections.abc import Iterable
from datetime import UTC
from typing import Any, cast

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import leases, text_lines, values
from quetsach.formats.shared.syslog import MONTHS, SyslogHeader, split_head
from quetsach.schema import Event
from quetsach.sieve.contract import LineClock

_LOOK_AT = 4096
_MAC = r"(?P<mac>[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5,19})"
_IP = r"(?P<ip>[0-9A-Fa-f.:]{2,45})"
_DUID = r"(?P<duid>[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){3,129})"
# What another program writes of its own accord may be in the words of whoever talks to it.
_TAG = r"(?:[\w./\-]{0,40}(?:[Dd][Hh][Cc][Pp]|dnsmasq)[\w./\-]{0,40}(?:\[\d{1,10}\])?: ?)?"
_NAMED = r"(?: \((?P<name>[^()\s]{1,255})\))?"

_ISC = re.compile(
    _TAG + rf"(?:(?P<act>DHCP(?:ACK|OFFER|EXPIRE)) on {_IP} to {_MAC}{_NAMED}"
    rf"|(?P<inform>DHCPACK) to (?P<told>[\d.]{{7,15}}) \((?P<known>[0-9A-Fa-f:]{{11,59}})\)"
    rf"|(?P<end>DHCP(?:RELEASE|DECLINE)) of (?P<left>[\d.]{{7,15}}) from "
    r"(?P<leaver>[0-9A-Fa-f:]{11,59})(?: \((?P<leaver_name>[^()\s]{1,255})\))?"
    r"|(?P<other>DHCP(?:DISCOVER|REQUEST|NAK|INFORM)) (?:from|for|on) )"
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
# A file of a RouterOS device begins its lines with sep/01/2026, sep/01, or today with the time.
_TIME_ONLY = re.compile(r"\d\d:\d\d:\d\d (?=[a-z])")
_ROUTEROS_DATE = re.compile(r"([a-z]{3})/(\d\d)(?:/(\d{4}))? (?=\d\d:\d\d:\d\d )")
_DNSMASQ_ACTS = {
    "DHCPACK": "given",
    "DHCPREPLY": "given",
    "DHCPRELEASE": "released",
    "DHCPDECLINE": "declined",
    "SLAAC-CONFIRM": "seen",
}
_ISC_ACTS = {"DHCPACK": "given", "DHCPEXPIRE": "expired"}
_HINTS = (b"DHCP", b"assigned ", b" NA: address ", b"SLAAC-CONFIRM", b" address ")


class DhcpSyslog:
    """Who was given which address, from the syslog of a DHCP server."""

    name = "dhcp-syslog"
    title = N_("Syslog with DHCP (ISC dhcpd, dnsmasq, RouterOS)")
    reads = N_("addresses given, released, declined and expired; other lines as any text log")

    def recognise(self, head: bytes) -> bool:
        """Return whether any of the first lines is one of a DHCP server's."""
        return _first(head) is not None

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is in a line, and what the lines of DHCP have in common."""
        messages = [line for line in head.split(b"\n") if _is_dhcp_message(line)]
        heads = [_head(values.as_text(line[:_LOOK_AT]), UTC, None) for line in messages]
        return LogLayout(
            "syslog.dhcp",
            clock=_clock(messages[0]) if messages else None,
            marker=_marker(messages),
            needs_date=any(one is not None and one.when_us is None for one in heads),
        )

    def relayout(self, line: bytes, layout: LogLayout) -> LogLayout | None:  # noqa: ARG002
        """Return None: each line says all that there is."""
        return None

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event for each line that is not blank."""
        rows = ParsedLines()
        for offset, line in lines:
            if not line.strip():
                rows.skipped.append(offset)
                continue
            record = _record(line, layout, zone)
            if record is None:
                record = _other(line, layout, zone)
            rows.events.append((offset, cast("Event", record)))
        return rows


def _record(line: bytes, layout: LogLayout, zone: Zone) -> dict[str, Any] | None:
    """Return the event of a line of DHCP, or None if it is no such line."""
    if not any(hint in line[:_LOOK_AT] for hint in _HINTS):
        return None
    text = values.as_text(line[:_LOOK_AT]).rstrip("\r\n ")
    head = _head(text, zone, layout.taken_us)
    found = _message(_without_time(text) if head is None else head.rest)
    if found is None:
        return None
    record: dict[str, Any] = {"event.dataset": layout.dataset, "event.type": "info"} | found
    if head is not None:
        _set_time(record, head, zone)
        if head.host:
            record["observer.name"] = record["quetsach.lease.server"] = head.host
    return record


def _other(line: bytes, layout: LogLayout, zone: Zone) -> dict[str, Any]:
    """Return the event of a line of another program."""
    record = text_lines.read(line, zone)
    if "@timestamp" not in record:
        head = _head(values.as_text(line[:_LOOK_AT]), zone, layout.taken_us)
        if head is not None:
            _set_time(record, head, zone)
    return record


def _set_time(record: dict[str, Any], head: SyslogHeader, zone: Zone) -> None:
    if head.when_us is not None:
        record["@timestamp"] = head.when_us
        if head.applied:
            record["event.timezone"] = str(zone)


def _head(text: str, zone: Zone, taken_us: int | None) -> SyslogHeader | None:
    dated = _ROUTEROS_DATE.match(text)
    if dated is not None and dated[1].title() in MONTHS:
        year = f"{dated[3]} " if dated[3] else ""
        text = f"{dated[1].title()} {dated[2]} {year}{text[dated.end() :]}"
    head = split_head(text, zone, taken_us)
    if head is not None and "," in head.host:
        # RouterOS leaves its own name out of its files: these are the topics of the message.
        return SyslogHeader(head.when_us, head.applied, "", head.rest)
    return head


def _without_time(text: str) -> str:
    timed = _TIME_ONLY.match(text)
    return text if timed is None else text[timed.end() :]


def _message(message: str) -> dict[str, Any] | None:
    """Return what a message of one of the three servers tells, or None."""
    for pattern, read in _READERS:
        found = pattern.match(message)
        if found is not None:
            return read(found)
    return None


def _isc(match: re.Match[str]) -> dict[str, Any]:
    groups = match.groupdict()
    action = groups["act"] or groups["inform"] or groups["end"] or groups["other"]
    record: dict[str, Any] = {"event.action": action}
    if groups["other"]:
        return record
    mac = leases.hardware(groups["mac"] or groups["known"] or groups["leaver"])
    name = groups["name"] or groups["leaver_name"]
    leases.set_machine(record, mac=mac, name=name)
    if groups["inform"]:
        return _holding(record, "seen", groups["told"])
    if groups["end"]:
        if match.string.endswith("(not found)"):
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
    # Behind a refusal stands its reason, no name.
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
_ANY = LogLayout("syslog.dhcp")


def _is_dhcp_message(line: bytes) -> bool:
    return _record(line, _ANY, UTC) is not None


def _first(head: bytes) -> bytes | None:
    """Return the first line of a DHCP server in `head`."""
    return next((line for line in head.split(b"\n") if _is_dhcp_message(line)), None)


def _marker(known: list[bytes]) -> bytes:
    """Return what all these lines of DHCP hold, so that the others need not be parsed."""
    for common in (b"DHCP", b"assigned "):
        if all(common in line for line in known):
            return common
    return b""


def _clock(line: bytes) -> LineClock | None:
    for pattern, clock in _CLOCKS:
        if pattern.match(line):
            return clock
    return None


_CLOCKS = (
    (re.compile(rb"[A-Z][a-z]{2} [ \d]\d \d\d:"), LineClock(length=len("Sep  1 08"))),
    (re.compile(rb"<\d{1,3}>[A-Z][a-z]{2} [ \d]\d \d\d:"), LineClock(b">", length=9)),
    (re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:"), LineClock(length=len("2026-09-01T08"))),
    (re.compile(rb"<\d{1,3}>\d{4}-\d\d-\d\d[T ]\d\d:"), LineClock(b">", length=13)),
    (re.compile(rb"<\d{1,3}>1 \d{4}-\d\d-\d\dT\d\d:"), LineClock(b">1 ", length=13)),
)
