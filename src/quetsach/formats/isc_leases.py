"""ISC dhcpd's lease file, DHCPv4 and DHCPv6: each record is the state of a lease at one time.

The file only grows until dhcpd rewrites it, so earlier records of an address are its history. Times
are UTC. A record of an ended lease tells when it was given as well: it gives two events. A prefix
given to a router (ia-pd) is no machine's address: its event has none. A `host` declaration is a
reservation; it carries no time, and has the file's.

Source: dhcpd.leases(5) of ISC DHCP 4.4; server/db.c writes them.
"""

import re
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from quetsach.clocks import Zone, us_from_epoch, us_from_local
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.isc_statements import IscStatement, LeaseRecord, content_of
from quetsach.formats.shared import leases, values

_BEGINNINGS = (
    *(b"lease ", b"ia-na ", b"ia-ta ", b"ia-pd ", b"host ", b"failover ", b"server-duid "),
    *(b"authoring-byte-order ", b"class ", b"subclass ", b"group "),
)
_FIRST_LINES = re.compile(
    rb'^(?:lease [\d.]{7,15} *\{|ia-(?:na|ta|pd) +["\d]|server-duid )', re.MULTILINE
)
_BODY = re.compile(
    rb"^\s*(?:\}|starts |ends |cltt |tstp |binding state |hardware |iaaddr |max-life )",
    re.MULTILINE,
)
_INSIDE = re.compile(
    rb"\s*(?:\}|(?:starts|ends|tstp|tsfp|atsfp|cltt|binding|next|rewind|hardware|uid|set|option|"
    rb"client-hostname|iaaddr|iaprefix|preferred-life|max-life|my|partner|mclt|bootp|reserved)\b)"
)
_SERVER = re.compile(rb"^server-duid +(\"[^\n]{1,520}\"|[\da-fA-F:]{2,390});", re.MULTILINE)
_IAS = frozenset({b"ia-na", b"ia-ta", b"ia-pd"})
_ENDED = {
    "free": "expired",
    "expired": "expired",
    "backup": "expired",
    "reset": "expired",
    "released": "released",
}
_IAID_BYTES = 4


class _NotALeaseError(Exception):
    """A record that cannot be read; its only argument is the reason."""


