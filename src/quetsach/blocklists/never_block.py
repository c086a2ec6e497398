"""The never-block list (`--belt`): read, queried, and checked against the text of files."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from quetsach.addresses import (
    Address,
    Network,
    bounds,
    parse_address,
    parse_network,
    parse_range,
)
from quetsach.errors.exceptions import QuetsachError
from quetsach.hostnames import parse_name
from quetsach.indicators.model import Indicator, IndicatorKind
from quetsach.texts import _
from quetsach.urls import parse_url

# Source: IANA special-purpose registries. Documentation ranges stay free: test entries use them.
# 64:ff9b::/96 (RFC 6052) leads to every IPv4 address, those on the list too.
SPECIAL_RANGES = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/3",
    "::/127",
    "64:ff9b::/96",
    "fc00::/7",
    "fe80::/9",
    "ff00::/8",
)

# Source: documentation of Cloudflare, Google, Quad9 and OpenDNS. Their resolvers are so common
# that a list that names one would cut off its users.
KNOWN_RESOLVERS = (
    "1.0.0.1",
    "1.1.1.1",
    "8.8.4.4",
    "8.8.8.8",
    "9.9.9.9",
    "149.112.112.112",
    "208.67.220.220",
    "208.67.222.222",
    "2001:4860:4860::8844",
    "2001:4860:4860::8888",
    "2606:4700:4700::1001",
    "2606:4700:4700::1111",
    "2620:fe::9",
    "2620:fe::fe",
)

STATE_SUFFIXES = ("gov.vn", "chinhphu.vn")
"""Names at or below these are taken one by one, by a person who names them."""

_NOWHERE = ("0.0.0.0", "::")  # noqa: S104 - what names are answered with; nothing is bound to it
MOST_LINES = 100_000
_SPACE = re.compile(r"\s+")
_RANGE = re.compile(r"([0-9a-fA-F:.]{2,45})\s{0,3}-\s{0,3}([0-9a-fA-F:.]{2,45})")
_CHUNK = re.compile(r"[^\s\"'\\,;{}()=|<>^!\[\]]+")
_RPZ_IP = re.compile(r"([0-9]{1,3})\.([0-9a-f.z]{1,60})\.rpz-ip")
_ADDRESS_LIKE = re.compile(r"(?=.*[.:])[0-9a-f:.]{2,45}(?:/[0-9]{1,3})?")
_SCHEME = re.compile(r"(?:^|(?<=[\s\"']))[^\s\"'/]{0,20}://")
# A path may contain any name; `/24` is a network.
_PAGE = re.compile(r"/(?![0-9]{1,3}(?:[,\]}\s\"';]|$))[^\s\"']*")


@dataclass(frozen=True)
class NeverBlockList:
    """Names, each covering all below it, and spans of addresses; `own_spans` are from files.

    Shapes: `spans` and `own_spans` are networks.
    """

    names: frozenset[str] = frozenset()
    spans: tuple[Network, ...] = ()
    own_spans: tuple[Network, ...] = ()

    @cached_property
    def _above(self) -> frozenset[str]:
        return frozenset(parent for name in self.names for parent in parents(name))

    @cached_property
    def _merged(self) -> dict[int, list[tuple[int, int]]]:
        return {version: _merge(self.spans, version) for version in (4, 6)}

    def holds_name(self, name: str, *, or_below_it: bool) -> bool:
        """Return whether `name` is listed or below a listed one (or above, with `or_below_it`)."""
        if not self.names:
            return False
        if name in self.names or any(parent in self.names for parent in parents(name)):
            return True
        return or_below_it and name in self._above

    def holds_span(self, span: Address | Network) -> bool:
        """Return whether any address of `span` is on the list."""
        low, high = bounds(span)
        spans = self._merged[span.version]
        place = bisect_right(spans, high, key=lambda pair: pair[0])
        return place > 0 and spans[place - 1][1] >= low

    def holds(self, indicator: Indicator) -> bool:
        """Return whether blocking `indicator` would block something on the list."""
        if indicator.kind is IndicatorKind.NAME:
            return self.holds_name(indicator.key, or_below_it=True)
        span = span_of(indicator)
        if span is not None:
            return self.holds_span(span)
        if indicator.kind is not IndicatorKind.URL:
            return False
        url = parse_url(indicator.key)
        if url is None:
            return False
        if url.address is not None:
            return self.holds_span(url.address)
        return self.holds_name(url.host, or_below_it=False)


def built_in(*, accept_private: bool) -> NeverBlockList:
    """Return the built-in list: special ranges (unless accepted), known resolvers."""
    texts = (*(() if accept_private else SPECIAL_RANGES), *KNOWN_RESOLVERS)
    return NeverBlockList(spans=tuple(_span(text) for text in texts))


def read_never_block(files: Iterable[tuple[str, str]], base: NeverBlockList) -> NeverBlockList:
    """Return `base` with the lines of `files` (name, text): a name, address, network or range each.

    Errors: E242 for any other line, since an incomplete never-block list is unsafe.
    """
    names: set[str] = set()
    spans: list[Network] = []
    for file, text in files:
        lines = text.removeprefix("\ufeff").splitlines()
        if len(lines) > MOST_LINES:
            raise QuetsachError("E242", file, reason=_("more than 100,000 lines"))
        for number, line in enumerate(lines, 1):
            token = line.partition("#")[0].partition(";")[0].strip()
            if token and not _take(token, names, spans):
                reason = _("line %(row)s is not a name, address or network: %(text)s") % {
                    "row": number,
                    "text": token[:80],
                }
                raise QuetsachError("E242", file, reason=reason)
    return NeverBlockList(
        names=base.names | names,
        spans=base.spans + tuple(spans),
        own_spans=base.own_spans + tuple(spans),
    )


def is_state_name(indicator: Indicator) -> bool:
    """Return whether `indicator` is, or is on, a host below the State's own suffixes."""
    host = indicator.key
    if indicator.kind is IndicatorKind.URL:
        url = parse_url(indicator.key)
        host = "" if url is None else url.host
    elif indicator.kind is not IndicatorKind.NAME:
        return False
    return any(parent in STATE_SUFFIXES for parent in (host, *parents(host)))


