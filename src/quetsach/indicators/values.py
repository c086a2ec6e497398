"""Parses the text of one value into indicators, or into the reason for refusing it."""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from quetsach.addresses import (
    Address,
    AddressScope,
    Network,
    is_nobody,
    overlaps,
    parse_address,
    parse_network,
    parse_range,
    standing,
)
from quetsach.hostnames import LONGEST_NAME, parse_name, suffix_section
from quetsach.indicators.fingerprints import fingerprint_key
from quetsach.indicators.model import IndicatorKind, MatchRule
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.text.defang import LONGEST_VALUE, refang
from quetsach.urls import LONGEST_URL, parse_url, split_port

# A real list has 2001::/16, in which half of the older IPv6 Internet lives. A provider is given a
# /32 to a /29 (policy of the RIPE NCC, ripe-738), the greatest of them got a /19.
WIDEST_PREFIX = {4: 8, 6: 19}
"""Shortest accepted prefix length; a wider network would match far too many addresses."""

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
"""Every machine has empty files: such a hash in a list is a mistake."""

_FILE_ENDING = re.compile(FILE_ENDINGS)
_PLAIN_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]{2,63}")
_PLAIN_URL = re.compile(
    r"(https?)://([a-z0-9_.-]{4,253})(?::([1-9][0-9]{0,4}))?(/[A-Za-z0-9/._~=&?+-]*)?(?<=[A-Za-z0-9/])"
)
_PLAIN_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?")
_HASH = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
_MAIL = re.compile(r"[^\s@/:]{1,64}@[^\s@/:]{1,253}")
_RANGE = re.compile(r"([0-9a-fA-F:.]{2,45}) ?[-\u2013\u2014] ?([0-9a-fA-F:.]{2,45})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,15}:/{2,3}")


class ParsedValue(NamedTuple):
    """An indicator without its origin; fields as in Indicator."""

    key: str
    shown: str
    kind: IndicatorKind
    rule: MatchRule
    port: int | None = None


class ParsedIndicators(NamedTuple):
    """The indicators in one text, or the reason why it contains none."""

    values: tuple[ParsedValue, ...] = ()
    reason: RefusalReason | None = None


def parse_value(text: str, options: ListOptions) -> ParsedIndicators:
    """Return the indicators of the single value `text`, in any of the usual spellings.

    A range of addresses may give more than one indicator; a name or a web address never gives
    an indicator for anything but itself.
    """
    if len(text) > LONGEST_VALUE:
        return ParsedIndicators(reason=RefusalReason.UNPARSABLE)
    # A bare word is no indicator, and a hostile list has millions of them.
    if text.isalnum() and text.isascii() and not _HASH.fullmatch(text):
        return ParsedIndicators(reason=RefusalReason.UNPARSABLE)
    lowered = text.lower()
    if (key := fingerprint_key(text)) is not None:
        kind, rule = IndicatorKind.FINGERPRINT, MatchRule.FINGERPRINT
        return ParsedIndicators((ParsedValue(key, key, kind, rule),))
    # Most rows need no more than this; the full path gives the same result (test_values.py).
    if _PLAIN_NAME.fullmatch(lowered) and "xn--" not in lowered and len(lowered) <= LONGEST_NAME:
        return _host(lowered, lowered)
    if (parsed := _plain_url(text, options)) is not None:
        return parsed
    refanged = text if _PLAIN_ADDRESS.fullmatch(text) or _ends_in_zeros(text) else refang(text)
    if not refanged:
        return ParsedIndicators(reason=RefusalReason.EMPTY)
    if _MAIL.fullmatch(refanged):
        return ParsedIndicators(reason=RefusalReason.MAIL_ADDRESS)
    for read in _READERS:
        parsed = read(refanged, options)
        if parsed is not None:
            return parsed
    return ParsedIndicators(reason=RefusalReason.UNPARSABLE)


def _plain_url(text: str, options: ListOptions) -> ParsedIndicators | None:
    """Return what a web address without any oddity gives; None where the full path has to look."""
    whole = _PLAIN_URL.fullmatch(text) if len(text) <= LONGEST_URL else None
    if whole is None:
        return None
    scheme, host, port, path = whole.groups()
    if port is not None and int(port) > 65_535:
        return None
    if _PLAIN_NAME.fullmatch(host) and "xn--" not in host:
        if not _is_host(host):
            return ParsedIndicators(reason=RefusalReason.UNPARSABLE)
    elif (address := parse_address(host)) is not None and str(address) == host:
        if refused := _refused(address, options):
            return ParsedIndicators(reason=refused)
    else:
        return None
    odd_port = "" if port is None or port in ("80", "443") else f":{port}"
    key = f"{host}{odd_port}{path or '/'}"
    shown = f"{scheme}://{key}"
    return ParsedIndicators((ParsedValue(key, shown, IndicatorKind.URL, MatchRule.URL_PREFIX),))


def _ends_in_zeros(text: str) -> bool:
    # The colons of "2001:db8:1::" belong to the address; refang takes them for punctuation.
    return text.endswith("::") and parse_address(text) is not None


def with_port(parsed: ParsedValue, port: int | None) -> ParsedValue:
    """Return `parsed` narrowed to `port` if it is a bare address, else as it is."""
    if port is None or parsed.kind is not IndicatorKind.ADDRESS or parsed.port is not None:
        return parsed
    host = f"[{parsed.key}]" if ":" in parsed.key else parsed.key
    key = f"{host}:{port}"
    return ParsedValue(key, key, IndicatorKind.ADDRESS, MatchRule.IP_PORT, port)


