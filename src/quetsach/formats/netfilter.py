"""Packets that the Linux kernel's netfilter logs into syslog, with the lines of other programs.

A firewall that writes a DHCP server's lines too is read as `dhcp-syslog`, which reads these
packets just the same: a file has one form, and the form only says what its lines have in common.
"""

from collections.abc import Iterable

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared.netfilter_packets import NETFILTER
from quetsach.formats.shared.server_syslog import (
    is_dhcp_line,
    is_packet_line,
    lacks_date,
    parse_server_syslog,
)
from quetsach.formats.shared.syslog import clock_of


class Netfilter:
    """Packets logged by a Linux firewall: iptables, nftables, ufw, OpenWrt."""

    name = "netfilter"
    title = N_("Linux firewall log (iptables, nftables, ufw, OpenWrt)")
    reads = N_("packets that open a contact, dnsmasq's questions, DHCP; other lines as any text")

    def recognise(self, head: bytes) -> bool:
        """Return whether a line is a packet of the kernel, and none is a DHCP server's."""
        lines = head.split(b"\n")
        return any(map(is_packet_line, lines)) and not any(map(is_dhcp_line, lines))

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is, by the head of the first packet."""
        packet = next(filter(is_packet_line, head.split(b"\n")), b"")
        return LogLayout(
            NETFILTER,
            clock=clock_of(packet),
            # Leases may follow further down.
            marker=b"DHCP",
            needs_date=lacks_date(packet),
        )

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a line; a damaged packet is a reject."""
        return parse_server_syslog(lines, layout, zone)