def find_never_block(
    text: str, listed: NeverBlockList, *, comment: str, pages: bool, answers: Collection[str] = ()
) -> Iterator[str]:
    """Return each word of a written file that would block something on the never-block list.

    It reads the text alone, knowing nothing of how it was made; lines that let pass, and comments
    (which hold no dots, see entries.py) are skipped. `pages` says that the file holds URLs;
    `answers` are addresses that names are led to, and 0.0.0.0 and :: are nobody's.
    """
    led_to = frozenset((*answers, *_NOWHERE))
    for line in text.splitlines():
        if (comment and line.startswith(comment)) or "rpz-passthru" in line:
            continue
        lowered = line.lower().replace("\\.", ".")
        if pages:
            lowered = _PAGE.sub(" ", _SCHEME.sub(" ", lowered))
        for chunk in _CHUNK.findall(lowered):
            if ("." in chunk or ":" in chunk) and _stops(chunk, listed, led_to):
                yield chunk


def span_of(indicator: Indicator) -> Address | Network | None:
    """Return the addresses of an address or network, its port aside; None for other kinds."""
    if indicator.kind is IndicatorKind.NETWORK:
        parsed = parse_network(indicator.key)
        return None if parsed is None else parsed[0]
    if indicator.kind is not IndicatorKind.ADDRESS:
        return None
    return parse_address(host_of(indicator))


def host_of(indicator: Indicator) -> str:
    """Return the text of the address of an indicator of that kind, without its port."""
    if indicator.port is None:
        return indicator.key
    return indicator.key.rpartition(":")[0].strip("[]")


def parents(name: str) -> Iterator[str]:
    """Return the names above `name`, nearest first."""
    while "." in name:
        name = name.partition(".")[2]
        yield name


def _take(token: str, names: set[str], spans: list[Network]) -> bool:
    whole = _SPACE.sub(" ", token)
    ends = _RANGE.fullmatch(whole)
    networks = parse_range(ends.group(1), ends.group(2)) if ends else None
    if networks is not None:
        spans.extend(networks)
        return True
    address = parse_address(whole)
    network = parse_network(str(address)) if address is not None else parse_network(whole)
    if network is not None:
        spans.append(network[0])
        return True
    name = parse_name(whole.removeprefix("*").strip("."))
    if name is None or "." not in name.ascii:
        return False
    names.add(name.ascii)
    return True


def _span(text: str) -> Network:
    parsed = parse_network(text)
    assert parsed is not None, text
    return parsed[0]


def _merge(spans: Sequence[Network], version: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(bounds(span) for span in spans if span.version == version):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _stops(chunk: str, listed: NeverBlockList, answers: Collection[str]) -> bool:
    if chunk in answers:
        return False
    reversed_ip = _RPZ_IP.fullmatch(chunk) if chunk.endswith(".rpz-ip") else None
    if reversed_ip is not None:
        network = _turned(reversed_ip.group(1), reversed_ip.group(2))
        return network is not None and listed.holds_span(network)
    if _ADDRESS_LIKE.fullmatch(chunk):
        parsed = parse_network(chunk)
        if parsed is not None:
            return listed.holds_span(parsed[0])
    parts = [part for part in chunk.split("/") if part and part not in answers]
    return any(_stops_host(part, listed) for part in parts)


def _turned(prefix: str, parts: str) -> Network | None:
    """Return the network of the owner name of an address in a policy zone."""
    sign = ":" if "zz" in parts or parts.count(".") > 3 else "."
    host = sign.join(reversed(parts.split("."))).replace("zz", "")
    host = f":{host}" if host.startswith(":") else host
    host = f"{host}:" if host.endswith(":") else host
    parsed = parse_network(f"{host}/{prefix}")
    return None if parsed is None else parsed[0]


def _stops_host(part: str, listed: NeverBlockList) -> bool:
    host = part.partition(":")[0] if part.count(":") == 1 else part
    if _ADDRESS_LIKE.fullmatch(host):
        address = parse_address(host)
        if address is not None:
            return listed.holds_span(address)
    # What we write is in its canonical form already.
    name = host.strip("*.")
    return "." in name and listed.holds_name(name, or_below_it=True)
