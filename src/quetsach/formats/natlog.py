"""natlog: one line a connection through a Linux router, with start, end and both source addresses.

Source: natlog(1), versions 1 to 3.
"""

import re
from collections.abc import Iterable
from typing import Any

from quetsach.clocks import MICROSECONDS, Zone, within, zone_from_offset
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines, read_each
from quetsach.formats.shared import values
from quetsach.formats.shared.syslog import clock_of, head_of, lacks_year, split_head
from quetsach.formats.shared.text_lines import first_of, mostly
from quetsach.formats.shared.values import set_end, set_translation
from quetsach.sieve.contract import LineClock

_TIME = r"((?:\d{9,10}|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d)):(\d{1,6})"
_END = r"([\dA-Fa-f.:]{2,45}?)(?::(\d{1,5}))?"
_FLOW = re.compile(
    rf"\b[Ff]rom {_TIME} (?:thru|until) {_TIME}(?: \(([A-Za-z]{{2,10}})\))?: {{1,8}}"
    rf"(?:([a-z]{{3,8}}) )?{_END} \(via: {_END}\) to {_END}(?:; |\s|$)"
)
_COUNTS = re.compile(r"sent: (\d{1,18}), received: (\d{1,18})")
_OURS = re.compile(rb"\b[Ff]rom [\w: ]{10,30} (?:thru|until) [\w: ]{10,30}(?: \(\w+\))?: ")
# What natlog says of itself: that it starts, ends, or writes what is still open.
_REMARK = re.compile(rb"(?:NATLOG|natlog)(?:\[\d+\])?: ")
_EPOCH = re.compile(rb"\b[Ff]rom \d{9}")
_LOOK_AT = 4096


class Natlog:
    """Connections as natlog writes them once they are over."""

    name = "natlog"
    title = N_("natlog (address translation of a Linux router)")
    reads = N_("connections with start, end and the address and port before and after translation")

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first lines hold natlog's `from ... thru ...:`."""
        return mostly(head, lambda line: _OURS.search(line[:_LOOK_AT]))

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is: in epoch seconds, else in the head of the line."""
        line = first_of(head, lambda one: _OURS.search(one[:_LOOK_AT]))
        told = _EPOCH.search(line[:_LOOK_AT]) is not None
        clock = LineClock(needle=b"rom ", epoch=True) if told else clock_of(line)
        dated = told and not lacks_year(line)
        return LogLayout("natlog", clock=clock, needs_date=not dated, translates=True)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a connection; what natlog says of itself is skipped."""

        def read(line: bytes) -> dict[str, Any] | None:
            text = values.as_text(line[:_LOOK_AT])
            flow = _FLOW.search(text)
            return None if flow is None else _event(flow, text, layout, zone)

        return read_each(
            lines, read, lambda line: _REMARK.search(line[:_LOOK_AT]), "not-a-connection"
        )


def _event(flow: re.Match[str], text: str, layout: LogLayout, zone: Zone) -> dict[str, Any] | None:
    begun, begun_us, ended, ended_us, offset, transport = flow.groups()[:6]
    source, source_port, public, public_port, remote, remote_port = flow.groups()[6:]
    record: dict[str, Any] = {"event.dataset": "natlog", "event.type": "connection"}
    set_end(record, "source", source, source_port)
    set_end(record, "destination", remote, remote_port)
    if "source.ip" not in record or "destination.ip" not in record:
        return None
    set_translation(record, "source", public, public_port)
    if transport is not None:
        record["network.transport"] = values.transport(transport)
    start, applied = _moment(begun, begun_us, offset, layout, zone)
    end, _ = _moment(ended, ended_us, offset, layout, zone)
    if start is not None:
        record["@timestamp"] = record["event.start"] = start
        if applied:
            record["event.timezone"] = str(zone)
    # 0000 marks a connection that was still open when natlog itself was ended.
    if end is not None and ended_us != "0000" and (start is None or start <= end):
        record["event.end"] = end
        if start is not None:
            record["event.duration"] = (end - start) * 1000
    _set_counts(record, _COUNTS.search(text, flow.end() - 2))
    host = head_of(text[: flow.start()], layout, zone).host
    if host:
        record["observer.name"] = host
    return record


def _moment(
    written: str, micro: str, offset: str | None, layout: LogLayout, zone: Zone
) -> tuple[int | None, bool]:
    """Return a time in us, and whether `zone` was applied; `micro` has no leading zeros."""
    if written.isdigit():
        return within(int(written) * MICROSECONDS + int(micro)), False
    month, day, clock = written.split()
    named = zone_from_offset(offset) if offset is not None else None
    used = zone if named is None else named
    head = split_head(f"{month} {day:>2} {clock} -", used, layout.taken_us)
    if head is None or head.when_us is None:
        return None, False
    return head.when_us + int(micro), named is None


def _set_counts(record: dict[str, Any], counts: re.Match[str] | None) -> None:
    if counts is not None:
        record["source.bytes"], record["destination.bytes"] = int(counts[1]), int(counts[2])
        record["event.outcome"] = "success" if record["destination.bytes"] else "failure"