class IscLeases:
    """Leases, their ends and reservations of ISC dhcpd."""

    name = "isc-leases"
    title = N_("ISC dhcpd lease file (dhcpd.leases)")
    reads = N_("who was given which address, from when until when, DHCPv4 and DHCPv6; reservations")

    def recognise(self, head: bytes) -> bool:
        """Return whether records of leases are there and nothing but such records comes first."""
        first = next((one for one in head.split(b"\n") if one.strip() and one[:1] != b"#"), b"")
        return (
            (first.startswith(_BEGINNINGS) or _INSIDE.match(first) is not None)
            and _FIRST_LINES.search(head) is not None
            and _BODY.search(head) is not None
        )

    def layout(self, head: bytes) -> LogLayout:
        """Return the name of the server, if present, as the only column; every line is wanted."""
        found = _SERVER.search(head)
        duid = content_of(found[1]).hex() if found is not None else ""
        return LogLayout(
            "isc.lease",
            columns=(duid,),
            marker=b"",
            record=_BEGINNINGS,
            needs_date=b"\nhost " in head or head.startswith(b"host "),
        )

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return the events of each record at its first line; `zone` is not needed."""
        rows = ParsedLines()
        record: LeaseRecord | None = None
        for offset, line in lines:
            if record is not None and line.startswith(_BEGINNINGS):
                _cut(record, rows)
                record = None
            if record is None:
                record = _begun(offset, line, rows)
                if record is None:
                    continue
            record.add((offset, line))
            if record.ended:
                _finish(record, layout, rows)
                record = None
        if record is not None:
            _cut(record, rows)
        return rows


def _begun(offset: int, line: bytes, rows: ParsedLines) -> LeaseRecord | None:
    """Return a record that begins with `line`, or None where none does."""
    stripped = line.strip()
    if stripped.startswith(_BEGINNINGS):
        return LeaseRecord(offset)
    if not stripped or stripped.startswith(b"#"):
        rows.skipped.append(offset)
    else:
        # The end of a record whose beginning is missing carries no information that could be used.
        rows.reject(offset, "cut-record" if _INSIDE.match(line) else "unknown-line", line)
    return None


def _cut(record: LeaseRecord, rows: ParsedLines) -> None:
    reason = "too-long" if record.too_long else "cut-record"
    rows.reject(record.offset, reason, record.starts[record.offset])
    rows.skipped += [one for one in record.starts if one != record.offset]


def _finish(record: LeaseRecord, layout: LogLayout, rows: ParsedLines) -> None:
    if record.too_long:
        _cut(record, rows)
        return
    events: list[dict[str, Any]] = []
    reasons: dict[int, str] = {}
    for statement in record.statements():
        _read(statement, layout, events, reasons)
    for event in events:
        rows.add(record.offset, event)
    for offset, start in record.starts.items():
        if offset == record.offset and events:
            continue
        if offset in reasons:
            rows.reject(offset, reasons[offset], start)
        else:
            rows.skipped.append(offset)


def _read(
    statement: IscStatement,
    layout: LogLayout,
    events: list[dict[str, Any]],
    reasons: dict[int, str],
) -> None:
    """Add the events of one statement to `events`, or why there are none to `reasons`."""
    kind = statement.words[0] if statement.words else b""
    try:
        if kind == b"lease":
            events += _lease(statement, layout)
        elif kind == b"host":
            events += _reservation(statement, layout)
        elif kind in _IAS:
            _association(statement, layout, events, reasons)
    except _NotALeaseError as problem:
        reasons[statement.offset] = str(problem)


def _lease(statement: IscStatement, layout: LogLayout) -> list[dict[str, Any]]:
    statements = statement.named()
    record = _record(layout)
    leases.set_machine(
        record,
        mac=leases.hardware(_text(statements.get(b"hardware"), 1)),
        identifier=_identifier(statements.get(b"uid")),
        name=_text(statements.get(b"client-hostname"), 0),
    )
    record["host.ip"] = _address(statement)
    start, _ = _time(statements.get(b"starts") or statements.get(b"cltt"))
    return _states(record, statements, start)


def _association(
    statement: IscStatement,
    layout: LogLayout,
    events: list[dict[str, Any]],
    reasons: dict[int, str],
) -> None:
    """Read the addresses that one interface of a DHCPv6 client was given, or its prefixes."""
    statements = statement.named()
    whole = content_of(statement.words[1]) if len(statement.words) > 1 else b""
    duid = whole[_IAID_BYTES:].hex() or None
    for inner in statement.block or ():
        if not inner.words or inner.words[0] not in (b"iaaddr", b"iaprefix"):
            continue
        record = _record(layout)
        leases.set_machine(record, duid=duid if duid and len(duid) <= 260 else None)
        inside = inner.named()
        try:
            start, _ = _time(inside.get(b"starts") or statements.get(b"cltt"))
            if inner.words[0] == b"iaaddr":
                record["host.ip"] = _address(inner)
                events += _states(record, inside, start)
            else:
                events.append(_prefix(record, inside, start))
        except _NotALeaseError as problem:
            reasons[inner.offset] = str(problem)


def _states(
    record: dict[str, Any], statements: dict[bytes, list[bytes]], start: int | None
) -> list[dict[str, Any]]:
    """Return what a lease's state means: that it is held, or was held and how that ended."""
    state = _state(statements)
    end, never = _time(statements.get(b"ends"))
    if start is None and end is None:
        raise _NotALeaseError("no-time")
    if start is not None and end is not None and end < start:
        raise _NotALeaseError("ends-before-start")
    record["event.action"] = state
    if state == "abandoned":
        return [record | {"@timestamp": start or end, "quetsach.lease.act": "declined"}]
    if state == "active":
        if start is None:
            raise _NotALeaseError("no-time")
        record |= {"@timestamp": start, "quetsach.lease.act": "reserved" if never else "given"}
        return [record | _length(start, end)]
    events = []
    if start is not None and end is not None and start < end and leases.names_machine(record):
        events.append(
            record | {"@timestamp": start, "quetsach.lease.act": "given"} | _length(start, end)
        )
    over = end if end is not None else start
    return [*events, record | {"@timestamp": over, "quetsach.lease.act": _ENDED[state]}]


