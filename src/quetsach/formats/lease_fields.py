"""What records of DHCP have in common: how a machine tells who it is, in one form for all servers.

Source: RFC 2132, 9.14 (client identifier); RFC 4361, 6.1 (DUID in it); RFC 8415, 11 (DUID).
"""

import re
from typing import Any

from quetsach.clocks import MICROSECONDS
from quetsach.formats import values

INFINITE_S = 0xFFFF_FFFF
"""A lease of so many seconds never ends (RFC 2131, 3.3)."""

_MOST_BYTES = 255
_HEX = re.compile(r"[0-9a-f]+")
_NO_HARDWARE = frozenset({"00-00-00-00-00-00", "FF-FF-FF-FF-FF-FF"})
# DUID-LLT and DUID-LL over Ethernet (1) or IEEE 802 (6): type, hardware type, time, address.
_DUID_HARDWARE = re.compile(r"(?:0001000[16][0-9a-f]{8}|0003000[16])([0-9a-f]{12})")
_NAME_LONGEST = 255


def hardware(value: Any) -> str | None:
    """Return a hardware address that can be one machine's: neither all zeros nor all ones."""
    found = values.mac(value)
    return None if found in _NO_HARDWARE else found


def client_id(value: Any) -> str | None:
    """Return an identifier written as `01:0:17:a4`, `01-00`, `0x0100` or `0100` in lower hex."""
    if not isinstance(value, str) or not 2 <= len(value) <= 3 * _MOST_BYTES + 2:
        return None
    lower = value.lower().removeprefix("0x")
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
    """Put into `record` who the machine is, as far as told.

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
    found = values.text(value)
    if found is None or len(found) > _NAME_LONGEST:
        return None
    found = found.strip().rstrip(".")
    return found if found and found != "*" else None


def names_machine(record: dict[str, Any]) -> bool:
    """Return whether `record` says anything of who the machine is."""
    return any(one in record for one in ("host.mac", "quetsach.lease.client_id", "host.name"))


def whole_seconds(start_us: int, end_us: int) -> int:
    """Return the length of a lease in seconds."""
    return (end_us - start_us) // MICROSECONDS
