"""Flows as routers export them: one record a direction, joined where both halves are there.

A router sees packets of each direction and exports them apart. The half that a server sent is no
contact of its own: where its other half is in the file, that tells the contact, and this one is
only an answer. Where it is not clear which half began, none of them says who reached whom.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

from quetsach.captures.contract import FLOW_ANSWER, FLOW_HALF, LineSink
from quetsach.clocks import within

MOST_OPEN = 50_000
"""So many flows wait for their other half; the oldest is then told alone."""

TCP, UDP = 6, 17
_WITH_PORTS = {TCP: "tcp", UDP: "udp", 132: "sctp", 33: "dccp"}
_TRANSPORTS = {**_WITH_PORTS, 1: "icmp", 58: "icmp", 47: "gre", 50: "esp"}
_SYN, _RST, _ACK = 0x02, 0x04, 0x10
_ICMP = {1: (8,), 58: (128,)}
_WELL_KNOWN = 1024
_EPHEMERAL = 32_768
"""Systems take the ports of clients from here on (Linux), or higher (RFC 6335)."""
_SLACK_US = 2_000_000
_SAME_EXPORT_US = 60_000_000
_LATEST_AHEAD_US = 300 * 1_000_000
_LONGEST_BACK_US = 35 * 86_400 * 1_000_000
_NOWHERE = ("0.0.0.0", "::")  # noqa: S104 - a value, nothing is bound


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One record of an exporter; what it does not tell is None.

    Units: times in us since 1970 UTC; `exported_us` is when the exporter sent the record.
    """

    dataset: str
    source: str
    destination: str
    source_port: int | None = None
    destination_port: int | None = None
    protocol: int | None = None
    start_us: int | None = None
    end_us: int | None = None
    exported_us: int | None = None
    sent: int | None = None
    answered: int | None = None
    flags: int | None = None
    source_nat: tuple[str | None, int | None] = (None, None)
    destination_nat: tuple[str | None, int | None] = (None, None)
    is_denied: bool = False
    action: str | None = None
    outcome: str | None = None
    host: str | None = None
    path: str | None = None
    method: str | None = None
    agent: str | None = None


Ends = tuple[str, int | None, str, int | None, int | None]


class FlowPairs:
    """Joins the halves of connections, and writes each as one event."""

    def __init__(self, sink: LineSink, most_open: int = MOST_OPEN) -> None:
        self._sink, self._most = sink, most_open
        self._open: OrderedDict[Ends, Flow] = OrderedDict()

    def add(self, flow: Flow) -> None:
        """Take one flow; it is written now, or when its other half has come, or at the end."""
        flow = _with_sane_times(flow)
        if flow.answered is not None or flow.is_denied:
            # Told of both directions at once, or of one that was stopped.
            self._write(flow)
            return
        for ends in _ends_of_answer(flow):
            other = self._open.get(ends)
            joined = None if other is None else _joined(other, flow)
            if joined is not None and other is not None:
                del self._open[ends]
                self._sink.event(event_of(joined))
                answer = flow if joined.source == other.source else other
                self._sink.event(event_of(replace(answer, dataset=FLOW_ANSWER)))
                return
        key = (
            flow.source,
            flow.source_port,
            flow.destination,
            flow.destination_port,
            flow.protocol,
        )
        before = self._open.pop(key, None)
        if before is not None:
            self._write(before)
        self._open[key] = flow
        if len(self._open) > self._most:
            self._write(self._open.popitem(last=False)[1])

    def finish(self) -> None:
        """Write the flows whose other half did not come."""
        while self._open:
            self._write(self._open.popitem(last=False)[1])

    def _write(self, flow: Flow) -> None:
        is_clear = flow.answered is not None or flow.is_denied or _begins(flow)
        self._sink.event(event_of(flow if is_clear else replace(flow, dataset=FLOW_HALF)))


def _with_sane_times(flow: Flow) -> Flow:
    """Return the flow without times that its export contradicts: some exporters count wrong."""
    exported_us = flow.exported_us
    if exported_us is None:
        return flow
    for when in (flow.start_us, flow.end_us):
        if when is not None and not (
            exported_us - _LONGEST_BACK_US <= when <= exported_us + _LATEST_AHEAD_US
        ):
            return replace(flow, start_us=None, end_us=None)
    return flow


def _ends_of_answer(flow: Flow) -> list[Ends]:
    """Return the ends that the other half of `flow` may have; a translated one was seen inside."""
    ends = [(flow.destination, flow.destination_port, flow.source, flow.source_port, flow.protocol)]
    address, port = flow.destination_nat
    if address is not None or port is not None:
        inside = address or flow.destination
        inside_port = flow.destination_port if port is None else port
        ends.append((inside, inside_port, flow.source, flow.source_port, flow.protocol))
    address, port = flow.source_nat
    if address is not None or port is not None:
        outside = address or flow.source
        outside_port = flow.source_port if port is None else port
        ends.append((flow.destination, flow.destination_port, outside, outside_port, flow.protocol))
    return ends


