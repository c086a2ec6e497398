"""DHCP in syslog: the lines of ISC dhcpd, dnsmasq and RouterOS, among whatever else is there.

An address is held once it was acknowledged; what was only asked for or offered is an event without
one. The answer to a DHCPINFORM tells that a machine is there with an address that it had already.
Firewall packets and the questions put to dnsmasq are read too, other lines as any text.
"""

import re
from collections.abc import Iterable

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared.server_syslog import (
    DHCP,
    is_dhcp_line,
    lacks_date,
    parse_server_syslog,
)
from quetsach.sieve.contract import LineClock


class DhcpSyslog:
    """Who was given which address, from the syslog of a DHCP server."""

    name = "dhcp-syslog"
    title = N_("Syslog with DHCP (ISC dhcpd, dnsmasq, RouterOS)")
    reads = N_("addresses given, released and expired; firewall packets and dnsmasq's questions")

    def recognise(self, head: bytes) -> bool:
        """Return whether any of the first lines is one of a DHCP server's."""
        return any(map(is_dhcp_line, head.split(b"\n")))

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is in a line, and what the lines of DHCP have in common."""
        messages = list(filter(is_dhcp_line, head.split(b"\n")))
        return LogLayout(
            DHCP,
            clock=_clock(messages[0]) if messages else None,
            marker=_marker(messages),
            needs_date=any(map(lacks_date, messages)),
        )

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event for each line that is not blank; a damaged packet is a reject."""
        return parse_server_syslog(lines, layout, zone)


def _marker(messages: list[bytes]) -> bytes:
    """Return what all these lines of DHCP hold, so that the others need not be parsed."""
    for common in (b"DHCP", b"assigned "):
        if all(common in line for line in messages):
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
