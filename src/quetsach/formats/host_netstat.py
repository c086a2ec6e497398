"""Connections of a machine as `netstat` and `ss` print them, read by shape, in any language.

A row is a protocol and two ends; what stands around it differs by system and language. Windows
prints `TCP 10.20.3.41:51544 203.0.113.77:443 ESTABLISHED 4312`, Linux has two queues before the
ends, `ss` the state before them, BSD a dot before the port, macOS two words before the protocol.
BSD cuts an end that is longer than its column. No row carries a time.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import collected, values
from quetsach.schema import Event

# macOS puts the addresses of its own structures first (netstat -A); ss leaves the protocol out
# where it was asked for one alone.
_BEGINS = re.compile(
    rb"\s*(?:[0-9a-f]{8,16}\s+(?:[0-9a-f]{1,8}\s+)?)?(?:tcp|udp)\w*\s"
    rb"|(?:ESTAB|SYN-(?:SENT|RECV)|(?:TIME|CLOSE)-WAIT|FIN-WAIT-[12]|LAST-ACK|CLOSING|LISTEN"
    rb"|UNCONN)\s+\d+\s+\d+\s",
    re.IGNORECASE,
)
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
# The heading of ss, whose first rows may all be of other sockets.
_HEADING = re.compile(rb"(?:Netid +)?State +Recv-Q +Send-Q +Local Address:Port +Peer Address:Port")
# 1489/master (Linux), users:(("sshd",pid=1215,fd=3)) (ss), a last number (Windows).
_OF_LINUX = re.compile(r"(\d{1,10})/([^/\s]{1,64}):?")
_OF_SS = re.compile(r'users:\(\("([^"]{1,64})",(?:pid=)?(\d{1,10})')
_OF_BSD = re.compile(rb"(\S+\.\d+|\S+\.\*)( +)(\S+\.\d+|\S+\.\*)( +|$)")


class HostNetstat:
    """Reads the connections that a machine has open, or had until a moment ago."""

    name = "host-netstat"
    title = N_("Connections of a machine (netstat, ss)")
    reads = N_("each connection with both ends, state and program; the time is that of the table")

    def recognise(self, head: bytes) -> bool:
        """Return whether it is a collected table, or begins like one."""
        held = collected.holds(head)
        if held is not None:
            return held == "netstat"
        lines = head.split(b"\n", _HEAD_LINES)[:_HEAD_LINES]
        if any(_HEADING.match(one) for one in lines[:4]):
            return True
        # The last may be cut in the middle, the others may not be of another kind.
        rows = [_row(one) is not None for one in lines[:-1] if _BEGINS.match(one)]
        return bool(rows) and all(rows)

    def layout(self, head: bytes) -> LogLayout:
        """Return the layout: which machine and when, if the first line says so."""
        return collected.layout_of("host.netstat", head)

    relayout = staticmethod(collected.relayout)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a row; headings and the names of programs between rows are skipped."""
        rows = ParsedLines()
        for offset, line in lines:
            row = _row(line)
            if row is not None:
                rows.add(offset, _event(row, layout))
            elif collected.is_comment(line) or not _ADDRESS_LIKE.search(line):
                rows.skipped.append(offset)
            elif _RAW_SOCKET.match(line):
                # A socket without ports: it has no far end.
                rows.skipped.append(offset)
            else:
                rows.reject(offset, "not-a-connection", line)
        return rows


@dataclass(frozen=True)
class _Row:
    """One connection: its protocol ("" where it is not told), both ends, state and program."""

    protocol: str
    local: str
    far: str
    state: str
    cut: tuple[bool, bool] = (False, False)
    program: str | None = None
    process: int | None = None


def _row(line: bytes) -> _Row | None:
    if len(line) > _LONGEST_ROW or _BEGINS.match(line) is None:
        return None
    words = values.as_text(line).split()
    first = next((at for at, word in enumerate(words[:3]) if _PROTOCOL.fullmatch(word)), None)
    if first is None:
        first, protocol = -1, ""
    else:
        protocol = words[first].lower().rstrip("46")
    places = [
        at for at, word in enumerate(words[first + 1 : first + 8], first + 1) if _is_end(word)
    ]
    # A table of translations begins in the same way, but has four ends.
    if len(places) != 2 or places[1] != places[0] + 1:
        return None
    local, far = places
    around = words[first + 1 : local] + words[far + 1 :]
    state = next((one for one in around if not one[0].isdigit() and "/" not in one), "")
    state = "" if "(" in state or state in ("-", "*") else state[:_LONGEST_STATE]
    program, process = _program(words[far + 1 :])
    return _Row(protocol, words[local], words[far], state, _cut(line), program, process)


def _program(behind: list[str]) -> tuple[str | None, int | None]:
    """Return the name and number of the process behind the ends of a row."""
    for word in behind:
        of_linux = _OF_LINUX.fullmatch(word)
        if of_linux is not None:
            return of_linux[2], int(of_linux[1])
        of_ss = _OF_SS.match(word)
        if of_ss is not None:
            return of_ss[1], int(of_ss[2])
    last = behind[-1] if behind and len(behind) <= 2 else ""
    # netstat -o of Linux has a timer there, in brackets.
    return None, int(last) if last.isascii() and last.isdigit() and len(last) <= 10 else None


def _cut(line: bytes) -> tuple[bool, bool]:
    """Return which ends may be cut off: BSD fills its columns, and leaves one blank between."""
    ends = _OF_BSD.search(line)
    if ends is None:
        return False, False
    return len(ends[2]) == 1, len(ends[4]) == 1


def _is_end(word: str) -> bool:
    host, mark, port = _split(word)
    if not mark or not host or not _PORT.fullmatch(port):
        return False
    return ":" in word or host == "*" or values.address(host) is not None


def _split(word: str) -> tuple[str, str, str]:
    """Return host, mark and port: BSD puts a dot before the port, others a colon."""
    return word.rpartition(":" if word.rfind(":") > word.rfind(".") else ".")


def _event(connection: _Row, layout: LogLayout) -> Event:
    event = collected.begin(layout)
    own, own_port = _address_of(connection.local, may_be_cut=connection.cut[0])
    other, other_port = _address_of(connection.far, may_be_cut=connection.cut[1])
    if connection.protocol:
        event["network.transport"] = connection.protocol
    event["event.type"] = "info" if other is None else "connection"
    if connection.state:
        event["event.action"] = connection.state
    if connection.state.upper() in _ASKED:
        event["event.outcome"] = "failure"
    elif _ANSWERED.match(connection.state) is not None:
        event["event.outcome"] = "success"
    if connection.program is not None:
        event["process.name"] = connection.program
    if connection.process:
        event["process.pid"] = connection.process
    if other is not None and _was_reached(own_port, other_port):
        _put(event, "source", other, other_port)
        _put(event, "destination", own, own_port)
        collected.is_reached(event)
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


def _address_of(end: str, *, may_be_cut: bool) -> tuple[str | None, int | None]:
    host, _mark, port = _split(end)
    address = values.assignable_address(host.strip("[]").partition("%")[0])
    if may_be_cut:
        # Of an IPv4 address all is there once a port begins; of the port any digits may be missing.
        return (address if address is not None and "." in address else None), None
    return address, values.parse_port(port)