def _joined(first: Flow, second: Flow) -> Flow | None:
    """Return the connection of two halves; None where it is not clear that they are one."""
    if not _overlap(first, second):
        return None
    opener = _opener(first, second)
    if opener is None:
        return None
    answer = second if opener is first else first
    failed = (
        opener.protocol == TCP
        and bool((answer.flags or 0) & _RST)
        and not ((answer.flags or 0) & _SYN)
    )
    starts = [each for each in (first.start_us, second.start_us) if each is not None]
    ends = [each for each in (first.end_us, second.end_us) if each is not None]
    return replace(
        opener,
        start_us=min(starts, default=None),
        end_us=max(ends, default=None),
        answered=answer.sent,
        outcome="failure" if failed else "success",
    )


def _overlap(first: Flow, second: Flow) -> bool:
    if first.start_us is None or second.start_us is None:
        told, told_second = first.exported_us, second.exported_us
        unknown = first.start_us is None and second.start_us is None
        close = told is not None and told_second is not None
        return unknown and close and abs((told or 0) - (told_second or 0)) <= _SAME_EXPORT_US
    first_end = first.start_us if first.end_us is None else first.end_us
    second_end = second.start_us if second.end_us is None else second.end_us
    return first.start_us <= second_end + _SLACK_US and second.start_us <= first_end + _SLACK_US


def _opener(first: Flow, second: Flow) -> Flow | None:
    """Return the half of who began, None where that is not clear."""
    earlier = None
    if first.start_us is not None and second.start_us is not None:
        if first.start_us < second.start_us:
            earlier = first
        elif second.start_us < first.start_us:
            earlier = second
    if first.protocol == TCP and (first.flags or 0) & (second.flags or 0) & _SYN and earlier:
        return earlier
    # A long connection is told in parts, and any side may begin a part: its ports say more.
    for half in (first, second):
        if _is_to_a_server(half):
            return half
    return earlier if not first.flags and not second.flags else None


def _begins(flow: Flow) -> bool:
    """Return whether this half alone shows that its source began."""
    if flow.protocol in _ICMP:
        # Its type stands where others have their port.
        return (flow.destination_port or 0) >> 8 in _ICMP[flow.protocol]
    if flow.protocol == TCP and flow.flags and not flow.flags & _ACK:
        # Whoever answers acknowledges.
        return bool(flow.flags & _SYN)
    return _is_to_a_server(flow)


def _is_to_a_server(flow: Flow) -> bool:
    """Return whether the ports show that the source is the client: a high one to a low one."""
    ours, theirs = flow.source_port, flow.destination_port
    if ours is None or theirs is None:
        return False
    return any(theirs < border <= ours for border in (_WELL_KNOWN, _EPHEMERAL))


def event_of(flow: Flow) -> dict[str, Any]:
    """Return the event of a flow."""
    transport = (
        None if flow.protocol is None else _TRANSPORTS.get(flow.protocol, str(flow.protocol))
    )
    when = flow.exported_us if flow.start_us is None else flow.start_us
    duration = None
    if flow.start_us is not None and flow.end_us is not None and flow.end_us >= flow.start_us:
        duration = (flow.end_us - flow.start_us) * 1000
    fields: dict[str, Any] = {
        "@timestamp": None if when is None else within(when),
        "quetsach.time.rough": True if flow.start_us is None and when is not None else None,
        "event.dataset": flow.dataset,
        "event.type": "denied" if flow.is_denied else "connection",
        "event.outcome": _outcome(flow),
        "event.action": flow.action,
        "event.start": None if flow.start_us is None else within(flow.start_us),
        "event.end": None if flow.end_us is None else within(flow.end_us),
        "event.duration": duration,
        "source.ip": flow.source,
        "source.bytes": flow.sent,
        "destination.ip": flow.destination,
        "destination.bytes": flow.answered,
        "network.transport": transport,
        "url.domain": flow.host,
        "url.full": f"http://{flow.host}{flow.path}" if flow.host and flow.path else None,
        "http.request.method": flow.method,
        "user_agent.original": flow.agent,
    }
    if flow.protocol is None or flow.protocol in _WITH_PORTS:
        fields["source.port"], fields["destination.port"] = flow.source_port, flow.destination_port
    _translate(fields, "source", flow.source_nat)
    _translate(fields, "destination", flow.destination_nat)
    return {name: content for name, content in fields.items() if content is not None}


def _outcome(flow: Flow) -> str | None:
    if flow.is_denied:
        return "failure"
    if flow.outcome is not None or flow.protocol != TCP or not flow.flags:
        return flow.outcome
    # Only a client that was never answered sends no more than a SYN.
    return "failure" if flow.flags & _SYN and not flow.flags & _ACK else None


def _translate(fields: dict[str, Any], side: str, nat: tuple[str | None, int | None]) -> None:
    """Put a translation into `fields`, unless it leaves the end as it was."""
    address, port = nat
    own_address, own_port = fields[f"{side}.ip"], fields.get(f"{side}.port")
    if address is None or address in _NOWHERE:
        return
    if address == own_address and (not port or port == own_port):
        return
    fields[f"{side}.nat.ip"] = address
    if port:
        fields[f"{side}.nat.port"] = port
