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
    **dict.fromkeys(("1", "58", "ipv6-icmp", "icmp6", "icmpv6"), "icmp"),
}


def as_text(line: bytes) -> str:
    r"""Return `line` as text; bytes that are not UTF-8 are shown as `\xHH`."""
    return line.decode("utf-8", "backslashreplace")


def text(written: Any) -> str | None:
    """Return a text or a number as text; None for an empty one and for anything else."""
    if isinstance(written, str):
        return written if written and written != "-" else None
    return str(written) if type(written) is int else None


def texts(value: Any) -> list[str] | None:
    """Return a list of texts, or one text, as a list of texts without empty ones."""
    several = value if isinstance(value, list) else [] if value is None else [value]
    kept = [found for one in several if (found := text(one)) is not None]
    return kept or None


def address(value: Any) -> str | None:
    """Return the address in its shortest form; an IPv4 address written in IPv6 is the IPv4."""
    return _address(value) if isinstance(value, str) and 2 <= len(value) <= 64 else None


@lru_cache(maxsize=65_536)
def _address(value: str) -> str | None:
    try:
        address = ip_address(value.strip("[]"))
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped is not None else str(address).partition("%")[0]
    return str(address)


def assignable_address(value: Any) -> str | None:
    """Return the address a machine can hold: `address` without 0.0.0.0 and ::."""
    found = address(value)
    return None if found in {"0.0.0.0", "::"} else found  # noqa: S104 - a value, nothing is bound


def count(written: Any) -> int | None:
    """Return a number that is not negative and fits 64 bits; a fraction is cut off."""
    if isinstance(written, str):
        if len(written) < _MOST_DIGITS and written.isascii() and written.isdigit():
            return int(written)
        whole = written if written.isdigit() else written.partition(".")[0]
        if not (whole.isdigit() and whole.isascii() and len(whole) <= _MOST_DIGITS):
            return None
        number = int(whole)
    elif (
        isinstance(written, (int, float)) and not isinstance(written, bool) and 0 <= written < _MOST
    ):
        number = int(written)
    else:
        return None
    return number if number < _MOST else None


def parse_port(value: Any) -> int | None:
    """Return a port, 0 to 65535."""
    number = count(value)
    return number if number is not None and number <= 65_535 else None


def nanoseconds(seconds: Any) -> int | None:
    """Return a length of seconds, with or without a fraction, in nanoseconds."""
    if isinstance(seconds, str):
        whole, _, fraction = seconds.partition(".")
        digits = whole + fraction[:9].ljust(9, "0")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
            return None
        return int(digits)
    if isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 <= seconds < 1e9:
        return round(seconds * 1_000_000) * 1000
    return None


def mac(written: Any) -> str | None:
    """Return a hardware address as 00-17-A4-B2-C3-D4, from any of its usual forms."""
    if not isinstance(written, str) or not 12 <= len(written) <= 17:
        return None
    digits = _NOT_HEX.sub("", written).upper()
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


def moment(written: Any, zone: Zone) -> tuple[int | None, bool]:
    """Return the time in us that `written` writes, and whether `zone` had to be applied to it."""
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        return us_from_number(written), False
    if not isinstance(written, str):
        return None, False
    # Told apart by the dash of 2026-09-01, since both readings are tried on every line.
    when = us_from_iso(written, None) if written[4:5] == "-" else us_from_epoch(written)
    if when is not None:
        return when, False
    return us_from_iso(written, zone), True


def set_time(record: dict[str, Any], value: Any, zone: Zone) -> None:
    """Put the time that `value` writes into `record`, and the zone where it had to be applied."""
    when, applied = moment(value, zone)
    if when is not None:
        record["@timestamp"] = when
        if applied:
            record["event.timezone"] = str(zone)


_LONGEST = 2048
_FORWARDED_MOST = 32
_SPLIT = re.compile(r'[\s,;"=]+')
_PORT = re.compile(r"(\[[^\]]*\]|[^:]*):\d{1,5}")
_OF_THE_PROXY = frozenset({"by", "host"})
# Private, shared (RFC 6598) and unique local addresses; link-local ones cross no proxy.
_INSIDE = re.compile(
    r"10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]"
)


def forwarded_ip(written: Any) -> str | None:
    """Return the last inside address that `written` names, a text or a list of texts, or None.

    A proxy appends its client to what the request had before (RFC 7239, 4): the client may have
    forged all that precedes, so that another machine is suspected.
    An address of the Internet names no own machine.
    """
    if written is None:
        return None
    several = written if isinstance(written, list) else [written]
    text = ",".join(one for one in several[-_FORWARDED_MOST:] if isinstance(one, str))[-_LONGEST:]
    tokens = _SPLIT.split(text)[-_FORWARDED_MOST:]
    for before, token in reversed(list(zip(["", *tokens], tokens, strict=False))):
        port = _PORT.fullmatch(token)
        found = address(token if port is None else port[1])
        if found is not None and _INSIDE.match(found) and before.lower() not in _OF_THE_PROXY:
            return found
    return None


