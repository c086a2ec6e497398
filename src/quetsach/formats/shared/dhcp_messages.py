"""The messages of DHCP servers in syslog: ISC dhcpd, dnsmasq and RouterOS.

Source: ISC DHCP 4.4, server/dhcp.c and dhcpv6.c; dnsmasq's rfc2131.c and rfc3315.c; MikroTik's
manual of `/log`, topic dhcp.
"""

import re
from typing import Any

from quetsach.formats.shared import leases, values

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
