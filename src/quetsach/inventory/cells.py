"""The content of one cell of an inventory: addresses, client ids, yes or no, a role, a name."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address

from quetsach.addresses import is_nobody, parse_address
from quetsach.inventory.headings import folded
from quetsach.inventory.model import NetworkRole

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
    {
        *("", "khong", "khong co", "ko", "chua co", "chua ro", "na", "n a", "none", "null"),
        *("unknown", "x", "0", "tu dong", "dong", "dhcp", "auto", "automatic", "dynamic"),
        *("ip dong", "cap tu dong", "nhan tu dong"),
    }
)
_NO_MACS = frozenset({"00-00-00-00-00-00", "FF-FF-FF-FF-FF-FF"})
_YES = frozenset(
    {
        *("x", "co", "yes", "y", "true", "1", "v", "dung", "dung chung", "shared", "nhieu nguoi"),
        *("ca phong", "tat ca"),
    }
)
_NO = frozenset(
    {
        *("", "khong", "ko", "no", "n", "false", "0", "rieng", "khong dung chung", "ca nhan"),
        *("1 nguoi", "not shared"),
    }
)
_TICKS = frozenset("✓✔☑☒×")


@dataclass(frozen=True)
class CellValues:
    """The values of a cell in their one form, and what of the cell could not be read."""

    values: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def is_blank_cell(cell: str) -> bool:
    """Return whether a cell is empty or only says so: "-", "không có", "DHCP"."""
    return folded(cell[:40]) in _NOTHING


def macs_in(cell: str) -> CellValues:
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
    if not values and not unread and not is_blank_cell(text):
        unread.append(text.strip())
    return CellValues(tuple(values), tuple(unread))


def mac_of(text: str) -> str | None:
    """Return a hardware address in canonical form; None for what no machine can have."""
    digits = _NOT_HEX.sub("", text).upper()
    if len(digits) != 12:
        return None
    mac = "-".join(digits[at : at + 2] for at in range(0, 12, 2))
    return None if mac in _NO_MACS or int(digits[:2], 16) & 1 else mac


def addresses_in(cell: str) -> CellValues:
    """Return the addresses of a cell in their shortest form, netmasks beside them left out."""
    text = _even(cell)
    if is_blank_cell(text):
        return CellValues()
    values: dict[str, None] = {}
    unread: list[str] = []
    words = [one for one in _BETWEEN.split(_LENGTH.sub(r"%\1", text)) if one]
    for word in words:
        bare, _, length = word.partition("%")
        address = parse_address(bare)
        if address is not None and not is_nobody(address) and not address.is_multicast:
            if not _is_mask(str(address)):
                values[str(address)] = None
        elif (address is not None) or any(sign.isdigit() for sign in bare) or length:
            unread.append(word.replace("%", "/"))
    if not values and not unread:
        unread.append(text.strip())
    return CellValues(tuple(values), tuple(unread))


def client_ids_in(cell: str) -> CellValues:
    """Return the client identifiers of a cell as lower hex digits without separators."""
    values: dict[str, None] = {}
    unread: list[str] = []
    for word in re.split(r"[\s,;]+", _even(cell)):
        digits = re.sub(r"[:.-]", "", word.removeprefix("0x")).lower()
        if not word or is_blank_cell(word):
            continue
        if 6 <= len(digits) <= 260 and len(digits) % 2 == 0 and not _NOT_HEX.search(digits):
            values[digits] = None
        else:
            unread.append(word)
    return CellValues(tuple(values), tuple(unread))


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


# The begin of a part decides: "máy trạm qua proxy" is no proxy, and may be infected itself.
_DUTIES: tuple[tuple[NetworkRole, str], ...] = (
    (
        NetworkRole.RESOLVER,
        r"dns|resolver|may chu dns|may chu ten mien|may chu phan giai|phan giai ten mien|bind"
        r"|unbound|name server|nameserver|server dns",
    ),
    (NetworkRole.PROXY, r"proxy|may chu proxy|squid|server proxy|web proxy|may chu uy nhiem"),
    (
        NetworkRole.ACCESS_POINT,
        r"access point|ap|bo phat|thiet bi phat|phat wi ?fi|diem truy cap|diem phat|wireless ap"
        r"|wi ?fi access point|bo phat song|cuc phat",
    ),
    (
        NetworkRole.GATEWAY,
        r"gateway|default gateway|router|bo dinh tuyen|thiet bi dinh tuyen|dinh tuyen|modem"
        r"|firewall|tuong lua|thiet bi tuong lua|cong ra|cong internet|thiet bi can bang tai"
        r"|can bang tai|load balanc\w*",
    ),
    (
        NetworkRole.SERVER,
        r"server|may chu|domain controller|nas|active directory|file server|web server"
        r"|mail server|dhcp server",
    ),
    (
        NetworkRole.ORDINARY,
        r"may tram|may tinh|client|workstation|pc|laptop|may xach tay|desktop|may ban|may in"
        r"|printer|ordinary|end ?user|nguoi dung|may de ban|camera|scanner|may quet",
    ),
)
_PATTERNS = tuple((duty, re.compile(rf"(?:{words})(?![a-z0-9])")) for duty, words in _DUTIES)
_PARTS = re.compile(r"[,;/+&|\n()]|\bkiêm\b|\bvà\b|\band\b", re.IGNORECASE)
_EXACT = frozenset({"wifi", "wi fi", "wlan"})
_LONGEST = 200


def duty_of(text: str) -> NetworkRole | None:
    """Return the duty that `text` names, None where it names none.

    Of several the one counts that asks for others: resolver, proxy, access point, gateway, server.
    """
    parts = [folded(one) for one in _PARTS.split(text[:_LONGEST])]
    for duty, pattern in _PATTERNS:
        if any(pattern.match(part) for part in parts):
            return duty
    return NetworkRole.ACCESS_POINT if any(part in _EXACT for part in parts) else None


def is_only_duty(text: str) -> bool:
    """Return whether `text` says a duty and nothing else, as one must for a whole network."""
    said = folded(text[:_LONGEST])
    return said in _EXACT or any(pattern.fullmatch(said) for _duty, pattern in _PATTERNS)


LONGEST_NAME = 253


def bare_name(name: str) -> str:
    """Return a name as it is compared: its first label, whatever its case."""
    return name.strip()[:LONGEST_NAME].partition(".")[0].strip().casefold()


# What makers and systems give out: a name that thousands share joins no devices.
_GIVEN_OUT = re.compile(
    r"|[*?-]+|(?:my|the|new)?[ _-]?(?:desktop|laptop|notebook|computer|pc|workstation|server|host"
    r"|localhost|client|machine|device|test|default|unknown|none|null|user|admin|administrator"
    r"|owner|home|office|public|guest|dhcp|wlan|wifi|linux|ubuntu|debian|fedora|centos|kali|mint"
    r"|raspberrypi|raspberry|openwrt|windows|win|winxp|win7|win10|win11|windows[ _-]?\d{1,2}"
    r"|android|iphone|ipad|ipod|watch|applewatch|apple-watch|imac|mac|macbook|macmini|mac-mini"
    r"|phone|tablet|tv|smarttv|smart-tv|chromecast|android-?tv|printer|espressif|esp|esp32|esp8266"
    r"|camera|ipcamera|ipcam|nvr|dvr|router|switch|gateway|may|maytinh|may-tinh|maychu|vanphong)"
    r"[ _-]?0{0,3}\d?"
    r"|(?:user|admin|owner|home|acer|asus|dell|hp|lenovo)[ _-]pc"
    r"|macbook[ _-]?(?:pro|air)|iphone[ _-]?\d{1,2}.{0,12}|ipad[ _-]?(?:pro|air|mini|\d{1,2})"
    r"|(?:galaxy|redmi|oppo|vivo|samsung|realme|xiaomi|huawei|honor|nokia|moto|pixel|poco|mi|sm"
    r"|tecno|infinix|oneplus|sony|xperia|lg|asus|lenovo|hp|dell|acer|vsmart|cph|itel)"
    # Each part is taken as a whole, so that a long name of many parts is not tried in many ways.
    r"(?>[ _-](?>[a-z]{0,3}\d{1,4}[a-z]{0,3}|pro|plus|max|ultra|lite|note|mini|se|tab|fe|prime"
    r"|go|pad|book|5g|4g|[a-z]{1,2}))*+"
)


@lru_cache(maxsize=65_536)
def is_generic_name(name: str) -> bool:
    """Return whether a name is one that many machines have, such as DESKTOP or Galaxy-A12."""
    return _GIVEN_OUT.fullmatch(bare_name(name)) is not None
