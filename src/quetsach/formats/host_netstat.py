"""Connections of a machine as `netstat` and `ss` print them, read by shape, in any language.

A row is a protocol and two ends; what stands around it differs by system and language. Windows
prints `TCP 10.20.3.41:51544 203.0.113.77:443 ESTABLISHED 4312`, Linux has two queues before the
ends, `ss` the state before them, BSD a dot before the port. No row carries a time.
"""

import re
from collections.abc import Iterable

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import collected, values
from quetsach.schema import Event

_BEGINS = re.compile(rb"\s*(?:tcp|udp)\w*\s", re.IGNORECASE)
_RAW_SOCKET = re.compile(rb"(?:raw|icmp|icm|p_raw)[46]?\s")
_PROTOCOL = re.compile(r"(tcp|udp)(?:4|6|46)?", re.IGNORECASE)
_PORT = re.compile(r"\d{1,5}|\*|[A-Za-z][\w-]*")
_LONGEST_ROW = 1024
_LONGEST_STATE = 40
_HEAD_LINES = 40
# An address in a line that is no row: it must not be passed over.
_ADDRESS_LIKE = re.compile(rb"\d\.\d{1,3}\.\d|::|\w:\w+:")
_ASKED = ("SYN_SENT", "SYN-SENT")
_ANSWERED = re.compile(r"ESTAB|TIME.WAIT|CLOSE.WAIT|FIN.WAIT|LAST.ACK|CLOSING", re.IGNORECASE)
_FIRST_FREE_PORT = 1024


class HostNetstat:
    """Reads the connections that a machine has open, or had until a moment ago."""

    name = "host-netstat"
    title = N_("Connections of a machine (netstat, ss)")
    reads = N_("each connection with both ends and its state; the time is that of the table")

    def recognise(self, head: bytes) -> bool:
        """Return whether it is a collected table, or begins like one."""
        held = collected.holds(head)
        if held is not None:
            return held == "netstat"
        lines = head.split(b"\n", _HEAD_LINES)[:_HEAD_LINES]
        # The last may be cut in the middle, the others may not be of another kind.
        rows = [_ends(one) is not None for one in lines[:-1] if _BEGINS.match(one)]
        return bool(rows) and all(rows)

    def layout(self, head: bytes) -> LogLayout:
        """Return the layout: which machine and when, if the first line says so."""
        return collected.layout_of("host.netstat", head)

    relayout = staticmethod(collected.relayout)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a row; headings and the names of programs between rows are skipped."""
        rows = ParsedLines()
        for offset, line in lines:
            ends = _ends(line)
            if ends is not None:
                rows.add(offset, _event(ends, layout))
            elif collected.is_comment(line) or not _ADDRESS_LIKE.search(line):
                rows.skipped.append(offset)
            elif _RAW_SOCKET.match(line):
                # A socket without ports: it has no far end.
                rows.skipped.append(offset)
            else:
                rows.reject(offset, "not-a-connection", line)
        return rows


def _ends(line: bytes) -> tuple[str, str, str, str] | None:
    """Return protocol, local end, far end and state ("" where there is none) of a row."""
    if len(line) > _LONGEST_ROW:
        return None
    words = values.as_text(line).split()
    if len(words) < 3 or (protocol := _PROTOCOL.fullmatch(words[0])) is None:
        return None
    places = [place for place, word in enumerate(words[1:7], 1) if _is_end(word)]
    # A table of translations begins in the same way, but has four ends.
    if len(places) != 2 or places[1] != places[0] + 1:
        return None
    local, far = places
    around = words[1:local] + words[far + 1 :]
    state = next((one for one in around if not one[0].isdigit() and "/" not in one), "")
    state = "" if "(" in state or state in ("-", "*") else state
    return protocol[1].lower(), words[local], words[far], state[:_LONGEST_STATE]


def _is_end(word: str) -> bool:
    host, mark, port = _split(word)
    if not mark or not host or not _PORT.fullmatch(port):
        return False
    return ":" in word or host == "*" or values.address(host) is not None


def _split(word: str) -> tuple[str, str, str]:
    return word.rpartition(":") if ":" in word else word.rpartition(".")


def _event(ends: tuple[str, str, str, str], layout: LogLayout) -> Event:
    protocol, local, far, state = ends
    event = collected.begin(layout)
    own, own_port = _address_of(local)
    other, other_port = _address_of(far)
    event["network.transport"] = protocol
    event["event.type"] = "info" if other is None else "connection"
    if state:
        event["event.action"] = state
    if state.upper() in _ASKED:
        event["event.outcome"] = "failure"
    elif _ANSWERED.match(state) is not None:
        event["event.outcome"] = "success"
    if other is not None and _was_reached(own_port, other_port):
        _put(event, "source", other, other_port)
        _put(event, "destination", own, own_port)
    else:
        _put(event, "source", own, own_port)
        _put(event, "destination", other, other_port)
    return event


def _was_reached(own_port: int | None, other_port: int | None) -> bool:
    """Return whether the other end opened it: no client picks a port below 1024 for itself."""
    if own_port is None or other_port is None:
        return False
    return 0 < own_port < _FIRST_FREE_PORT <= other_port


def _put(event: Event, side: str, address: str | None, port: int | None) -> None:
    if side == "source":
        if address is not None:
            event["source.ip"] = address
        if port:
            event["source.port"] = port
    else:
        if address is not None:
            event["destination.ip"] = address
        if port:
            event["destination.port"] = port


def _address_of(end: str) -> tuple[str | None, int | None]:
    host, _mark, port = _split(end)
    return values.assignable_address(host.strip("[]").partition("%")[0]), values.parse_port(port)
