"""Cisco ASA, FTD and PIX: connections, translations, denials and pages, by message number.

Each end stands as `interface:address/port`, with the address the other side sees in brackets
behind it. The source is always who opened the connection, whatever order the message has.
Source: the Cisco Secure Firewall ASA Series Syslog Messages guide.
"""

import re
from collections.abc import Iterable

from quetsach.clocks import Zone, zone_from_offset
from quetsach.errors.catalogue import N_
from quetsach.formats import cisco_messages
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import text_lines, values
from quetsach.formats.shared.syslog import (
    SyslogHeader,
    clock_of,
    head_of,
    lacks_year,
    set_head,
    split_head,
)
from quetsach.formats.shared.text_lines import first_of, mostly

_LONGEST = 8192
# `logging timestamp` in the EMBLEM form: <166>:Sep 01 08:15:22 ICT: %ASA-6-...
_EMBLEM = re.compile(
    r"(?:<\d{1,3}>)?:?([A-Z][a-z]{2} [ \d]\d(?: \d{4})? \d\d:\d\d:\d\d)(?: ([A-Z]{3,5}))?: (?=%)"
)
_KNOWN_ZONES = frozenset({"UTC", "GMT"})


class CiscoAsa:
    """What a Cisco ASA or FTD logs of connections and their translated addresses and ports."""

    name = "cisco-asa"
    title = N_("Cisco ASA or FTD log")
    reads = N_("connections, address translations, denials and pages; other messages as text")

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first lines carry a message number of these devices."""
        return mostly(head, cisco_messages.is_ours)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is, if the lines have a head at all."""
        line = first_of(head, cisco_messages.is_ours)
        clock = clock_of(line)
        needs = clock is None or lacks_year(line)
        return LogLayout("cisco.asa", clock=clock, needs_date=needs, translates=True)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a line; messages that tell of no connection as `text`."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            text = values.as_text(line[:_LONGEST].rstrip())
            message = cisco_messages.split(text)
            record = None if message is None else cisco_messages.read(message)
            record = text_lines.read(line, zone) if record is None else record
            head = _head(text, layout, zone)
            set_head(record, head, zone)
            if "event.timezone" not in record and "@timestamp" not in record:
                _set_capture_time(record, layout, head)
            cisco_messages.set_span(record)
            rows.add(offset, record)
        return rows


def _head(text: str, layout: LogLayout, zone: Zone) -> SyslogHeader:
    """Return the head of a line; where a relay put its own before it, the device's."""
    emblem = _EMBLEM.match(text)
    if emblem is not None:
        written, named = emblem.groups()
        # Any other letters are the device's own word for the zone of its source.
        told = zone_from_offset(named) if named in _KNOWN_ZONES else None
        found = split_head(f"{written} -", zone if told is None else told, layout.taken_us)
        if found is not None:
            return SyslogHeader(found.when_us, told is None, "", text[emblem.end() :])
    outer = head_of(text, layout, zone)
    if not outer.rest or outer.rest[0] in "%:":
        return outer
    inner = split_head(outer.rest[:200], zone, layout.taken_us)
    if inner is None or inner.when_us is None:
        return outer
    host = inner.host if inner.host and not inner.host.startswith(("%", ":")) else outer.host
    return SyslogHeader(inner.when_us, inner.applied, host, inner.rest)


def _set_capture_time(record: dict[str, object], layout: LogLayout, head: SyslogHeader) -> None:
    # Without `logging timestamp` and without a syslog server there is no time at all.
    if layout.clock is None and layout.taken_us is not None and head.when_us is None:
        record["@timestamp"] = layout.taken_us
        record["quetsach.time.rough"] = True
