"""The messages of Cisco ASA and FTD about who logged in, over VPN or to the device itself.

They name a machine that came from outside, and at most where it came to; none tells of a connection
through the device.
Source: the Cisco Secure Firewall ASA Series Syslog Messages guide.
"""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from quetsach.formats.shared import values
from quetsach.formats.shared.values import set_end

Record: TypeAlias = dict[str, Any]

_ADDRESS = r"((?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})"
_GROUP = re.compile(
    r"(?:TunnelGroup <[^<>]{0,200}> )?(?:Group(?:Policy)?) <[^<>]{0,200}> User <[^<>]{0,200}> "
    rf"IP <{_ADDRESS}>"
)
_INSIDE = re.compile(
    rf"IPv4 Address <(?:{_ADDRESS})?> IPv6 address <(?:{_ADDRESS})?> assigned to session"
)
_NAMED = re.compile(
    rf"(?:\bIP = |\b(?:IP|ip) address: ?|\bfrom IP |\b[Uu]ser IP ?= ?|, IP ){_ADDRESS}"
    r"(?::(\d{1,5}))?(?![\w])"
)
_FROM = re.compile(
    rf"\b(?:from|client|configuration:) (?:[\w\-]{{1,64}}:)?{_ADDRESS}(?:/(\d{{1,5}}))?"
    rf"(?: to (?:[\w\-]{{1,64}}:)?{_ADDRESS}(?:/(\w{{1,16}}))?)?(?![\w])"
)
_IKE = re.compile(rf"Local:{_ADDRESS}:(\d{{1,5}}) Remote:{_ADDRESS}:(\d{{1,5}})")
_SERVER = re.compile(rf"\bserver = {{1,3}}{_ADDRESS}")
_DENIED = re.compile(r"\b(?:denied|rejected|refused)\b", re.IGNORECASE)
_FAILED = re.compile(
    r"\b(?:authentication|login|negotiation)\b.{0,40}\b(?:failed|failure|aborted)\b", re.IGNORECASE
)
_SERVICES = {"ssh": 22, "telnet": 23, "http": 80, "https": 443}

_NUMBERS = (
    "109 113 605 606 611 713 715 716 722 725 746 750 751 769 111007 111010 308001 315011 315012"
)
_CLASSES = frozenset(_NUMBERS.split())
"""The messages that may name who came in, by number or by its first three figures."""


def tells_of_a_login(number: str) -> bool:
    """Return whether the message of `number` may name who came in."""
    return number[:3] in _CLASSES or number in _CLASSES


def is_untagged(text: str) -> bool:
    """Return whether `text` is a message of a VPN session that lost its number on its way."""
    return _GROUP.match(text) is not None


def read_login(record: Record, text: str) -> None:
    """Put who came in, and what became of it, into `record`."""
    record["event.type"] = "info"
    for pattern, fill in _FORMS:
        match = pattern.search(text[:1000])
        if match is not None:
            fill(record, match)
            break
    server = _SERVER.search(text[:1000])
    if server is not None and "source.ip" not in record:
        # Who checks a password is no end of the connection of who gave it.
        record["destination.ip"] = values.assignable_address(server[1])
    if _DENIED.search(text) or _FAILED.search(text):
        record["event.outcome"] = "failure"


def _grouped(record: Record, match: re.Match[str]) -> None:
    inside = _INSIDE.search(match.string, match.end())
    if inside is not None:
        record["source.nat.ip"] = values.assignable_address(inside[1])
        if record["source.nat.ip"] is None:
            return
    record["source.ip"] = values.assignable_address(match[1])


def _ike(record: Record, match: re.Match[str]) -> None:
    # Of a tunnel that failed or ended nothing tells who had opened it.
    if "Received" not in match.string:
        return
    set_end(record, "source", match[3], match[4])
    set_end(record, "destination", match[1], match[2])


def _named(record: Record, match: re.Match[str]) -> None:
    # Gateways of other sites have no user; nothing tells who of the two began.
    if match[0].startswith("IP =") and "Username = " not in match.string:
        return
    set_end(record, "source", match[1], match[2])


def _from(record: Record, match: re.Match[str]) -> None:
    set_end(record, "source", match[1], match[2])
    port = match[4] or ""
    set_end(record, "destination", match[3], _SERVICES.get(port.lower(), port or None))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[Record, re.Match[str]], None]], ...] = (
    (_GROUP, _grouped),
    (_IKE, _ike),
    (_NAMED, _named),
    (_FROM, _from),
)
