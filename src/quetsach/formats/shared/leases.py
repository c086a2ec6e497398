"""What DHCP records have in common: identifiers of a machine, the end of a lease, and headings.

Source: RFC 2132, 9.14 (client identifier); RFC 4361, 6.1 (DUID in it); RFC 8415, 11 (DUID).
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from quetsach.clocks import MICROSECONDS, ZONE, Zone, us_from_local, zone_from_offset
from quetsach.formats.shared import values
from quetsach.formats.shared.syslog import MONTHS

INFINITE_S = 0xFFFF_FFFF
"""A lease of so many seconds never ends (RFC 2131, 3.3)."""

_MOST_BYTES = 255
_HEX = re.compile(r"[0-9a-f]+")
_DOTTED = re.compile(r"[0-9a-f]{4}(?:\.[0-9a-f]{4})+(?:\.[0-9a-f]{2})?")
_NO_HARDWARE = frozenset({"00-00-00-00-00-00", "FF-FF-FF-FF-FF-FF"})
# DUID-LLT and DUID-LL over Ethernet (1) or IEEE 802 (6): type, hardware type, time, address.
_DUID_HARDWARE = re.compile(r"(?:0001000[16][0-9a-f]{8}|0003000[16])([0-9a-f]{12})")
_NAME_LONGEST = 255


def hardware(value: Any) -> str | None:
    """Return a hardware address that can be one machine's: neither all zeros nor all ones."""
    found = values.mac(value)
    return None if found in _NO_HARDWARE else found


def client_id(written: Any) -> str | None:
    """Return an identifier in lower hex.

    Shapes: written as `01:0:17:a4`, `01-00`, `0x0100`, `0100` or, by Cisco, as `0100.17a4`.
    """
    if not isinstance(written, str) or not 2 <= len(written) <= 3 * _MOST_BYTES + 2:
        return None
    lower = written.lower().removeprefix("0x")
    if _DOTTED.fullmatch(lower):
        lower = lower.replace(".", "")
    if ":" in lower or "-" in lower:
        groups = re.split("[:-]", lower)
        if not all(1 <= len(one) <= 2 for one in groups):
            return None
        lower = "".join(one.rjust(2, "0") for one in groups)
    fits = len(lower) % 2 == 0 and len(lower) <= 2 * _MOST_BYTES
    return lower if fits and _HEX.fullmatch(lower) else None


def mac_of_duid(duid: str) -> str | None:
    """Return the hardware address that a DUID is made of, if it is; `duid` is lower hex."""
    found = _DUID_HARDWARE.fullmatch(duid)
    return None if found is None else hardware(found[1])


def mac_of_client_id(identifier: str) -> str | None:
    """Return the hardware address that a DHCPv4 client identifier (lower hex) is made of."""
    if len(identifier) == 14 and identifier.startswith("01"):
        return hardware(identifier[2:])
    # 255, four bytes for the interface, then the DUID.
    return mac_of_duid(identifier[10:]) if identifier.startswith("ff") else None


def set_machine(
    record: dict[str, Any],
    *,
    mac: str | None = None,
    identifier: str | None = None,
    duid: str | None = None,
    name: str | None = None,
) -> None:
    """Put into `record` who the machine is, as far as known.

    Shapes: `mac` as `hardware` gives it; `identifier` (of DHCPv4) and `duid` in lower hex. The
    hardware address inside them is taken only where the record has none of its own.
    """
    if mac is None and identifier is not None:
        mac = mac_of_client_id(identifier)
    if mac is None and duid is not None:
        mac = mac_of_duid(duid)
    if mac is not None:
        record["host.mac"] = mac
    told = duid if duid is not None else identifier
    if told is not None:
        record["quetsach.lease.client_id"] = told
    named = host_name(name)
    if named is not None:
        record["host.name"] = named


def host_name(value: Any) -> str | None:
    """Return a machine's name without the dot at its end; `*` and an empty one are none."""
    name = values.text(value)
    if name is None or len(name) > _NAME_LONGEST:
        return None
    name = name.strip().rstrip(".")
    return name if name and name != "*" else None


def names_machine(record: dict[str, Any]) -> bool:
    """Return whether `record` says anything of who the machine is."""
    return any(one in record for one in ("host.mac", "quetsach.lease.client_id", "host.name"))


def whole_seconds(start_us: int, end_us: int) -> int:
    """Return the length of a lease in seconds."""
    return (end_us - start_us) // MICROSECONDS


