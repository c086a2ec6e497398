"""The classes of allow-lists, and the proposed decision for an indicator on one."""

import re
import socket
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from quetsach.addresses import bounds, parse_address, parse_network
from quetsach.indicators.allow.class_texts import CLASS_TEXTS as CLASS_TEXTS
from quetsach.indicators.model import AllowDecision, Indicator, IndicatorKind, MatchRule
from quetsach.texts import _

# Source: the names of the lists of MISP/misp-warninglists; the first that fits decides.
_CLASSES = (
    ("sinkhole", r"sinkhole"),
    ("resolver", r"public dns|dns resolver|resolvers"),
    ("dynamic-dns", r"dynamic dns|ddns"),
    ("parking", r"parking|parked"),
    ("benign-file", r"hashes"),
    ("certificate", r"\bcrl\b|\bocsp\b|certificates?\b"),
    ("vpn", r"\bvpn\b"),
    ("scanner", r"scanning|scanner|shodan|censys|tenable|check-host"),
    ("crawler", r"bot ip|googlebot|bingbot|crawler"),
    ("mail-server", r"smtp|gmail sending"),
    ("block-page", r"blockpage"),
    ("security-vendor", r"zscaler|security provider|digitalside|malware analysis"),
    ("shared-platform", r"ipfs|link in bio|\blots\b|github"),
    ("bank", r"bank domains"),
    ("company", r"dax30|wikimedia"),
    ("health-site", r"covid"),
    ("captive-portal", r"captive portal"),
    ("public-suffix", r"\btlds\b"),
    ("cdn", r"akamai|cloudflare|fastly|cloudfront|incapsula|stackpath|\bcdn\b"),
    ("cloud", r"amazon|\baws\b|azure|cloud|\bgcp\b|\bovh\b|digitalocean|linode"),
    ("top-million", r"1,000,000|1 ?million"),
    ("top-sites", r"alexa|tranco|umbrella|majestic|\btop ?[0-9]+|top .*(site|domain)s"),
    ("url-shortener", r"shortener"),
    ("own-address-service", r"know external ip|my ip|source ip"),
    ("private-range", r"rfc ?[0-9]+|multicast|link local"),
    ("university", r"university"),
    ("vendor", r"microsoft|windows|apple|google|office"),
    ("mail-address", r"e-?mail"),
    ("phone-number", r"phone"),
)

WATCH_ONLY = "watch-only"
"""The class of an indicator that a person decided to watch: matched and shown, without findings."""


class AllowMatchKind(StrEnum):
    """How an indicator relates to an entry of an allow-list.

    A customer is a name below one whose subdomains belong to customers: `x.github.io`.
    """

    ITSELF = "itself"
    BELOW = "below"
    CUSTOMER = "customer"
    ABOVE = "above"


class AllowMatch(NamedTuple):
    """A match of an indicator on an allow-list: class and name of the list, and the relation."""

    of_class: str
    list_name: str
    touch: AllowMatchKind


# Sites that everybody needs: as indicators they would match every device.
_DROP = frozenset(
    {
        "resolver", "benign-file", "certificate", "block-page", "captive-portal", "public-suffix",
        "cdn", "top-sites", "private-range", "vendor", "url-shortener", "dynamic-dns",
    }
)  # fmt: skip
# A page on these can be malicious while the site is for everybody: keep pages, drop the site.
_PAGES = frozenset(
    {
        "cdn", "cloud", "vpn", "top-sites", "top-million", "url-shortener", "shared-platform",
        "university", "vendor", "company", "bank", "health-site", "security-vendor", "dynamic-dns",
        "captive-portal", "public-suffix",
    }
)  # fmt: skip
# A machine there is rented by one customer at a time; a network has many customers.
_RENTED = frozenset({"cloud", "vpn"})


def class_of(list_name: str) -> str:
    """Return the class of a warning list that is called `list_name`."""
    lowered = list_name.lower()
    for allow_class, pattern in _CLASSES:
        if re.search(pattern, lowered):
            return allow_class
    return re.sub(r"[^a-z0-9]+", "-", lowered).strip("-") or "other"


def class_text(of_class: str) -> str:
    """Return the description of an allow-list class, in the current language."""
    return _(CLASS_TEXTS[of_class]) if of_class in CLASS_TEXTS else of_class


def proposal(indicator: Indicator, meetings: Iterable[AllowMatch]) -> AllowDecision:
    """Return the proposed decision for an indicator on allow-lists; a person decides."""
    proposed = {_proposal_for(indicator, meeting) for meeting in meetings}
    order = (AllowDecision.DROP, AllowDecision.WATCH, AllowDecision.KEEP)
    return next((decision for decision in order if decision in proposed), AllowDecision.KEEP)


