"""What one cell of an inventory holds: hardware addresses, addresses, client ids, yes or no."""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address

from quetsach.addresses import is_nobody, parse_address
from quetsach.inventory.headings import folded

LONGEST_CELL = 4_096
"""What a longer cell holds is not looked for; in characters."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_MAC = re.compile(
    r"(?<![0-9A-Fa-f:.-])(?:"
    r"[0-9A-Fa-f]{2}(?:(?P<part>[:. -])[0-9A-Fa-f]{2})(?:(?P=part)[0-9A-Fa-f]{2}){4}"
    r"|[0-9A-Fa-f]{4}(?P<four>[.:-])[0-9A-Fa-f]{4}(?P=four)[0-9A-Fa-f]{4}"
    r"|[0-9A-Fa-f]{6}-[0-9A-Fa-f]{6}"
    r"|[0-9A-Fa-f]{12})(?![0-9A-Fa-f:-])"
)
_LIKE_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:.-]){2,}|[0-9A-Fa-f.:-]*\d[0-9A-Fa-f.:-]{5,}|\dE\+\d")
_BETWEEN = re.compile(r"[\s,;|/()\[\]]+")
_LENGTH = re.compile(r"\s*/\s*(\d{1,3})(?![\d.:])")
_NOT_HEX = re.compile(r"[^0-9A-Fa-f]")
_NOTHING = frozenset(
    [
        "",
        "khong",
        "khong co",
        "ko",
        "chua co",
        "chua ro",
        "na",
        "n a",
        "none",
        "null",
        "unknown",
        "x",
        "0",
        "tu dong",
        "dong",
        "dhcp",
        "auto",
        "automatic",
        "dynamic",
        "ip dong",
        "cap tu dong",
        "nhan tu dong",
    ]
)
_NO_MACS = frozenset({"00-00-00-00-00-00", "FF-FF-FF-FF-FF-FF"})
_YES = frozenset(
    [
        "x",
        "co",
        "yes",
        "y",
        "true",
        "1",
        "v",
        "dung",
        "dung chung",
        "shared",
        "nhieu nguoi",
        "ca phong",
        "tat ca",
    ]
)
_NO = frozenset(
    [
        "",
        "khong",
        "ko",
        "no",
        "n",
        "false",
        "0",
        "rieng",
        "khong dung chung",
        "ca nhan",
        "1 nguoi",
        "not shared",
    ]
)
_TICKS = frozenset("✓✔☑☒×")


@dataclass(frozen=True)
class Found:
    """The values of a cell in their one form, and what of the cell could not be read."""

    values: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def says_nothing(cell: str) -> bool:
    """Return whether a cell is empty or only says so: "-", "không có", "DHCP"."""
    return folded(cell[:40]) in _NOTHING


def macs_in(cell: str) -> Found:
    """Return the hardware addresses of a cell, as 00-17-A4-B2-C3-D4.

    One that no machine can have (zeros, a group address) is among the unread.
    """
    text = _even(cell)
    values: dict[str, None] = {}
    unread: list[str] = []
    for found in _MAC.finditer(text):
        mac = mac_of(found.group())
        if mac is None:
            unread.append(found.group())
        else:
            values[mac] = None
    rest = _MAC.sub(" ", text)
    unread += [one for one in _BETWEEN.split(rest) if _LIKE_MAC.match(one)]
    if not values and not unread and not says_nothing(text):
        unread.append(text.strip())
    return Found(tuple(values), tuple(unread))


def mac_of(text: str) -> str | None:
    """Return one hardware address in its one form; None for what is none that a machine has."""
    digits = _NOT_HEX.sub("", text).upper()
    if len(digits) != 12:
        return None
    mac = "-".join(digits[at : at + 2] for at in range(0, 12, 2))
    return None if mac in _NO_MACS or int(digits[:2], 16) & 1 else mac


def addresses_in(cell: str) -> Found:
    """Return the addresses of a cell in their shortest form; a netmask beside one is none."""
    text = _even(cell)
    if says_nothing(text):
        return Found()
    values: dict[str, None] = {}
    unread: list[str] = []
    words = [one for one in _BETWEEN.split(_LENGTH.sub(r"%\1", text)) if one]
    for word in words:
        bare, _, length = word.partition("%")
        found = parse_address(bare)
        if found is not None and not is_nobody(found) and not found.is_multicast:
            if not _is_mask(str(found)):
                values[str(found)] = None
        elif (found is not None) or any(sign.isdigit() for sign in bare) or length:
            unread.append(word.replace("%", "/"))
    if not values and not unread:
        unread.append(text.strip())
    return Found(tuple(values), tuple(unread))


def client_ids_in(cell: str) -> Found:
    """Return the client identifiers of a cell as lower hex digits without separators."""
    values: dict[str, None] = {}
    unread: list[str] = []
    for word in re.split(r"[\s,;]+", _even(cell)):
        digits = re.sub(r"[:.-]", "", word.removeprefix("0x")).lower()
        if not word or says_nothing(word):
            continue
        if 6 <= len(digits) <= 260 and len(digits) % 2 == 0 and not _NOT_HEX.search(digits):
            values[digits] = None
        else:
            unread.append(word)
    return Found(tuple(values), tuple(unread))


def is_yes(cell: str) -> bool | None:
    """Return whether a cell says yes, or None where it says neither yes nor no."""
    if set(cell.strip()) & _TICKS:
        return True
    said = folded(cell[:40])
    if said in _YES:
        return True
    return False if said in _NO else None


def _even(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell[:LONGEST_CELL]).translate(_DASHES)


def _is_mask(address: str) -> bool:
    if not address.startswith("255."):
        return False
    gap = ~int(IPv4Address(address)) & 0xFFFFFFFF
    return gap & (gap + 1) == 0
