"""ARP and neighbour tables as machines and network devices show them, read by their shape.

A row is a line with one IP address and one hardware address; headings and footers hold neither.
So one reader serves `arp -a` of Windows in any language, Linux, BSD and macOS, /proc/net/arp,
`netsh interface ipv6 show neighbors`, Get-NetNeighbor, and `show arp` or `display arp` of Cisco,
Arista, Juniper, Huawei, HP, Extreme, Fortinet, MikroTik, Ruckus, Ubiquiti and others.
"""

import re
from collections.abc import Iterable

from quetsach.addresses import parse_address
from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import tables, values
from quetsach.formats.shared.leases import family_of
from quetsach.formats.shared.tables import LineWords, SnapshotTime, words_of
from quetsach.formats.shared.values import holds_a_part, is_nobodys
from quetsach.schema import Event

_HEADING = re.compile(
    rb"(?=.*\b(?:ip[ -]?addr(?:ess)?|addr(?:ess)?|destination|host|ip|ipaddress)\b)"
    rb".*\b(?:mac|mac[ -]addr(?:ess)?|hardware|hw ?address|link-?layer ?addr(?:ess)?|physical)\b",
    re.IGNORECASE,
)
_HEADING_REACH = 200
# So many lines below its heading a table has begun; so many lines for a row, footers included.
_BELOW = 3
_SHORT = 5
_SPARSEST = 10
# What makes a line with one address of each kind a line of a log, a lease or a list.
_NOT_A_ROW = re.compile(
    rb"\b(?:19|20)\d\d[-/.]\d\d[-/.]\d\d|^[A-Z][a-z]{2} [ \d]\d |^<\d|^\d{9,}|\t"
    rb"|(?i:dhcp|\blladdr\b|\blease|\bbound\b)"
)
# `arp` without -n shows the names of neighbours in place of their addresses.
_NAMED = re.compile(rb"\S+ +ether +[0-9A-Fa-f]{1,2}:")
_NO_ANSWER = frozenset({"incomplete", "unreachable", "failed"})


class ArpTable:
    """Reads tables that say which hardware address answers for which IP address."""

    name = "arp-table"
    title = N_("ARP or neighbour table of a machine or network device")
    reads = N_("which hardware address held which address; a line “# time” dates what follows")

    def recognise(self, head: bytes) -> bool:
        """Return whether rows fill more than half of the first lines, or follow a heading."""
        lines = list(tables.first_lines(head))
        # Cheap to say of a log: no line with a time of its own is a row or an entry.
        may_be = sum(not _NOT_A_ROW.search(line[:_HEADING_REACH]) for line in lines)
        if may_be * _SPARSEST < len(lines):
            return False
        if any(family_of(line) is not None for line in lines):
            return False
        kinds = [_kind(line) for line in lines]
        rows, entries = kinds.count("row"), kinds.count("row") + kinds.count("unanswered")
        if entries <= kinds.count("foreign"):
            return False
        below = any(
            kind == "heading" and "row" in kinds[place : place + _BELOW]
            for place, kind in enumerate(kinds, start=1)
        )
        dense = 2 * entries > len(lines) and _SPARSEST * rows > len(lines)
        return dense or (below and entries * _SPARSEST >= len(lines))

    def layout(self, head: bytes) -> LogLayout:  # noqa: ARG002
        """Return the one layout there is; the time is that of the file until a line gives it."""
        return tables.layout_of("arp.table")

    relayout = staticmethod(tables.relayout)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a row; headings, groups and entries without an answer are skipped."""
        rows = ParsedLines()
        snapshot = tables.snapshot_time(layout, zone)
        for offset, line in lines:
            if not line.strip() or line.startswith(b"#"):
                layout = self.relayout(line, layout) or layout
                snapshot = tables.snapshot_time(layout, zone)
                rows.skipped.append(offset)
                continue
            words = words_of(line)
            reason = "too-long" if words is None else _unreadable(words)
            event = None if words is None or reason else _event(words, snapshot)
            if reason:
                rows.reject(offset, reason, line)
            elif event is None:
                rows.skipped.append(offset)
            else:
                rows.add(offset, event)
        return rows


def _kind(line: bytes) -> str:
    """Return what a line is in a table: heading, row, unanswered, other; foreign in another."""
    words = words_of(line)
    if words is None:
        return "foreign"
    start = line[:_HEADING_REACH]
    if not words.addresses and not words.macs:
        return "heading" if _HEADING.match(start) and not _NOT_A_ROW.search(start) else "other"
    if _NOT_A_ROW.search(start) or len(words.macs) > 1 or len(words.addresses) > 1:
        return "foreign"
    if words.macs:
        row = words.leading or _NAMED.match(line) or is_nobodys(words.macs[0])
        return "row" if row else "foreign"
    return "unanswered" if _has_no_answer(words) else "foreign"


def _has_no_answer(words: LineWords) -> bool:
    """Return whether an address without hardware address is an entry that waits, or a heading."""
    return words.leading and (
        len(words.words) <= _SHORT
        or any(word.strip("<>()").lower() in _NO_ANSWER for word in words.words)
    )


def _unreadable(words: LineWords) -> str:
    """Return why the line cannot be read, or "" for a row and for other lines."""
    if words.is_row or (words.macs and all(map(is_nobodys, words.macs))):
        return ""
    if len(words.addresses) > 1 or len(words.macs) > 1:
        return "several-addresses"
    text = " ".join(words.words)
    if words.macs:
        # `arp` without -n names the neighbour and leaves its address out.
        return "no-address"
    if holds_a_part(text) or (words.addresses and not _has_no_answer(words)):
        return "no-mac"
    return ""


def _event(words: LineWords, snapshot: SnapshotTime) -> Event | None:
    """Return the event of a row; None for a group, and for an entry without an answer."""
    if not words.is_row or is_nobodys(words.macs[0]) or _is_group(words.addresses[0]):
        return None
    if any(word.strip("<>()").lower() in _NO_ANSWER for word in words.words):
        return None
    event: Event = {
        "event.dataset": "arp.table",
        "host.ip": words.addresses[0],
        "host.mac": words.macs[0],
        "quetsach.lease.act": "seen",
    }
    name = _name(words)
    if name is not None:
        event["host.name"] = name
    return snapshot.dated(event)


def _is_group(address: str) -> bool:
    """Return whether a canonical address is a multicast one (RFC 5771; RFC 4291, 2.7)."""
    first, dot, _ = address.partition(".")
    if dot:
        return 224 <= int(first) <= 239
    # ff::1 is 00ff::1 and no group.
    return address.startswith("ff") and address.find(":") == 4


def _name(words: LineWords) -> str | None:
    """Return the name in `name (10.20.3.41) at 00:17:a4:b2:c3:d4`, the form of `arp -a`."""
    if len(words.words) < 4 or words.words[2] != "at" or words.words[0] == "?":
        return None
    name = values.text(words.words[0])
    # An address in place of a name would pass for another machine's key.
    return None if name is None or parse_address(name) is not None else name
