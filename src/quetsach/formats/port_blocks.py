"""Port blocks of a provider's translation: who had which ports of a public address.

A table (CSV) of fixed blocks, with Vietnamese or English headings; or the syslog of Juniper routers
that give blocks out and take them back.
Source: RFC 7422 (deterministic port blocks); Juniper, "Secured Port Block Allocation".
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from quetsach.clocks import ZONE, Zone, us_from_epoch, us_from_iso
from quetsach.decoding import decode
from quetsach.errors import N_
from quetsach.formats import values
from quetsach.formats.contract import Layout, Line, Rows
from quetsach.formats.first_lines import first_lines, first_of, mostly
from quetsach.formats.headed import clock_of, head_of, lacks_year, set_head
from quetsach.formats.port_block_words import (
    LONGEST_ROW,
    Column,
    by_column,
    columns_of,
    is_rules,
    is_vietnamese,
)
from quetsach.formats.translated import set_end
from quetsach.schema import Event

_NEEDED = {Column.INSIDE, Column.PUBLIC, Column.FIRST, Column.LAST}
_RULES = ("rules",)
"""The layout of a table of rules: no row of it is an event, and a person hands it in as a rule."""

_OURS = re.compile(
    rb"\b(?:JSERVICES|ASP)_NAT_PORT_BLOCK_[A-Z]{3,20}\b|\bRT_SRC_NAT_PBA_[A-Z]{3,20}\b"
)
_ALLOCATED = re.compile(
    r"_NAT_PORT_BLOCK_([A-Z]{3,20}): *([\dA-Fa-f.:]{2,45}) *-> *"
    r"([\dA-Fa-f.:]{2,45}):(\d{1,5})-(\d{1,5})"
)
_PBA = re.compile(
    r"RT_SRC_NAT_PBA_([A-Z]{3,20})\b.{0,80}?\b[Ss]ubscriber ([\dA-Fa-f.:]{2,45}) .{0,120}?"
    r"port block \[(\d{1,5})-(\d{1,5})\] from ([\dA-Fa-f.:]{2,45})"
)
_DAY_FIRST = re.compile(
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T](\d{1,2}:\d\d(?::\d\d)?)" + rf"( ?{ZONE})?)?"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LAST_MONTH = 12


class PortBlocks:
    """Blocks of ports that machines behind a provider's translation had."""

    name = "port-blocks"
    title = N_("Port blocks of a provider's address translation")
    reads = N_("tables of inside address, public address and ports; Juniper's log of port blocks")

    def recognise(self, head: bytes) -> bool:
        """Return whether the first line has the headings of such a table, or most lines tell it."""
        return _table(head) is not None or mostly(
            head, lambda line: _OURS.search(line[:LONGEST_ROW])
        )

    def layout(self, head: bytes) -> Layout:
        """Return the columns of the table, or none for a log, and where its hour stands."""
        columns = _table(head)
        if columns is not None:
            if columns == _RULES:
                return Layout("port-blocks", columns=columns)
            return Layout("port-blocks", columns=columns, needs_date=True, translates=True)
        line = first_of(head, lambda one: _OURS.search(one[:LONGEST_ROW]))
        clock = clock_of(line)
        return Layout("port-blocks", clock=clock, needs_date=lacks_year(line), translates=True)

    def relayout(self, line: bytes, layout: Layout) -> Layout | None:  # noqa: ARG002
        """Return None: a table has one line of headings."""
        return None

    def parse(self, lines: Iterable[Line], layout: Layout, zone: Zone) -> Rows:
        """Return one event a block: given, taken back, or standing in the table."""
        rows = Rows()
        for offset, line in lines:
            text = (decode(line[:LONGEST_ROW]) or "").strip()
            if (
                layout.columns == _RULES
                or not text
                or text.startswith("#")
                or _headings(text) == layout.columns != ()
            ):
                rows.skipped.append(offset)
                continue
            record = _row(text, layout, zone) if layout.columns else _message(text, layout, zone)
            if isinstance(record, str):
                rows.reject(offset, record, line)
            else:
                rows.events.append((offset, cast("Event", record)))
        return rows


