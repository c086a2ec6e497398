"""Audit logs of the Windows DHCP server: DhcpSrvLog-Mon.log and DhcpV6SrvLog-Mon.log.

A legend of the numbers comes before the header; both may be missing. Dates are month/day/year in
local time, whatever the language of the system. The length of a lease is not recorded. An update
of DNS or a start of the service is an event without an address.

Source: Microsoft, "DHCP Server log file format" and the legend in the files; of DHCPv6 a request,
renewal or rebinding without an error is an address given.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from quetsach.clocks import Zone, us_from_local
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import leases, values
from quetsach.sieve.contract import LineClock

_ROW = re.compile(r"(\d{2,5}),\s*(\d\d)/(\d\d)/(\d{4}|\d\d),\s*(\d\d:\d\d:\d\d),")
_ROW_BYTES = re.compile(rb"\d{2,5},(\d\d/\d\d/(?:\d{4}|\d\d),\d\d):\d\d:\d\d,")
_HEADER = re.compile(rb"^(?:\xef\xbb\xbf)?ID,Date,Time,Description,IP", re.MULTILINE)
# What a row is known by when its beginning is missing: a time or an address.
_LIKE_A_ROW = re.compile(r"\d{1,5},\s*\d|\d\d:\d\d:\d\d|(?:\d{1,3}\.){3}\d")
_LOOK_AT = 50
_LONGEST = 16 * 1024
# The server writes a machine's name as it came, commas too: then the columns behind it, that of the
# hardware address first, say what the machine wants them to say.
_WIDEST, _WIDEST_OF_V6 = 19, 14

_ACTS = {
    10: "given",
    11: "given",
    12: "released",
    13: "declined",
    16: "expired",
    17: "expired",
    18: "expired",
    20: "given",
    21: "given",
    23: "expired",
    11002: "given",
    11004: "given",
    11005: "given",
    11006: "declined",
    11007: "released",
    11014: "declined",
    11015: "declined",
    11016: "expired",
    11018: "expired",
}
_FIRST_OF_V6 = 11_000
# From 50 on the server speaks of itself, and the name is that of its domain.
_LAST_OF_CLIENTS = 49
_V6_NEEDS_SUCCESS = frozenset({11002, 11004, 11005})
# Stands for a machine's name where an address was found in use by another one.
_NOBODY = "BAD_ADDRESS"
_ADDRESS, _NAME, _MAC, _DUID = 4, 5, 6, 8
_ERROR = _MAC


class WindowsDhcp:
    """What a Windows DHCP server gave out, took back and refused."""

    name = "windows-dhcp"
    title = N_("Windows DHCP server audit log")
    reads = N_("leases given, renewed, released, expired and declined, DHCPv4 and DHCPv6")

    def recognise(self, head: bytes) -> bool:
        """Return whether the header is there, or more than half of the first lines are rows."""
        if _HEADER.search(head) is not None:
            return True
        lines = [one for one in head.split(b"\n", _LOOK_AT)[:_LOOK_AT] if one.strip()]
        return 2 * sum(_ROW_BYTES.match(one) is not None for one in lines) > len(lines)

    def layout(self, head: bytes) -> LogLayout:
        """Return where the hour is, which the first row shows; every line is wanted."""
        rows = (_ROW_BYTES.match(line) for line in head.split(b"\n"))
        first = next((one for one in rows if one is not None), None)
        length = len(first[1]) if first is not None else len("09/01/26,08")
        clock = LineClock(needle=b",", length=length)
        return LogLayout("windows.dhcp", clock=clock, marker=b"")

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a row; the legend and headers are skipped."""
        rows = ParsedLines()
        for offset, line in lines:
            text = values.as_text(line[:_LONGEST]).strip("\ufeff\r ")
            match = _ROW.match(text)
            if match is None:
                if _LIKE_A_ROW.search(text):
                    rows.reject(offset, "not-a-row", line)
                else:
                    rows.skipped.append(offset)
                continue
            when = _when(match, zone)
            if when is None:
                rows.reject(offset, "time", line)
                continue
            record: dict[str, Any] = {
                "@timestamp": when,
                "event.dataset": layout.dataset,
                "event.type": "info",
                "event.timezone": str(zone),
            }
            columns = [one.strip() for one in text.split(",")]
            _complete(record, int(match[1]), columns)
            rows.add(offset, record)
        return rows


def _when(found: re.Match[str], zone: Zone) -> int | None:
    _, month, day, year, clock = found.groups()
    century = "" if len(year) == 4 else "20"
    return us_from_local(f"{century}{year}-{month}-{day}", clock, zone)


def _complete(record: dict[str, Any], number: int, columns: Sequence[str]) -> None:
    """Put into `record` what the row says was done, to whom, and to which address."""
    cells = dict(enumerate(columns))
    described = values.text(cells.get(3))
    if described is not None:
        record["event.action"] = described
    act = _ACTS.get(number)
    if _is_shifted(columns, number):
        # That somebody was given the address is known, and it ends what was before.
        pass
    elif number >= _FIRST_OF_V6:
        duid = leases.client_id(cells.get(_DUID))
        leases.set_machine(record, duid=duid, name=cells.get(_NAME))
        if number in _V6_NEEDS_SUCCESS and cells.get(_ERROR, "") not in {"", "0"}:
            act = None
    elif number <= _LAST_OF_CLIENTS:
        # What is no hardware address in its column is the client's identifier.
        mac = cells.get(_MAC)
        hardware = leases.hardware(mac)
        other = leases.client_id(mac) if values.mac(mac) is None else None
        name = cells.get(_NAME) if cells.get(_NAME) != _NOBODY else None
        leases.set_machine(record, mac=hardware, identifier=other, name=name)
    address = values.assignable_address(cells.get(_ADDRESS))
    if act is not None and address is not None:
        record["host.ip"] = address
        record["quetsach.lease.act"] = act


def _is_shifted(columns: Sequence[str], number: int) -> bool:
    """Return whether a text within the row holds commas, so that its owner is unknown."""
    if number >= _FIRST_OF_V6:
        return len(columns) > _WIDEST_OF_V6
    behind = columns[_MAC + 1 :]
    return len(columns) > _WIDEST or any(leases.hardware(one) for one in behind)