_MONTH = "(" + "|".join(MONTHS) + ")"
_CLOCK = r"(\d{1,2}:\d\d(?::\d\d)?)"
# Sat Aug 10 04:55:47 2019: FortiOS, as ctime(3) has it.
_CTIME = re.compile(rf"[A-Z][a-z]{{2}} {_MONTH} +(\d{{1,2}}) {_CLOCK} (\d{{4}})\b")
# Mar 02 2026 10:15 AM: IOS; May 1 2009 14:02:49: Comware.
_NAMED = re.compile(rf"{_MONTH} +(\d{{1,2}}) (\d{{4}}) {_CLOCK}(?: ([AP]M))?")
# 2026/09/02 08:15:22: EdgeOS; 2026-09-02 08:15:22: VRP.
_NUMBERS = re.compile(rf"(\d{{4}})[-/](\d\d)[-/](\d\d) {_CLOCK}")
_ZONE = re.compile(rf" ?({ZONE})")
_UNITS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_LENGTH = re.compile(r"(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,4})s)?")


def end_in(text: str, zone: Zone) -> tuple[int | None, int, int] | None:
    """Return the date in `text` and where it is, or None where there is none.

    Units: us since 1970 UTC, None for a date that no calendar has; places in characters.
    """
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]], ...] = (
        (_CTIME, _from_ctime),
        (_NAMED, _from_named),
        (_NUMBERS, lambda match: (f"{match[1]}-{match[2]}-{match[3]}", _clock(match[4]))),
    )
    for pattern, reader in readers:
        match = pattern.search(text)
        if match is not None:
            behind = _ZONE.match(text, match.end())
            if behind is None:
                return us_from_local(*reader(match), zone), match.start(), match.end()
            told = zone_from_offset(behind[1])
            when = None if told is None else us_from_local(*reader(match), told)
            return when, match.start(), behind.end()
    return None


def seconds_of(text: str) -> int | None:
    """Return the length that RouterOS writes as 35w13h13m15s, in seconds; None for another word."""
    found = _LENGTH.fullmatch(text) if 2 <= len(text) <= 30 else None
    if found is None:
        return None
    counts = zip(found.groups(default="0"), _UNITS.values(), strict=True)
    return sum(int(count) * unit for count, unit in counts)


def _from_ctime(found: re.Match[str]) -> tuple[str, str]:
    month, day, clock, year = found.groups()
    return f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}", _clock(clock)


def _from_named(found: re.Match[str]) -> tuple[str, str]:
    month, day, year, clock, half = found.groups()
    return f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}", _clock(clock, half)


def _clock(text: str, half: str | None = None) -> str:
    """Return a time of the day in 24 hours, with its seconds."""
    hour, _, rest = text.partition(":")
    number = int(hour)
    if half is not None:
        number = number % 12 + (12 if half == "PM" else 0)
    return f"{number:02}:{rest if ':' in rest else f'{rest}:00'}"


_REACH = 300


class TableFamily(StrEnum):
    """How the rows below a heading are laid out."""

    COUNTED = "counted"
    """The first whole number behind the addresses is how many seconds are left."""
    BINDING = "binding"
    """An address, a client identifier or hardware address, and when the lease ends."""
    FORTIGATE = "fortigate"
    EDGEOS = "edgeos"
    DRAYTEK = "draytek"
    MIKROTIK = "mikrotik"
    MIKROTIK_PAIRS = "mikrotik-pairs"
    """`name=value` pairs, of `print terse` and of `export`."""


_HEADINGS = (
    (TableFamily.COUNTED, rb"MacAddress +IpAddress +Lease"),
    (TableFamily.COUNTED, rb"MAC Address +IP Address +State +Remaining"),
    (TableFamily.COUNTED, rb"IP address +Session Id +Hardware address +Expires +State"),
    (TableFamily.BINDING, rb"IP address +(?:Client-ID/?|Client[ -]identifier/?) +.*Lease"),
    (TableFamily.FORTIGATE, rb"IP +MAC-Address +Hostname\b"),
    (TableFamily.EDGEOS, rb"IP address +Hardware address +Lease expiration +Pool +Client name"),
    (TableFamily.DRAYTEK, rb"Index +IP address +MAC address +Leased time\b"),
    (TableFamily.MIKROTIK, rb"(?:Columns: |# +)ADDRESS\b.* MAC-ADDRESS\b.* SERVER\b"),
    (TableFamily.MIKROTIK_PAIRS, rb"/ip dhcp-server lease$"),
    (TableFamily.MIKROTIK_PAIRS, rb"(?:\d+ +(?:[A-Z]+ +)?)address=.* mac-address=.* server="),
)
_PATTERNS = tuple(
    (family, re.compile(pattern, re.IGNORECASE if family is not TableFamily.MIKROTIK_PAIRS else 0))
    for family, pattern in _HEADINGS
)


def family_of(line: bytes) -> TableFamily | None:
    """Return the family whose heading, or whose telling row, `line` is; else None."""
    start = line[:_REACH].strip()
    return next((family for family, known in _PATTERNS if known.match(start)), None)
