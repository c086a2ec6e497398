"""Kea's lease files (memfile), DHCPv4 and DHCPv6: CSV, of which the file names its own columns.

Each row is a lease as it stood then; until Kea cleans the file up, earlier rows are its history.
The start is `expire` less `valid_lifetime`. A row with no lifetime says that the lease was given
back or removed, but not when: its `expire` is still the time of the last renewal. So its event has
no time. A prefix given to a router (lease type 2) is no machine's address: its event has none.

Source: Kea's csv_lease_file4.cc, csv_lease_file6.cc, memfile_lease_mgr.cc; Lease::STATE_*.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from quetsach.clocks import MICROSECONDS, Zone, within
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import leases, values

_HEADER = b"address,"
_NEEDED = frozenset({"address", "valid_lifetime", "expire"})
_MOST_COLUMNS = 64
_ESCAPE = re.compile(r"&#x([0-9A-Fa-f]{2})")
_STATES = {
    "": "active",
    "0": "active",
    "1": "declined",
    "2": "expired-reclaimed",
    "3": "released",
    "4": "registered",
}
_PREFIX = "2"


class KeaLeases:
    """Leases of Kea's DHCP servers."""

    name = "kea-leases"
    title = N_("Kea lease file (CSV)")
    reads = N_("who was given which address, from when until when, DHCPv4 and DHCPv6")

    def recognise(self, head: bytes) -> bool:
        """Return whether the first line names the columns of a lease file of Kea's."""
        return _columns(head.partition(b"\n")[0]) != ()

    def layout(self, head: bytes) -> LogLayout:
        """Return the columns that the first line names; every line is wanted."""
        columns = _columns(head.partition(b"\n")[0])
        return LogLayout("kea.lease", columns=columns, marker=b"", header=_HEADER)

    def relayout(self, line: bytes, layout: LogLayout) -> LogLayout | None:
        """Return the layout that a further header names, as in files put behind one another."""
        columns = _columns(line)
        return None if columns in ((), layout.columns) else self.layout(line)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return the events of each row; its times are in UTC, so `zone` is not needed."""
        rows = ParsedLines()
        for offset, line in lines:
            stripped = line.strip(b"\r \xef\xbb\xbf")
            if not stripped:
                rows.skipped.append(offset)
                continue
            if stripped.startswith(_HEADER):
                columns = _columns(stripped)
                layout = self.layout(stripped) if columns else layout
                rows.skipped.append(offset)
                continue
            parts = values.as_text(stripped).split(",", _MOST_COLUMNS)
            if len(parts) != len(layout.columns):
                rows.reject(offset, "columns", line)
                continue
            events = _events(dict(zip(layout.columns, parts, strict=True)), layout)
            if isinstance(events, str):
                rows.reject(offset, events, line)
            else:
                for event in events:
                    rows.add(offset, event)
        return rows


def _columns(line: bytes) -> tuple[str, ...]:
    """Return the columns that a header names, none where `line` is no such header."""
    stripped = line.strip(b"\r \xef\xbb\xbf")
    if not stripped.startswith(_HEADER):
        return ()
    names = tuple(one.strip() for one in values.as_text(stripped).split(",", _MOST_COLUMNS))
    fits = len(names) <= _MOST_COLUMNS and len(set(names)) == len(names)
    return names if fits and set(names) >= _NEEDED else ()


def _events(cells: Mapping[str, str], layout: LogLayout) -> list[dict[str, Any]] | str:
    """Return the events of a row, or why it cannot be read."""
    state = _STATES.get(cells.get("state", ""))
    address = values.assignable_address(cells["address"])
    lifetime, expire = values.count(cells["valid_lifetime"]), values.count(cells["expire"])
    if state is None:
        return "state"
    if address is None:
        return "address"
    if lifetime is None or expire is None:
        return "time"
    start = within((expire - lifetime) * MICROSECONDS)
    if start is None:
        return "time"
    record: dict[str, Any] = {"event.dataset": layout.dataset, "event.type": "info"}
    _set_machine(record, cells)
    if cells.get("lease_type") == _PREFIX:
        return [record | {"event.action": f"prefix {state}", "@timestamp": start}]
    record |= {"event.action": state, "host.ip": address}
    return _acts(record, state, start, lifetime)


def _acts(record: dict[str, Any], state: str, start: int, lifetime: int) -> list[dict[str, Any]]:
    if state == "declined":
        return [record | {"@timestamp": start, "quetsach.lease.act": "declined"}]
    if lifetime == leases.INFINITE_S:
        return [record | {"@timestamp": start, "quetsach.lease.act": "reserved"}]
    lease = record | {
        "@timestamp": start,
        "quetsach.lease.act": "given",
        "quetsach.lease.seconds": lifetime,
    }
    if lifetime == 0 or state == "released":
        # When it was given back is not recorded; that it was held until then is.
        released = record | {"quetsach.lease.act": "released"}
        return [lease, released] if lifetime else [released]
    if state == "expired-reclaimed":
        end = start + lifetime * MICROSECONDS
        return [lease, record | {"@timestamp": end, "quetsach.lease.act": "expired"}]
    return [lease]


def _set_machine(record: dict[str, Any], cells: Mapping[str, str]) -> None:
    name = cells.get("hostname")
    if name and "&#x" in name:
        name = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), name)
    leases.set_machine(
        record,
        mac=leases.hardware(cells.get("hwaddr")),
        identifier=leases.client_id(cells.get("client_id")),
        duid=leases.client_id(cells.get("duid")),
        name=name,
    )
