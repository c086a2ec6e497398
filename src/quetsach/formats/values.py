"""Typed values of an event from what a log writes; what cannot be read is None, never an error."""

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any

from quetsach.clocks import Zone, us_from_epoch, us_from_iso, us_from_number

_MOST = 2**63
_MOST_DIGITS = 19
_HEX_PAIRS = re.compile(r"..")
_NOT_HEX = re.compile(r"[:.\-]")
_TRANSPORTS = {
    "6": "tcp",
    "17": "udp",
    "1": "icmp",
    "58": "icmp",
    "ipv6-icmp": "icmp",
    "icmp6": "icmp",
    "icmpv6": "icmp",
}


def as_text(line: bytes) -> str:
    r"""Return `line` as text; bytes that are not UTF-8 are shown as `\xHH`."""
    return line.decode("utf-8", "backslashreplace")


def text(value: Any) -> str | None:
    """Return a text or a number as text; None for an empty one and for anything else."""
    if isinstance(value, str):
        return value if value and value != "-" else None
    return str(value) if type(value) is int else None


def texts(value: Any) -> list[str] | None:
    """Return a list of texts, or one text, as a list of texts without empty ones."""
    several = value if isinstance(value, list) else [value]
    kept = [found for one in several if (found := text(one)) is not None]
    return kept or None


def address(value: Any) -> str | None:
    """Return the address in its shortest form; an IPv4 address written in IPv6 is the IPv4."""
    return _address(value) if isinstance(value, str) and 2 <= len(value) <= 64 else None


@lru_cache(maxsize=65_536)
def _address(value: str) -> str | None:
    try:
        found = ip_address(value.strip("[]"))
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped is not None else str(found).partition("%")[0]
    return str(found)


def held_address(value: Any) -> str | None:
    """Return the address a machine can hold: `address` without 0.0.0.0 and ::."""
    found = address(value)
    return None if found in {"0.0.0.0", "::"} else found  # noqa: S104 - a value, nothing is bound


def count(value: Any) -> int | None:
    """Return a number that is not negative and fits 64 bits; a fraction is cut off."""
    if isinstance(value, str):
        whole = value if value.isdigit() else value.partition(".")[0]
        if not (whole.isdigit() and whole.isascii() and len(whole) <= _MOST_DIGITS):
            return None
        number = int(whole)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < _MOST:
        number = int(value)
    else:
        return None
    return number if number < _MOST else None


def port(value: Any) -> int | None:
    """Return a port, 0 to 65535."""
    number = count(value)
    return number if number is not None and number <= 65_535 else None


def nanoseconds(value: Any) -> int | None:
    """Return a length of seconds, with or without a fraction, in nanoseconds."""
    if isinstance(value, str):
        whole, _, fraction = value.partition(".")
        digits = whole + fraction[:9].ljust(9, "0")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
            return None
        return int(digits)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e9:
        return round(value * 1_000_000) * 1000
    return None


def mac(value: Any) -> str | None:
    """Return a hardware address as 00-17-A4-B2-C3-D4, from any of its usual forms."""
    if not isinstance(value, str) or not 12 <= len(value) <= 17:
        return None
    digits = _NOT_HEX.sub("", value).upper()
    if len(digits) != 12 or digits.strip("0123456789ABCDEF"):
        return None
    return "-".join(_HEX_PAIRS.findall(digits))


def transport(value: Any) -> str | None:
    """Return tcp, udp, icmp or the protocol's own word, from a name or an IP protocol number."""
    found = text(value)
    if found is None or len(found) > 40:
        return None
    lower = found.lower()
    return _TRANSPORTS.get(lower, lower)


def moment(value: Any, zone: Zone) -> tuple[int | None, bool]:
    """Return the time in us that `value` writes, and whether `zone` had to be applied to it."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return us_from_number(value), False
    if not isinstance(value, str):
        return None, False
    # Told apart by the dash of 2026-09-01, since both readings are tried on every line.
    when = us_from_iso(value, None) if value[4:5] == "-" else us_from_epoch(value)
    if when is not None:
        return when, False
    return us_from_iso(value, zone), True


def set_time(record: dict[str, Any], value: Any, zone: Zone) -> None:
    """Put the time that `value` writes into `record`, and the zone where it had to be applied."""
    when, applied = moment(value, zone)
    if when is not None:
        record["@timestamp"] = when
        if applied:
            record["event.timezone"] = str(zone)