# 00:17:a4:b2:c3:d4, 0:17:a4:b2:c3:d4 (BSD), 00-17-A4-B2-C3-D4, 0017.a4b2.c3d4 (Cisco),
# 0017-a4b2-c3d4 (Huawei, Comware), 0017a4-b2c3d4 (ProCurve).
_FORMS = re.compile(
    r"[0-9a-f]{1,2}([:-])[0-9a-f]{1,2}(?:\1[0-9a-f]{1,2}){4}"
    r"|[0-9a-f]{4}([.-])[0-9a-f]{4}\2[0-9a-f]{4}"
    r"|[0-9a-f]{6}[-:][0-9a-f]{6}",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"[:.\-]")
_HARDWARE_LONGEST = 17
# A part of such an address is worth a word: the line was cut or damaged.
_PART = re.compile(
    r"(?<![\w:.\-])(?:[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){3,}|[0-9a-f]{4}[.-][0-9a-f]{4})",
    re.IGNORECASE,
)
# Source: RFC 1112, 6.4 (IPv4 multicast), RFC 2464, 7 (IPv6 multicast), IEEE 802.1D, 7.12.6
# (bridges). The group bit alone does not tell: anonymised tables set it at random.
_NOBODY = ("FF-FF-FF-FF-FF-FF", "00-00-00-00-00-00")
_GROUP = ("01-00-5E-", "33-33-", "01-80-C2-")


def hardware(token: str) -> str | None:
    """Return the hardware address that the whole of `token` writes, as 00-17-A4-B2-C3-D4."""
    if len(token) > _HARDWARE_LONGEST or _FORMS.fullmatch(token) is None:
        return None
    groups = _GROUPS.split(token)
    digits = "".join(group.zfill(12 // len(groups)) for group in groups).upper()
    return "-".join(digits[place : place + 2] for place in range(0, 12, 2))


def holds_a_part(text: str) -> bool:
    """Return whether something in `text` begins like a hardware address."""
    return _PART.search(text) is not None


def is_nobodys(mac: str) -> bool:
    """Return whether `mac`, as `hardware` gives it, is unset, broadcast or a multicast group's."""
    return mac in _NOBODY or mac.startswith(_GROUP)


_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,20}://([^/?#]*)")


def host_of(authority: str) -> str:
    """Return the host of `host`, `host:port`, `user@host:port` or `[v6]:port`."""
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    # More than one colon and no bracket is an IPv6 address without a port.
    return host.partition(":")[0] if host.count(":") == 1 else host


def page(host: str | None, uri: str | None, scheme: str = "http") -> tuple[str | None, str | None]:
    """Return the requested URL and its host, from a Host header and a request target.

    A target may be absolute (to a proxy), or `host:port` (CONNECT), which stays as it is.
    """
    if uri is None:
        return (f"{scheme}://{host}/", host_of(host)) if host else (None, None)
    absolute = _ABSOLUTE.match(uri)
    if absolute is not None:
        return uri, host_of(absolute[1]) or None
    if not uri.startswith(("/", "?", "*")):
        # CONNECT; Zeek 7 writes a blank and a slash behind it.
        target = uri.partition(" ")[0]
        if ":" in target and "/" not in target:
            return target, host_of(target) or None
        uri = f"/{uri}"
    if not host:
        return None, None
    return f"{scheme}://{host}{'' if uri == '*' else uri}", host_of(host) or None


def set_translation(record: dict[str, Any], side: str, ip: Any, port: Any = None) -> None:
    """Put address and port after translation into `record`; `side` is source or destination.

    An end that was left as it was, or one written as 0.0.0.0, is no translation.
    """
    address, number = assignable_address(ip), parse_port(port)
    if address is None:
        return
    same_port = not number or number == record.get(f"{side}.port")
    if address == record.get(f"{side}.ip") and same_port:
        return
    record[f"{side}.nat.ip"] = address
    if number:
        record[f"{side}.nat.port"] = number


def set_end(record: dict[str, Any], side: str, ip: Any, port: Any = None) -> None:
    """Put address and port of one end into `record`, where they can be read."""
    found, number = address(ip), parse_port(port)
    if found is not None:
        record[f"{side}.ip"] = found
    if number is not None:
        record[f"{side}.port"] = number
