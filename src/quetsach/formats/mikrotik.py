"""Firewall lines of MikroTik RouterOS: by syslog, or from its own log file.

`... in:bridge out:ether1, src-mac .., proto TCP (SYN), A:p->B:q, NAT (A:p->C:r)->B:q, len 52`
Source: the RouterOS manual, Log and Firewall; the form of the NAT part by lines seen.
"""

import re
from collections.abc import Iterable
from typing import Any

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import text_lines, values
from quetsach.formats.shared.line_fronts import is_in_anothers
from quetsach.formats.shared.syslog import SyslogHeader, clock_of, head_of, lacks_year, set_head
from quetsach.formats.shared.text_lines import first_of, mostly
from quetsach.formats.shared.values import set_end, set_translation

_FIREWALL = re.compile(
    r"(?:^|\s)([A-Za-z0-9_\-]{1,64}):? in:.{1,64}? out:.{1,64}?[, ] ?(?:.{0,200}?[, ])?proto "
    r"([A-Za-z0-9\-]{1,20})"
)
_OURS = re.compile(
    rb"(?:^|\s)[A-Za-z0-9_\-]{1,64}:? in:.{1,64}? out:.{1,64}?[, ] ?(?:.{0,200}?[, ])?"
    rb"proto [A-Za-z0-9]"
)
_TOPICS = re.compile(rb"(?:^|\s)[a-z0-9\-]+,(?:info|warning|error|critical|debug)[, ]")
_ONE = r"(?:\[([\dA-Fa-f:.]{2,45})\]|(\d{1,3}(?:\.\d{1,3}){3})|([\dA-Fa-f:]{2,45}))(?::(\d{1,5}))?"
_ENDS = re.compile(rf", {_ONE}->{_ONE}(?:, |$)")
# Source, source after; destination, destination after: only what changes is in brackets.
_NAT = re.compile(rf", NAT (?:\({_ONE}->{_ONE}\)|{_ONE})->(?:\({_ONE}->{_ONE}\)|{_ONE})(?:, |$)")
_MAC = re.compile(r"[, ]src-mac ([0-9A-Fa-f:]{17})[, ]")
_LIST_OF_TOPICS = re.compile(r"[a-z0-9\-]{1,32}(?:,[a-z0-9\-]{1,32}){1,8}:?(?: |$)")
_LEASE = re.compile(
    r"\bdhcp,(?:[a-z,]{2,40}):? (\S{1,64}) (assigned|deassigned) (\d{1,3}(?:\.\d{1,3}){3})"
    r" (?:to|from|for) ([0-9A-Fa-f:]{17})(?: (\S{1,64}))?"
)
_DENIED = re.compile(r"(?:^|[^a-z])(?:drop|deny|denied|reject|block)", re.IGNORECASE)
# RouterOS 6 in its own files: sep/01/2026 08:15:22, and sep/01 08:15:22 in the running year.
_OWN_DATE = re.compile(r"([a-z]{3})/(\d\d)(?:/(\d{4}))? (\d\d:\d\d:\d\d) ")
_LONGEST = 8192


