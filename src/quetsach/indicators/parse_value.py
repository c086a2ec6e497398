"""Turns the text of one value into the indicators it writes, or into the reason for refusing it."""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from quetsach.addresses import (
    Address,
    Network,
    Standing,
    is_nobody,
    overlaps,
    parse_address,
    parse_network,
    parse_range,
    standing,
)
from quetsach.hostnames import LONGEST_NAME, parse_name, suffix_section
from quetsach.indicators.defang import LONGEST_VALUE, refang
from quetsach.indicators.model import Kind, Rule
from quetsach.indicators.options import ListOptions, Reason
from quetsach.urls import parse_url, split_port

# A real list has 2001::/16, in which half of the older IPv6 Internet lives. A provider is given a
# /32 to a /29 (policy of the RIPE NCC, ripe-738), the greatest of them got a /19.
WIDEST_PREFIX = {4: 8, 6: 19}
"""Shortest prefix length that is still taken; a wider network would blame half the world."""

# Endings of files that are no top-level domain: `loader.exe` in a list is a file, not a host.
# Those that are both (`.com`, `.zip`, `.sh`, `.py`, `.md`) stay names.
FILE_ENDINGS = (
    r"7z|apk|asar|asp|aspx|bat|bin|bmp|cfg|chm|class|cmd|conf|cpl|crx|css"
    r"|csv|dat|db|dll|dmg|doc|docm|docx|dylib|elf|evtx|exe|gif|gz|hta|htm"
    r"|html|ico|img|ini|iso|jar|jpeg|jpg|js|jse|json|jsp|key|lnk|log|lua"
    r"|msi|msp|mui|ocx|ova|pcap|pcapng|pdf|pem|php|png|ppt|pptx|ps1|psd1"
    r"|psm1|rar|rtf|scr|sct|sqlite|swf|sys|tar|temp|tgz|tmp|toml|ttf|txt|vbe"
    r"|vbs|vhd|wav|wasm|wsf|xls|xlsm|xlsx|xml|xz|yaml|yml"
)
"""Separated by `|`, as a regular expression takes them."""

EMPTY_FILE_HASHES = frozenset(
    hashlib.new(name, b"", usedforsecurity=False).hexdigest() for name in ("md5", "sha1", "sha256")
)
"""Each machine has empty files: a list that holds such a hash was made in haste."""

_FILE_ENDING = re.compile(FILE_ENDINGS)
_PLAIN_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]{2,63}")
_PLAIN_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?")
_HASH = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
_MAIL = re.compile(r"[^\s@/:]{1,64}@[^\s@/:]{1,253}")
_RANGE = re.compile(r"([0-9a-fA-F:.]{2,45}) ?[-\u2013\u2014] ?([0-9a-fA-F:.]{2,45})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,15}:/{2,3}")


class Value(NamedTuple):
    """What an indicator is, before anybody says where it came from; fields as in Indicator."""

    key: str
    shown: str
    kind: Kind
    rule: Rule
    port: int | None = None


class Parsed(NamedTuple):
    """The indicators that one text writes, or the reason why it writes none."""

    values: tuple[Value, ...] = ()
    reason: Reason | None = None


def parse_value(text: str, options: ListOptions) -> Parsed:
    """Return what the single value `text` writes, in any of the usual spellings.

    A range of addresses may give more than one indicator; a name or a web address never gives
    an indicator for anything but itself.
    """
    if len(text) > LONGEST_VALUE:
        return Parsed(reason=Reason.UNPARSABLE)
    # A bare word is none of ours, and a hostile list has millions of them.
    if text.isalnum() and text.isascii() and not _HASH.fullmatch(text):
        return Parsed(reason=Reason.UNPARSABLE)
    lowered = text.lower()
    # Most rows need no more than this; the long way gives the same answer (test_parse_value.py).
    if _PLAIN_NAME.fullmatch(lowered) and "xn--" not in lowered and len(lowered) <= LONGEST_NAME:
        return _host(lowered, lowered)
    value = text if _PLAIN_ADDRESS.fullmatch(text) or _ends_in_zeros(text) else refang(text)
    if not value:
        return Parsed(reason=Reason.EMPTY)
    if _MAIL.fullmatch(value):
        return Parsed(reason=Reason.MAIL_ADDRESS)
    for read in _READERS:
        parsed = read(value, options)
        if parsed is not None:
            return parsed
    return Parsed(reason=Reason.UNPARSABLE)


def _ends_in_zeros(text: str) -> bool:
    # The colons of "2001:db8:1::" belong to the address; refang takes them for punctuation.
    return text.endswith("::") and parse_address(text) is not None


def with_port(value: Value, port: int | None) -> Value:
    """Return `value` narrowed to `port` if it is a bare address, else as it is."""
    if port is None or value.kind is not Kind.ADDRESS or value.port is not None:
        return value
    host = f"[{value.key}]" if ":" in value.key else value.key
    key = f"{host}:{port}"
    return Value(key, key, Kind.ADDRESS, Rule.IP_PORT, port)


def _read_range(value: str, options: ListOptions) -> Parsed | None:
    ends = _RANGE.fullmatch(value)
    networks = parse_range(ends.group(1), ends.group(2)) if ends else None
    if networks is None:
        return Parsed(reason=Reason.UNPARSABLE) if " " in value else None
    found = [_network(network, options) for network in networks]
    refused = [one for one in found if one.reason]
    if refused:
        return refused[0]
    return Parsed(tuple(value for one in found for value in one.values))


