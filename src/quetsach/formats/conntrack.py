"""Linux connection tracking: `conntrack -E`, `conntrack -L` and /proc/net/nf_conntrack.

The first addresses of a line are the connection as it was opened, the second those of the answers
that are awaited: what the answers are sent to is the source after translation, and what they come
from is the destination after translation.
Source: conntrack(8); the Linux kernel, net/netfilter/nf_conntrack_standalone.c.
"""

import re
from collections.abc import Iterable, Mapping

from quetsach.clocks import MICROSECONDS, Zone, within
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines, read_each
from quetsach.formats.shared import values
from quetsach.formats.shared.text_lines import first_of, mostly
from quetsach.schema import Event
from quetsach.sieve.contract import LineClock

_ADDRESS = r"([\dA-Fa-f.:]{2,45})"
# 0 to 65535: a number beyond is damage, and no port is made of its digits.
_PORT = r"(\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])(?!\d)"
_PORTS = rf"(?: sport={_PORT} dport={_PORT}| type=\d+ code=\d+ id={_PORT}| srckey=\S+ dstkey=\S+)?"
_COUNTS = r"(?: packets=\d+ bytes=(\d{1,18}))?"
_BEGIN = (
    r"\s{0,16}(?:\[(\d{9,10})\.(\d{1,6})\d*\])?\s{0,16}(?:\[(NEW|UPDATE|DESTROY)\]\s{1,16})?"
    r"(?:ipv[46]\s{1,16}\d+\s{1,16})?"
    r"([a-z][a-z0-9_\-]{0,15})\s{1,16}\d{1,3}\s{1,16}(?:\d+\s{1,16})?(?:([A-Z][A-Z_0-9]*)\s{1,16})?"
)
_FLOW = re.compile(
    rf"{_BEGIN}src={_ADDRESS} dst={_ADDRESS}{_PORTS}{_COUNTS}( \[UNREPLIED\])?"
    # Without its end a line could lose a port, and no port would mean any port.
    rf" src={_ADDRESS} dst={_ADDRESS}{_PORTS}{_COUNTS}(?= (?!sport=|type=)|\s*$)"
)
_OURS = re.compile(f"{_BEGIN}src={_ADDRESS} dst={_ADDRESS} ".encode())
_TOLD = re.compile(rb"\s{0,16}\[\d{9,10}\.\d")
_LIVED = re.compile(r"\bdelta-time=(\d{1,9})\b")
# What `conntrack -L` says on its way out.
_REMARK = re.compile(rb"#|\s{0,16}conntrack v\d")
_ANSWERED = frozenset(
    {"SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT"}
)
_TRANSPORTS = {"icmpv6": "icmp"}
_ACTIONS: Mapping[str | None, str] = {"NEW": "new", "UPDATE": "update", "DESTROY": "destroy"}


class Conntrack:
    """Connections that a Linux router tracks, with their addresses before and after translation."""

    name = "conntrack"
    title = N_("Linux connection tracking (conntrack)")
    reads = N_("connections with translated addresses and ports: conntrack -E, -L, nf_conntrack")

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first lines are connections as conntrack writes them."""
        return mostly(head, _OURS.match)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is: behind the first bracket, with `-o timestamp` only."""
        told = _TOLD.match(first_of(head, _OURS.match)) is not None
        clock = LineClock(needle=b"[", epoch=True) if told else None
        return LogLayout("conntrack", clock=clock, needs_date=not told, translates=True)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event a connection or change of one; other lines are rejects.

        Units: lines without a time of their own have that of the file, which is rough.
        """

        def read(line: bytes) -> Event | None:
            flow = _FLOW.match(values.as_text(line))
            return None if flow is None else _event(flow, layout.taken_us)

        return read_each(lines, read, _REMARK.match, "not-a-connection")


def _event(flow: re.Match[str], taken_us: int | None) -> Event | None:
    """Return the event of a line, or None where an end of it is no address."""
    # Written out rather than looped over: millions of such lines are read for one notice.
    (
        seconds, fraction, kind, transport, state,
        source, destination, sport, dport, query, sent, unreplied,
        back_source, back_destination, back_sport, back_dport, back_query, received,
    ) = flow.groups()  # fmt: skip
    address = values.address
    # The answers nearly always come from where the connection went to.
    same = back_source == destination
    source, destination, answered = address(source), address(destination), address(back_destination)
    answerer = destination if same else address(back_source)
    if source is None or destination is None or answerer is None or answered is None:
        return None
    event: Event = {
        "event.dataset": "conntrack",
        "event.type": "connection",
        "event.action": _ACTIONS.get(kind, "listed"),
        "network.transport": _TRANSPORTS.get(transport, transport),
        "source.ip": source,
        "destination.ip": destination,
    }
    # A ping has no ports; its number is translated as a port is, and the answer carries it too.
    if query is not None:
        sport, back_dport, dport, back_sport = query, back_query, None, None
    source_port = None if sport is None else int(sport)
    remote_port = None if dport is None else int(dport)
    public_port = None if back_dport is None else int(back_dport)
    inner_port = None if back_sport is None else int(back_sport)
    if source_port is not None:
        event["source.port"] = source_port
    if remote_port is not None:
        event["destination.port"] = remote_port
    if answered != source or public_port != source_port:
        event["source.nat.ip"] = answered
        if public_port is not None:
            event["source.nat.port"] = public_port
    if answerer != destination or inner_port != remote_port:
        event["destination.nat.ip"] = answerer
        if inner_port is not None:
            event["destination.nat.port"] = inner_port
    if sent is not None:
        event["source.bytes"] = int(sent)
    if received is not None:
        event["destination.bytes"] = int(received)
    _set_outcome(event, flow, state, unreplied=unreplied is not None)
    if seconds is None:
        _set_capture_time(event, taken_us)
    else:
        _set_time(event, int(seconds) * MICROSECONDS + int(fraction.ljust(6, "0")), flow)
    return event


def _set_capture_time(event: Event, taken_us: int | None) -> None:
    if taken_us is not None:
        event["@timestamp"] = taken_us
        event["quetsach.time.rough"] = True


def _set_outcome(event: Event, flow: re.Match[str], state: str | None, *, unreplied: bool) -> None:
    """Say whether the other side answered; when a connection is new, that is not known yet."""
    if unreplied:
        if event["event.action"] != "new":
            event["event.outcome"] = "failure"
    elif (
        state in _ANSWERED
        or event["network.transport"] != "tcp"
        # A refused connection has had its answer too, but is never assured.
        or flow.string.find("[ASSURED]", flow.end()) >= 0
    ):
        event["event.outcome"] = "success"


def _set_time(event: Event, when_us: int, flow: re.Match[str]) -> None:
    """Put the time of a line with one into `event`: as the start or the end, where it is one."""
    when = within(when_us)
    if when is None:
        return
    event["@timestamp"] = when
    if event["event.action"] == "new":
        event["event.start"] = when
    elif event["event.action"] == "destroy":
        event["event.end"] = when
        lived = _LIVED.search(flow.string, flow.end())
        if lived is not None:
            event["event.start"] = when - int(lived[1]) * MICROSECONDS
            event["event.duration"] = int(lived[1]) * 1000 * MICROSECONDS
