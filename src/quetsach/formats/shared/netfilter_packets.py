"""A packet as the Linux kernel's netfilter logs it: iptables and nftables LOG, ufw, OpenWrt.

`prefix IN=br-lan OUT=ppp0 MAC=.. SRC=.. DST=.. LEN=.. .. PROTO=TCP SPT=.. DPT=.. .. SYN URGP=0`
The message of an ICMP error quotes the packet it is about in brackets behind its own fields; what
is quoted is never read.
Source: the Linux kernel, net/netfilter/nf_log_syslog.c; ufw(8).
"""

import re
from typing import Any

from quetsach.formats.shared import values

NETFILTER = "netfilter"
"""The data set of a packet."""

_MAYBE = re.compile(r"IN=\S{0,32} OUT=|\bSRC=\S{0,64} DST=")
_ARP = re.compile(r"IN=\S{0,32} OUT=\S{0,32} (?:MAC\w{0,8}=\S{0,100} ){0,4}ARP HTYPE=")
_PACKET = re.compile(
    # An interface has at most 15 characters. Names that come once may not come again.
    r"IN=(?P<entered>[^\s=]{0,15}) OUT=[^\s=]{0,15} "
    r"(?:(?!IN=|OUT=|SRC=|DST=|PROTO=)[A-Z]{2,12}=[^\s=]{0,512} {1,2}){0,10}"
    r"SRC=(?P<source>[0-9A-Fa-f.:]{2,45}) DST=(?P<destination>[0-9A-Fa-f.:]{2,45}) LEN=\d{1,6} "
    r"(?:TOS=0x[0-9A-Fa-f]{2} PREC=0x[0-9A-Fa-f]{2} TTL=\d{1,3} ID=\d{1,5}"
    r"|TC=\d{1,3} HOPLIMIT=\d{1,3} FLOWLBL=\d{1,7}) "
    r"(?:(?:CE|DF|MF) |FRAG:\d{1,5} |OPT \([^()]{0,200}\) ){0,8}"
    r"PROTO=(?P<protocol>TCP|UDP|UDPLITE|ICMP|ICMPv6|AH|ESP|\d{1,3})(?= |$)"
)
_FIELDS = re.compile(r"(?:IN|OUT|SRC|DST|PROTO)=")
_PORTS = re.compile(r" SPT=(\d{1,5}) DPT=(\d{1,5})(?= |$)")
_TCP = re.compile(
    r"(?: SEQ=\d{1,10} ACK=\d{1,10})? WINDOW=\d{1,5} RES=0x[0-9A-Fa-f]{2}"
    r"(?P<flags>(?: (?:CWR|ECE|URG|ACK|PSH|RST|SYN|FIN)){0,8}) URGP=\d{1,5}(?= |$)"
)
_UDP = re.compile(r" LEN=\d{1,5}(?= |$)")
_ICMP = re.compile(r" TYPE=(\d{1,3}) CODE=\d{1,3}(?= |$)")
# Of a later fragment, and of a packet cut short, the fields of the protocol are not there.
_HEADLESS = re.compile(r"FRAG:\d{1,5} (?:OPT \([^()]{0,200}\) )?PROTO=|PROTO=\w+ INCOMPLETE \[\d")
_INCOMPLETE = len(" INCOMPLETE [1")
_ETHERNET = re.compile(
    r" MAC=(?:[0-9A-Fa-f]{2}:){6}((?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}):(?:08:00|86:dd|81:00) "
)
_UFW = re.compile(r"\[UFW (?:LIMIT )?(BLOCK|ALLOW)\]")
_VERDICT = re.compile(r"(?<![A-Za-z])(drop|reject|accept)(?:ped|ed)?(?![A-Za-z])", re.IGNORECASE)
_DENIED = frozenset({"BLOCK", "DROP", "REJECT"})
_WITH_PORTS = frozenset({"tcp", "udp", "udplite"})
_ECHO_REQUESTS = frozenset({"8", "128"})
_SERVER_PORTS = 1024
_DNS_PORT = 53


class DamagedPacketError(Exception):
    """A packet was logged, but the line is not as the kernel writes one."""


def is_packet_message(message: str) -> bool:
    """Return whether a kernel message describes an IP packet, whole or damaged."""
    return _MAYBE.search(message) is not None and _ARP.search(message) is None


def read_packet(message: str) -> dict[str, Any] | None:
    """Return the event of a packet that opens a contact, None where it may be an answer.

    A log of single packets does not tell who began. TCP says it by SYN without ACK, ICMP by an
    echo request, UDP by its ports unless it is sent from a server's port.
    Errors: DamagedPacketError.
    """
    packet = _PACKET.search(message)
    # The rule's prefix precedes the packet: fields there belong to a line run into this one.
    if packet is None or _FIELDS.search(message, 0, packet.start()):
        raise DamagedPacketError
    source, destination = values.address(packet["source"]), values.address(packet["destination"])
    if source is None or destination is None or (":" in source) != (":" in destination):
        raise DamagedPacketError
    transport = values.transport(packet["protocol"])
    rest = message[packet.end() :]
    if _HEADLESS.search(message, packet.start(), packet.end() + _INCOMPLETE):
        return None
    ports = _ports(transport, rest)
    if not _opens(transport, ports, rest):
        return None
    if _FIELDS.search(rest):
        raise DamagedPacketError
    record: dict[str, Any] = {
        "event.dataset": NETFILTER,
        "event.type": "connection",
        "network.transport": transport,
    }
    values.set_end(record, "source", source, None if ports is None else ports[0])
    values.set_end(record, "destination", destination, None if ports is None else ports[1])
    ethernet = _ETHERNET.search(message, packet.start(), packet.start("source"))
    mac = None if ethernet is None or not packet["entered"] else values.hardware(ethernet[1])
    if mac is not None and not values.is_nobodys(mac):
        record["source.mac"] = mac
    _set_action(record, message[: packet.start()])
    return record


def _ports(transport: str | None, rest: str) -> tuple[int, int] | None:
    """Return both ports, None where the packet has none.

    Errors: DamagedPacketError.
    """
    if transport not in _WITH_PORTS:
        return None
    written = _PORTS.match(rest)
    if written is None:
        raise DamagedPacketError
    source, destination = values.parse_port(written[1]), values.parse_port(written[2])
    pattern = _TCP if transport == "tcp" else _UDP
    if source is None or destination is None or pattern.match(rest, written.end()) is None:
        raise DamagedPacketError
    return source, destination


def _opens(transport: str | None, ports: tuple[int, int] | None, rest: str) -> bool:
    """Return whether the packet is the first of its contact.

    Errors: DamagedPacketError.
    """
    if transport == "icmp":
        kind = _ICMP.match(rest)
        if kind is None:
            raise DamagedPacketError
        return kind[1] in _ECHO_REQUESTS
    if ports is None:
        return False
    if transport != "tcp":
        source, destination = ports
        return source != _DNS_PORT and not source < _SERVER_PORTS <= destination
    flags = _TCP.search(rest)
    return flags is not None and "SYN" in flags["flags"] and "ACK" not in flags["flags"]


def _set_action(record: dict[str, Any], prefix: str) -> None:
    """Put what became of the packet into `record`, if the rule's prefix says it in a plain word."""
    ufw = _UFW.search(prefix)
    verdicts = [ufw[1]] if ufw is not None else [word.upper() for word in _VERDICT.findall(prefix)]
    if len(set(verdicts)) != 1:
        return
    record["event.action"] = verdicts[0]
    if verdicts[0] in _DENIED:
        record["event.type"], record["event.outcome"] = "denied", "failure"