def _state(statements: dict[bytes, list[bytes]]) -> str:
    words = statements.get(b"binding")
    if words is None:
        # Before dhcpd 3.0 a lease had no state but this one word.
        return "abandoned" if b"abandoned" in statements else "active"
    state = _text(words, 1) or ""
    if state not in {"active", "abandoned", *_ENDED}:
        raise _NotALeaseError("state")
    return state


def _prefix(
    record: dict[str, Any], statements: dict[bytes, list[bytes]], start: int | None
) -> dict[str, Any]:
    if start is not None:
        record["@timestamp"] = start
    return record | {"event.action": f"prefix {_state(statements)}"}


def _reservation(statement: IscStatement, layout: LogLayout) -> list[dict[str, Any]]:
    statements = statement.named()
    if b"deleted" in statements:
        return []
    record = _record(layout) | {"event.action": "host", "quetsach.lease.act": "reserved"}
    leases.set_machine(
        record,
        mac=leases.hardware(_text(statements.get(b"hardware"), 1)),
        identifier=_identifier(statements.get(b"uid")),
        duid=_identifier((statements.get(b"host-identifier") or [])[2:]),
        name=_text(statement.words, 1),
    )
    if layout.taken_us is not None:
        record["@timestamp"] = layout.taken_us
        record["quetsach.time.rough"] = not layout.taken_from_name
    words = [*statements.get(b"fixed-address", ()), *statements.get(b"fixed-address6", ())]
    told = [values.assignable_address(values.as_text(one.strip(b","))) for one in words]
    return [record | {"host.ip": one} for one in told if one is not None]


def _record(layout: LogLayout) -> dict[str, Any]:
    record: dict[str, Any] = {"event.dataset": layout.dataset, "event.type": "info"}
    if layout.columns and layout.columns[0]:
        record["quetsach.lease.server"] = layout.columns[0]
    return record


def _length(start: int, end: int | None) -> dict[str, int]:
    # A lease of no length at all was over as soon as it was written down.
    if end is None or end == start:
        return {}
    return {"quetsach.lease.seconds": leases.whole_seconds(start, end)}


def _address(statement: IscStatement) -> str:
    found = values.assignable_address(_text(statement.words, 1))
    if found is None:
        raise _NotALeaseError("address")
    return found


def _time(words: list[bytes] | None) -> tuple[int | None, bool]:
    """Return the time that `2 2026/09/01 01:02:11` or `epoch 1788225322` is, and whether never."""
    if words is None:
        return None, False
    parts = [one.decode("ascii", "replace") for one in words]
    if parts == ["never"]:
        return None, True
    if parts[:1] == ["epoch"] and len(parts) == 2:
        when = us_from_epoch(parts[1])
    elif len(parts) == 3:
        when = us_from_local(parts[1].replace("/", "-"), parts[2], UTC)
    else:
        when = None
    if when is None:
        raise _NotALeaseError("time")
    return when, False


def _identifier(words: list[bytes] | None) -> str | None:
    return leases.client_id(content_of(words[0]).hex()) if words else None


def _text(words: list[bytes] | None, place: int) -> str | None:
    if words is None or len(words) <= place:
        return None
    word = words[place]
    return values.as_text(content_of(word) if word.startswith(b'"') else word)
