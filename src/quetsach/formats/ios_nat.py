"""Cisco IOS address translation: `show ip nat translations`, and its syslog messages.

A table has the global (public) address first, a message the local (inside) one.
Source: the Cisco IOS IP Addressing Configuration Guide, "Monitoring and Maintaining NAT".
"""

import re
from collections.abc import Iterable
from typing import Any

from quetsach.clocks import Zone, zone_from_offset
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines, read_each
from quetsach.formats.shared import values
from quetsach.formats.shared.syslog import (
    SyslogHeader,
    clock_of,
    head_of,
    lacks_year,
    set_head,
    split_head,
)
from quetsach.formats.shared.text_lines import first_lines, first_of, mostly
from quetsach.formats.shared.values import set_end, set_translation

_TITLE = re.compile(
    rb"\s{0,16}Pro\s{1,16}Inside global\s{1,32}Inside local\s{1,32}Outside local"
    rb"\s{1,32}Outside global"
)
_END = r"(---|[\dA-Fa-f.:]{2,51})"
_ROW = re.compile(
    rf"\s{{0,16}}(---|[a-z]{{2,8}})\s{{1,32}}{_END}\s{{1,32}}{_END}\s{{1,32}}{_END}\s{{1,32}}{_END}$"
)
_ADDRESS_PORT = r"([\dA-Fa-f.:]{2,45}):(\d{1,5})"
_MESSAGE = re.compile(
    r"%(?:IPNAT|NAT)-6-(?:NAT_)?(?:LOG_TRANSLATION|CREATED|DELETED): ?.{0,160}?"
    r"(?:\b([Cc]reated|[Dd]eleted)(?: Translation)? )?\b([A-Za-z]{3,8}) "
    rf"{_ADDRESS_PORT}\s+{_ADDRESS_PORT}\s+{_ADDRESS_PORT}\s+{_ADDRESS_PORT}"
)
_OURS = re.compile(rb"%(?:IPNAT-6-(?:NAT_)?(?:CREATED|DELETED)|NAT-6-LOG_TRANSLATION): ")
_DELETED = re.compile(r"-6-(?:NAT_)?DELETED:")
# Verbose rows (create, use, timeout), the sum at the end, and the prompt of the router.
_REMARK = re.compile(
    rb"\s{0,32}(?:create\b|use\b|timeout|left\b|flags|Map-Id|entry-id|extended"
    rb"|Total number|NAT Table|\S{1,64}[#>])"
)
# `*Sep  1 2026 08:15:22.123 UTC: %IPNAT-6-...`; the star says that the clock was never set.
_OWN_TIME = re.compile(
    r"(?<!\*)\b([A-Z][a-z]{2} [ \d]\d(?: \d{4})? \d\d:\d\d:\d\d)(?:\.\d{1,6})?"
    r"(?: ([A-Z]{3,5}))?: %"
)
_PRIVATE = re.compile(
    r"10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\."
)
_LONGEST = 4096


class IosNat:
    """Translations of a Cisco IOS router, as a table of one moment or as messages."""

    name = "ios-nat"
    title = N_("Cisco IOS address translations")
    reads = N_("show ip nat translations, and the messages about translations made and removed")

    def recognise(self, head: bytes) -> bool:
        """Return whether the title of the table is there, or most lines are such messages."""
        if any(_TITLE.match(line) for line in list(first_lines(head))[:10]):
            return True
        return mostly(head, lambda line: _OURS.search(line[:_LONGEST]))

    def layout(self, head: bytes) -> LogLayout:
        """Return the layout: a table has no time at all, a message that of its head."""
        line = first_of(head, lambda one: _OURS.search(one[:_LONGEST]))
        own = _OWN_TIME.search(values.as_text(line[:_LONGEST]))
        begun = b"" if own is None else own[1].encode()
        needs = not line or lacks_year(line) or lacks_year(begun)
        return LogLayout("ios.nat", clock=clock_of(line), needs_date=needs, translates=True)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a translation; titles, sums and verbose remarks are skipped."""

        def read(line: bytes) -> dict[str, Any] | None:
            return _read(values.as_text(line[:_LONGEST].rstrip()), layout, zone)

        return read_each(
            lines, read, lambda line: _TITLE.match(line) or _REMARK.match(line), "not-a-translation"
        )


def _read(text: str, layout: LogLayout, zone: Zone) -> dict[str, Any] | None:
    record: dict[str, Any] = {"event.dataset": "ios.nat", "event.type": "connection"}
    row = _ROW.match(text)
    if row is not None:
        _set_row(record, row)
        if layout.taken_us is not None:
            record["@timestamp"] = layout.taken_us
            record["quetsach.time.rough"] = True
    else:
        message = _MESSAGE.search(text)
        if message is None:
            return None
        _set_message(record, message)
        set_head(record, _head(text, layout, zone), zone)
        when = record.get("@timestamp")
        if when is not None:
            deleted = record["event.action"] == "deleted"
            record["event.end" if deleted else "event.start"] = when
    return record if "source.ip" in record else None


def _head(text: str, layout: LogLayout, zone: Zone) -> SyslogHeader:
    """Return the head that a syslog server put before a line, with the time the router wrote."""
    outer = head_of(text, layout, zone)
    own = _OWN_TIME.search(text[:_LONGEST])
    if own is None:
        return outer
    written, named = own.groups()
    used = zone_from_offset(named) if named is not None else None
    inner = split_head(f"{written} -", zone if used is None else used, layout.taken_us)
    if inner is None or inner.when_us is None:
        return outer
    return SyslogHeader(inner.when_us, used is None, outer.host, outer.rest)


def _set_row(record: dict[str, Any], row: re.Match[str]) -> None:
    transport, public, inside, outside, remote = row.groups()
    record["event.action"] = "listed"
    if transport != "---":
        record["network.transport"] = values.transport(transport)
    set_end(record, "source", *_split(inside))
    set_translation(record, "source", *_split(public))
    ip, port = _split(outside)
    # A ping has its number behind its address, which is no port of the other side.
    set_end(record, "destination", ip, None if transport == "icmp" else port)
    remote_ip, remote_port = _split(remote)
    set_translation(record, "destination", remote_ip, None if transport == "icmp" else remote_port)


def _split(end: str) -> tuple[str | None, str | None]:
    if end == "---":
        return None, None
    ip, _, port = end.rpartition(":")
    return (ip, port) if ip and "." in ip else (end, None)


def _set_message(record: dict[str, Any], message: re.Match[str]) -> None:
    word, transport, *ends = message.groups()
    deleted = (word or "").lower() == "deleted" or _DELETED.search(message[0]) is not None
    record["event.action"] = "deleted" if deleted else "created"
    record["network.transport"] = values.transport(transport)
    inside, public, outside, remote = (tuple(ends[at : at + 2]) for at in (0, 2, 4, 6))
    # Some releases write the public address first, as the table does.
    if _PRIVATE.match(public[0]) and not _PRIVATE.match(inside[0]):
        inside, public = public, inside
    set_end(record, "source", *inside)
    set_translation(record, "source", *public)
    ping = record["network.transport"] == "icmp"
    set_end(record, "destination", outside[0], None if ping else outside[1])
    set_translation(record, "destination", remote[0], None if ping else remote[1])