def _table(head: bytes) -> tuple[Any, ...] | None:
    line = next((one for one in first_lines(head) if not one.startswith(b"#")), b"")
    return _headings(decode(line) or "")


def _headings(text: str) -> tuple[Any, ...] | None:
    found = columns_of(text)
    if found is not None and is_rules(found[1]):
        return _RULES
    if found is None or not set(found[1]) >= _NEEDED:
        return None
    return (found[0], is_vietnamese(text), found[1])


def _row(text: str, layout: Layout, zone: Zone) -> dict[str, Any] | str:
    """Return the event of a row of the table, or why it is none."""
    delimiter, day_first, columns = layout.columns
    told = by_column(text, delimiter, columns)
    record = _block(
        told.get(Column.INSIDE),
        told.get(Column.PUBLIC),
        (told.get(Column.FIRST), told.get(Column.LAST)),
    )
    if isinstance(record, str):
        return record
    record["event.action"] = "block"
    protocol = values.transport(told.get(Column.PROTOCOL))
    if protocol in {"tcp", "udp", "icmp"}:
        record["network.transport"] = protocol
    for column, field in ((Column.FROM, "event.start"), (Column.TO, "event.end")):
        if column in told:
            when = _moment(told[column], zone, day_first=day_first, ends=column is Column.TO)
            if when is None:
                return "bad-time"
            record[field] = when
    if "event.start" in record:
        record["@timestamp"] = record["event.start"]
    elif layout.taken_us is not None:
        record["@timestamp"] = layout.taken_us
        record["quetsach.time.rough"] = True
    return record


def _message(text: str, layout: Layout, zone: Zone) -> dict[str, Any] | str:
    """Return the event of a line of syslog, or why it is none."""
    found = _ALLOCATED.search(text)
    if found is not None:
        act, inside, public, first, last = found.groups()
    else:
        found = _PBA.search(text)
        if found is None:
            return "not-a-block"
        act, inside, first, last, public = found.groups()
    record = _block(inside, public, (first, last))
    if isinstance(record, str):
        return record
    record["event.action"] = act.lower()
    set_head(record, head_of(text, layout, zone), zone)
    when = record.get("@timestamp")
    if when is not None and act.startswith("ALLOC"):
        record["event.start"] = when
    elif when is not None and act.startswith("RELEASE"):
        record["event.end"] = when
    return record


def _block(
    inside: str | None, public: str | None, ports: tuple[str | None, str | None]
) -> dict[str, Any] | str:
    record: dict[str, Any] = {"event.dataset": "port-blocks", "event.type": "info"}
    set_end(record, "source", inside)
    seen = values.held_address(public)
    if "source.ip" not in record or seen is None:
        return "bad-address"
    first, last = values.port(ports[0]), values.port(ports[1])
    if first is None or last is None or first > last:
        return "bad-ports"
    record |= {
        "source.nat.ip": seen,
        "source.nat.port": first,
        "quetsach.nat.last_port": last,
    }
    return record


def _moment(text: str, zone: Zone, *, day_first: bool, ends: bool) -> int | None:
    """Return the time of a cell in us; a date alone that ends something includes its day."""
    dated = _DAY_FIRST.fullmatch(text)
    if dated is not None:
        day, month, year, clock, offset = dated.groups()
        if not day_first and int(day) <= _LAST_MONTH:
            # 03/04 in an English table is March or April, and nobody can say which.
            return None
        clock = clock if clock is None else clock.rjust(8 if clock.count(":") > 1 else 5, "0")
        text = f"{year}-{int(month):02}-{int(day):02}" + (
            "" if clock is None else f"T{clock}{offset or ''}"
        )
    if _DATE.fullmatch(text):
        text = f"{_next_day(text) if ends else text}T00:00:00"
    when = us_from_epoch(text)
    return us_from_iso(text, zone) if when is None else when


def _next_day(date: str) -> str:
    try:
        return (
            (datetime.fromisoformat(date).replace(tzinfo=UTC) + timedelta(days=1))
            .date()
            .isoformat()
        )
    except (ValueError, OverflowError):
        return date