def _read_range(text: str, options: ListOptions) -> ParsedIndicators | None:
    ends = _RANGE.fullmatch(text)
    networks = parse_range(ends.group(1), ends.group(2)) if ends else None
    if networks is None:
        return ParsedIndicators(reason=RefusalReason.UNPARSABLE) if " " in text else None
    readings = [_network(network, options) for network in networks]
    refused = [reading for reading in readings if reading.reason]
    if refused:
        return refused[0]
    return ParsedIndicators(tuple(parsed for reading in readings for parsed in reading.values))


def _read_url(text: str, options: ListOptions) -> ParsedIndicators | None:
    if not _SCHEME.match(text):
        return None
    return _url(text, options)


def _read_hash(text: str, _options: ListOptions) -> ParsedIndicators | None:
    if not _HASH.fullmatch(text):
        return None
    key = text.lower()
    if key in EMPTY_FILE_HASHES:
        return ParsedIndicators(reason=RefusalReason.EMPTY_FILE)
    return ParsedIndicators((ParsedValue(key, key, IndicatorKind.HASH, MatchRule.HASH),))


def _read_address(text: str, options: ListOptions) -> ParsedIndicators | None:
    address = parse_address(text)
    if address is not None:
        return _address(address, None, options)
    network = parse_network(text) if "/" in text else None
    if network is not None:
        return _network(network[0], options)
    if "/" in text:
        return None
    host_port = split_port(text)
    address = parse_address(host_port[0]) if host_port else None
    if host_port is None or address is None:
        return None
    return _address(address, host_port[1], options)


def _read_path(text: str, options: ListOptions) -> ParsedIndicators | None:
    host, slash, behind = text.partition("/")
    if not slash:
        return None
    # `203.0.113.5/33` is a wrong network, not a page called 33.
    if behind.isdigit() and parse_address(host) is not None:
        return ParsedIndicators(reason=RefusalReason.UNPARSABLE)
    return _url(text, options)


def _read_name(text: str, _options: ListOptions) -> ParsedIndicators | None:
    host_port = split_port(text)
    if host_port is None:
        return None
    wild = host_port[0].removeprefix("*")
    parsed = _name(wild)
    if host_port[1] is None or not parsed.values:
        return parsed
    # Names match in logs without ports, so the port is kept for people only.
    port = host_port[1]
    return ParsedIndicators(
        tuple(
            parsed_value._replace(port=port, shown=f"{parsed_value.shown}:{port}")
            for parsed_value in parsed.values
        )
    )


_READERS: tuple[Callable[[str, ListOptions], ParsedIndicators | None], ...] = (
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


def _name(text: str) -> ParsedIndicators:
    name = parse_name(text)
    if name is None or "." not in name.ascii:
        return ParsedIndicators(reason=_bare(text))
    return _host(name.ascii, name.shown)


def _host(name: str, shown: str) -> ParsedIndicators:
    if not _is_host(name):
        return ParsedIndicators(reason=RefusalReason.UNPARSABLE)
    if suffix_section(name):
        return ParsedIndicators(reason=RefusalReason.PUBLIC_SUFFIX)
    return ParsedIndicators((ParsedValue(name, shown, IndicatorKind.NAME, MatchRule.BELOW),))


def _bare(text: str) -> RefusalReason:
    # ".vn" is a whole country; "data" is a word that happens to be a top-level domain.
    whole = text.startswith(".") and suffix_section(text.strip(".").lower())
    return RefusalReason.PUBLIC_SUFFIX if whole else RefusalReason.UNPARSABLE


def _is_host(name: str) -> bool:
    return _is_domain(name.rpartition(".")[2])


@lru_cache(maxsize=4096)
def _is_domain(ending: str) -> bool:
    # "32.8.8.8.8.rpz-ip" is no host: a policy zone takes it for an order about 8.8.8.8.
    is_order = ending.startswith("rpz-")
    return len(ending) > 1 and not is_order and not _FILE_ENDING.fullmatch(ending)


def _url(text: str, options: ListOptions) -> ParsedIndicators:
    url = parse_url(text)
    if url is None:
        return ParsedIndicators(reason=RefusalReason.UNPARSABLE)
    if url.address is not None:
        refused = _refused(url.address, options)
        if refused:
            return ParsedIndicators(reason=refused)
    elif "." not in url.host or not _is_host(url.host):
        return ParsedIndicators(reason=RefusalReason.UNPARSABLE)
    return ParsedIndicators(
        (ParsedValue(url.key, url.shown, IndicatorKind.URL, MatchRule.URL_PREFIX),)
    )


def _address(address: Address, port: int | None, options: ListOptions) -> ParsedIndicators:
    refused = _refused(address, options)
    if refused:
        return ParsedIndicators(reason=refused)
    key = str(address)
    return ParsedIndicators(
        (with_port(ParsedValue(key, key, IndicatorKind.ADDRESS, MatchRule.EXACT), port),)
    )


def _network(network: Network, options: ListOptions) -> ParsedIndicators:
    if network.prefixlen == network.max_prefixlen:
        return _address(network.network_address, None, options)
    if network.prefixlen < WIDEST_PREFIX[network.version]:
        return ParsedIndicators(reason=RefusalReason.TOO_WIDE)
    refused = _refused(network, options)
    if refused:
        return ParsedIndicators(reason=refused)
    key = str(network)
    return ParsedIndicators((ParsedValue(key, key, IndicatorKind.NETWORK, MatchRule.CIDR),))


_SPECIAL = {
    AddressScope.PRIVATE: RefusalReason.PRIVATE,
    AddressScope.RESERVED: RefusalReason.RESERVED,
}


def _refused(span: Address | Network, options: ListOptions) -> RefusalReason | None:
    special = _SPECIAL.get(standing(span))
    if special is not None:
        return None if options.accept_private and not is_nobody(span) else special
    return RefusalReason.OWN_RANGE if overlaps(span, options.own) else None