def strongest_first(indicator: Indicator, meetings: Iterable[AllowMatch]) -> tuple[AllowMatch, ...]:
    """Return the matches, those first that the proposal is based on."""
    order = (AllowDecision.DROP, AllowDecision.WATCH, AllowDecision.KEEP)
    return tuple(
        sorted(
            meetings, key=lambda meeting: (order.index(_proposal_for(indicator, meeting)), meeting)
        )
    )


def _proposal_for(indicator: Indicator, meeting: AllowMatch) -> AllowDecision:
    of_class, touch = meeting.of_class, meeting.touch
    # A device that contacts a sinkhole is infected.
    if of_class == "sinkhole" or touch is AllowMatchKind.CUSTOMER:
        return AllowDecision.KEEP
    if of_class == "private-range" and indicator.kind is not IndicatorKind.NAME:
        return (
            AllowDecision.KEEP
        )  # the reader refuses such a range itself, unless the options accept it
    if of_class in _PAGES and indicator.kind is IndicatorKind.URL and not is_whole_site(indicator):
        return AllowDecision.KEEP
    if of_class in _RENTED and indicator.kind is not IndicatorKind.NETWORK:
        return AllowDecision.KEEP
    if of_class == "top-million" and touch is not AllowMatchKind.ITSELF:
        return AllowDecision.KEEP
    if of_class == "cdn" and indicator.rule is MatchRule.IP_PORT:
        return AllowDecision.WATCH  # shared by fewer than the whole address
    # A name below or above a well-known one may still be malicious.
    return (
        AllowDecision.DROP
        if of_class in _DROP and touch is AllowMatchKind.ITSELF
        else AllowDecision.WATCH
    )


def is_whole_site(indicator: Indicator) -> bool:
    """Return whether it is a web address without a path, which covers the whole site."""
    return indicator.kind is IndicatorKind.URL and indicator.key.find("/") == len(indicator.key) - 1


Span = tuple[int, int, int]
"""IP version, first and last address as numbers."""


def span_of(text: str) -> Span | None:
    """Return the span that an address or network writes, or None."""
    address, slash, length = text.partition("/")
    try:  # nearly all entries are plain IPv4; the full path gives the same result
        first = int.from_bytes(socket.inet_pton(socket.AF_INET, address))
        if not slash:
            return 4, first, first
        if length.isdecimal() and len(length) <= 2 and int(length) <= 32:
            free = 32 - int(length)
            first = first >> free << free
            return 4, first, first + (1 << free) - 1
    except (OSError, ValueError):
        pass
    parsed = parse_network(text) if slash else parse_address(text)
    span = parsed[0] if isinstance(parsed, tuple) else parsed
    return None if span is None else (span.version, *bounds(span))


class SpanTable:
    """Finds the lists that hold an address or touch a network. Cost: one binary search."""

    def __init__(self, lists: Sequence[Iterable[Span]]) -> None:
        edges: dict[int, list[tuple[int, int, int]]] = {4: [], 6: []}
        for number, spans in enumerate(lists):
            for version, first, last in spans:
                edges[version].append((first, 1, number))
                edges[version].append((last + 1, -1, number))
        self._starts: dict[int, list[int]] = {}
        self._holding: dict[int, list[tuple[int, ...]]] = {}
        for version, of_version in edges.items():
            self._starts[version], self._holding[version] = _segments(sorted(of_version))

    def touching(self, span: Span) -> set[int]:
        """Return the numbers of the lists that have an address in common with `span`."""
        version, first, last = span
        starts, holding = self._starts[version], self._holding[version]
        place = max(bisect_right(starts, first) - 1, 0)
        numbers: set[int] = set()
        while place < len(starts) and starts[place] <= last:
            if place + 1 == len(starts) or starts[place + 1] > first:
                numbers.update(holding[place])
            place += 1
        return numbers

    def segments(self, version: int) -> tuple[list[int], list[tuple[int, ...]]]:
        """Return where the set of covering lists changes, and the set from there on."""
        return self._starts[version], self._holding[version]


def _segments(edges: list[tuple[int, int, int]]) -> tuple[list[int], list[tuple[int, ...]]]:
    """Return the positions where the set of covering lists changes, and the set from there on."""
    depth: dict[int, int] = {}
    starts: list[int] = []
    holding: list[tuple[int, ...]] = []
    for at, step, number in edges:
        depth[number] = depth.get(number, 0) + step
        if not depth[number]:
            del depth[number]
        if starts and starts[-1] == at:
            holding[-1] = tuple(depth)
        else:
            starts.append(at)
            holding.append(tuple(depth))
    return starts, holding