class MikroTik:
    """Firewall log lines of a MikroTik router, with the translation where it logs one."""

    name = "mikrotik"
    title = N_("MikroTik RouterOS log")
    reads = N_(
        "firewall lines with hardware address and translated addresses, DHCP; others as text"
    )

    def recognise(self, head: bytes) -> bool:
        """Return whether most first lines are RouterOS's, and one of them its firewall's."""
        if b"CEF:" in head:
            return False
        ours = mostly(head, lambda line: _firewall(line) or _TOPICS.search(line[:_LONGEST]))
        return ours and first_of(head, _firewall) != b""

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is, by the head of the first firewall line."""
        line = first_of(head, _firewall)
        needs = lacks_year(line) or re.match(rb"[a-z]{3}/\d\d ", line) is not None
        return LogLayout(
            "mikrotik.firewall",
            clock=clock_of(line),
            marker=b"assigned ",
            needs_date=needs,
            translates=True,
        )

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a line; those of other parts of the router as `text`."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            head = _head(values.as_text(line[:_LONGEST].rstrip()), layout, zone)
            match = _FIREWALL.search(head.rest)
            ends = None if match is None else _ENDS.search(head.rest, match.end())
            lease = None if match is not None else _LEASE.search(head.rest)
            match = None if _is_in_anothers(head.rest, match) else match
            lease = None if _is_in_anothers(head.rest, lease) else lease
            ends = ends if match is not None else None
            if lease is not None:
                record = _lease(lease)
            elif match is None or ends is None:
                # A clock before its first NTP answer is in 1970: such a line has no time.
                record = text_lines.read(line, zone)
            else:
                record = _record(head.rest, match, ends)
            set_head(record, head, zone)
            rows.add(offset, record)
        return rows


def _is_in_anothers(text: str, found: re.Match[str] | None) -> bool:
    return found is not None and is_in_anothers(text, found.start())


def _firewall(line: bytes) -> bool:
    return _OURS.search(line[:_LONGEST]) is not None and b"->" in line


def _head(text: str, layout: LogLayout, zone: Zone) -> SyslogHeader:
    own = _OWN_DATE.match(text)
    if own is not None:
        month, day, year, clock = own.groups()
        dated = (
            f"{month.title()} {day} {year} {clock}" if year else f"{month.title()} {day} {clock}"
        )
        text = f"{dated} {text[own.end() :]}"
    head = head_of(text, layout, zone)
    if "," in head.host:
        # No host is in these: what was taken for one are the topics, `firewall,info`.
        return SyslogHeader(head.when_us, head.applied, "", f"{head.host} {head.rest}")
    return head


def _record(text: str, match: re.Match[str], ends: re.Match[str]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "event.dataset": "mikrotik.firewall",
        "event.type": "connection",
        "network.transport": values.transport(match[2].lower()),
    }
    set_end(record, "source", *_end(ends, 0))
    set_end(record, "destination", *_end(ends, 1))
    nat = _NAT.search(text, ends.end() - 2)
    for number, side in ((0, "source"), (3, "destination")):
        if nat is not None and _end(nat, number)[0] is not None:
            # The line begins with the packet as it is now; the original end is here.
            set_end(record, side, *_end(nat, number))
            set_translation(record, side, *_end(nat, number + 1))
    mac = _MAC.search(text, match.start(), ends.start() + 2)
    if mac is not None:
        record["source.mac"] = values.mac(mac[1])
    prefix = _LIST_OF_TOPICS.sub("", text[: match.start(1)].strip(), count=1).strip()
    if prefix:
        # The log does not tell what became of a packet; by custom the rule's own prefix does.
        record["event.action"] = prefix
        if _DENIED.search(prefix):
            record["event.type"], record["event.outcome"] = "denied", "failure"
    return {field: value for field, value in record.items() if value is not None}


def _lease(found: re.Match[str]) -> dict[str, Any]:
    """Return who was given an address: a router logs it beside the packets of its firewall."""
    server, act, ip, mac, name = found.groups()
    record: dict[str, Any] = {"event.dataset": "mikrotik.dhcp", "event.type": "info"}
    record["event.action"] = act
    record["quetsach.lease.act"] = "given" if act == "assigned" else "released"
    record["quetsach.lease.server"] = server
    record["host.ip"] = values.assignable_address(ip)
    record["host.mac"] = values.mac(mac)
    record["host.name"] = values.text(name)
    return {field: value for field, value in record.items() if value is not None}


def _end(found: re.Match[str], number: int) -> tuple[str | None, str | None]:
    """Return address and port of the end that is at `number` in the pattern."""
    bracketed, four, six, port = found.groups()[4 * number : 4 * number + 4]
    return bracketed or four or six, port