def _read_url(value: str, options: ListOptions) -> Parsed | None:
    if not _SCHEME.match(value):
        return None
    return _url(value, options)


def _read_hash(value: str, _options: ListOptions) -> Parsed | None:
    if not _HASH.fullmatch(value):
        return None
    key = value.lower()
    if key in EMPTY_FILE_HASHES:
        return Parsed(reason=Reason.EMPTY_FILE)
    return Parsed((Value(key, key, Kind.HASH, Rule.HASH),))


def _read_address(value: str, options: ListOptions) -> Parsed | None:
    address = parse_address(value)
    if address is not None:
        return _address(address, None, options)
    network = parse_network(value) if "/" in value else None
    if network is not None:
        return _network(network[0], options)
    if "/" in value:
        return None
    host_port = split_port(value)
    address = parse_address(host_port[0]) if host_port else None
    if host_port is None or address is None:
        return None
    return _address(address, host_port[1], options)


def _read_path(value: str, options: ListOptions) -> Parsed | None:
    host, slash, behind = value.partition("/")
    if not slash:
        return None
    # `203.0.113.5/33` is a wrong network, not a page called 33.
    if behind.isdigit() and parse_address(host) is not None:
        return Parsed(reason=Reason.UNPARSABLE)
    return _url(value, options)


def _read_name(value: str, _options: ListOptions) -> Parsed | None:
    host_port = split_port(value)
    if host_port is None:
        return None
    wild = host_port[0].removeprefix("*")
    parsed = _name(wild)
    if host_port[1] is None or not parsed.values:
        return parsed
    # A name is met in logs that know no port, so the port is kept for people only.
    port = host_port[1]
    return Parsed(
        tuple(one._replace(port=port, shown=f"{one.shown}:{port}") for one in parsed.values)
    )


_READERS: tuple[Callable[[str, ListOptions], Parsed | None], ...] = (
    _read_range,
    _read_url,
    _read_hash,
    _read_address,
    _read_path,
    _read_name,
)


def is_file_ending(ending: str) -> bool:
    """Return whether `ending` ends names of files and never names of hosts."""
    return _FILE_ENDING.fullmatch(ending.lower()) is not None


def _name(text: str) -> Parsed:
    name = parse_name(text)
    if name is None or "." not in name.ascii:
        return Parsed(reason=_bare(text))
    return _host(name.ascii, name.shown)


def _host(name: str, shown: str) -> Parsed:
    if not _is_host(name):
        return Parsed(reason=Reason.UNPARSABLE)
    if suffix_section(name):
        return Parsed(reason=Reason.PUBLIC_SUFFIX)
    return Parsed((Value(name, shown, Kind.NAME, Rule.BELOW),))


def _bare(text: str) -> Reason:
    # ".vn" is a whole country; "data" is a word that happens to be a top-level domain.
    whole = text.startswith(".") and suffix_section(text.strip(".").lower())
    return Reason.PUBLIC_SUFFIX if whole else Reason.UNPARSABLE


def _is_host(name: str) -> bool:
    return _is_domain(name.rpartition(".")[2])


@lru_cache(maxsize=4096)
def _is_domain(ending: str) -> bool:
    # "32.8.8.8.8.rpz-ip" is no host: a policy zone takes it for an order about 8.8.8.8.
    is_order = ending.startswith("rpz-")
    return len(ending) > 1 and not is_order and not _FILE_ENDING.fullmatch(ending)


def _url(text: str, options: ListOptions) -> Parsed:
    url = parse_url(text)
    if url is None:
        return Parsed(reason=Reason.UNPARSABLE)
    if url.address is not None:
        refused = _refused(url.address, options)
        if refused:
            return Parsed(reason=refused)
    elif "." not in url.host or not _is_host(url.host):
        return Parsed(reason=Reason.UNPARSABLE)
    return Parsed((Value(url.key, url.shown, Kind.URL, Rule.URL_PREFIX),))


def _address(address: Address, port: int | None, options: ListOptions) -> Parsed:
    refused = _refused(address, options)
    if refused:
        return Parsed(reason=refused)
    key = str(address)
    return Parsed((with_port(Value(key, key, Kind.ADDRESS, Rule.EXACT), port),))


def _network(network: Network, options: ListOptions) -> Parsed:
    if network.prefixlen == network.max_prefixlen:
        return _address(network.network_address, None, options)
    if network.prefixlen < WIDEST_PREFIX[network.version]:
        return Parsed(reason=Reason.TOO_WIDE)
    refused = _refused(network, options)
    if refused:
        return Parsed(reason=refused)
    key = str(network)
    return Parsed((Value(key, key, Kind.NETWORK, Rule.CIDR),))


_SPECIAL = {Standing.PRIVATE: Reason.PRIVATE, Standing.RESERVED: Reason.RESERVED}


def _refused(span: Address | Network, options: ListOptions) -> Reason | None:
    special = _SPECIAL.get(standing(span))
    if special is not None:
        return None if options.accept_private and not is_nobody(span) else special
    return Reason.OWN_RANGE if overlaps(span, options.own) else None
