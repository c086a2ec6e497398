"""The indicator set indexed for matching: by name, address, web address and hash."""

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from quetsach.addresses import Address, Network, parse_address
from quetsach.hostnames import LONGEST_NAME
from quetsach.indicators.fingerprints import fingerprint_key
from quetsach.indicators.indicator_set import indicator_table
from quetsach.indicators.model import Indicator, IndicatorKind, IndicatorSet, MatchRule
from quetsach.urls import LONGEST_URL, covers, parse_url, split_port

Value = TypeVar("Value")


class PrefixTable(Generic[Value]):
    """Values by network. Cost: one look-up for each prefix length that occurs."""

    def __init__(self, entries: Iterable[tuple[Network, Value]]) -> None:
        tables: dict[tuple[int, int], dict[int, list[Value]]] = {}
        for network, value in entries:
            shift = network.max_prefixlen - network.prefixlen
            table = tables.setdefault((network.version, shift), {})
            table.setdefault(int(network.network_address) >> shift, []).append(value)
        self._tables = {
            version: [
                (shift, table) for (of, shift), table in sorted(tables.items()) if of == version
            ]
            for version in (4, 6)
        }

    def holding(self, address: Address) -> Iterator[Value]:
        """Yield the values of the networks that hold `address`, the longest prefix first."""
        number = int(address)
        for shift, table in self._tables[address.version]:
            yield from table.get(number >> shift, ())

    def values(self) -> Iterator[Value]:
        """Yield every value, as often as it was entered."""
        for tables in self._tables.values():
            for _shift, table in tables:
                for values in table.values():
                    yield from values


class IndicatorLookup:
    """Finds the indicators that match a canonical value, regardless of time and field."""

    def __init__(self, indicator_set: IndicatorSet) -> None:
        self._listed = indicator_table(indicator_set)
        self._with_port: dict[str, list[Indicator]] = {}
        for indicator in self._listed.beside(IndicatorKind.ADDRESS).values():
            if indicator.port is not None:
                self._with_port.setdefault(host_of(indicator), []).append(indicator)
        networks = self._listed.of(IndicatorKind.NETWORK)
        self._networks = PrefixTable(
            (ipaddress.ip_network(indicator.key), indicator) for indicator in networks
        )
        # Only keys as long as one of this host can be the beginning of its web addresses.
        self._url_lengths: dict[str, set[int]] = {}
        for key in self._listed.beside(IndicatorKind.URL):
            self._url_lengths.setdefault(site_of(key), set()).add(len(key))

    def label(self, key: str) -> str:
        """Return the label of the indicator `key`, of any kind, or ""."""
        indicators = (self._listed.get(kind, key) for kind in IndicatorKind)
        return next(
            (
                indicator.label
                for indicator in indicators
                if indicator is not None and indicator.label
            ),
            "",
        )

    def by_name(self, name: str) -> list[tuple[Indicator, int]]:
        """Return the indicators that match the canonical `name`, each with the labels below it.

        The nearest comes first. An indicator whose rule is exact matches its own name only.
        """
        matches, rest, below = [], name, 0
        if len(name) > LONGEST_NAME:  # no list contains a longer one, and the loop must stay short
            rest = name[-LONGEST_NAME:].partition(".")[2]
            below = name.count(".") - rest.count(".")
        while rest:
            indicator = self._met(IndicatorKind.NAME, rest)
            if indicator is not None and (below == 0 or indicator.rule is MatchRule.BELOW):
                matches.append((indicator, below))
            rest = rest.partition(".")[2]
            below += 1
        return matches

    def by_address(self, text: str, port: int | None) -> list[Indicator]:
        """Return the indicators of an address: with port, without, then networks, longest first.

        An indicator with a port matches that port only; `port` None leaves ports to the caller.
        """
        address = parse_address(text)
        if address is None:
            return []
        key = str(address)
        matches = [
            indicator
            for indicator in self._ported(key)
            if indicator.is_met and (port is None or indicator.port == port)
        ]
        bare = self._met(IndicatorKind.ADDRESS, key)
        if bare is not None:
            matches.append(bare)
        matches.extend(
            indicator for indicator in self._networks.holding(address) if indicator.is_met
        )
        return matches

    def lists_address(self, text: str) -> bool:
        """Return whether any indicator is this address, with or without a port, or contains it."""
        return bool(self.by_address(text, None))

    def by_url(self, url_full: str) -> list[Indicator]:
        """Return the indicators that are a prefix of the web address, the longest first."""
        if not self.has_urls:
            return []
        url = parse_url(url_full, tolerant=True)
        if url is None:
            return []
        key = url.key[:LONGEST_URL]
        met = (self._met(IndicatorKind.URL, known) for known in self._beginnings(key))
        return [
            indicator for indicator in met if indicator is not None and covers(indicator.key, key)
        ]

    @property
    def has_urls(self) -> bool:
        """Whether any web address is listed."""
        return self._listed.has_any(IndicatorKind.URL)

    def lists_site(self, url_full: str) -> bool:
        """Return whether a web address of the same host and port as `url_full` is listed."""
        url = parse_url(url_full, tolerant=True)
        if url is None:
            return False
        site = site_of(url.key[:LONGEST_URL])
        return site in self._url_lengths or self._stores_site(site)

    def by_hash(self, digest: str) -> Indicator | None:
        """Return the indicator with this MD5, SHA-1 or SHA-256 in hex, or None."""
        return self._met(IndicatorKind.HASH, digest.strip().lower())

    @property
    def has_fingerprints(self) -> bool:
        """Whether any fingerprint of TLS is listed."""
        return self._listed.has_any(IndicatorKind.FINGERPRINT)

    def by_fingerprint(self, mark: str, digest: str) -> Indicator | None:
        """Return the indicator of a fingerprint of TLS, or None.

        Shapes: `mark` is cert, ja3, ja3s or ja4; `digest` may have colons between its bytes.
        """
        key = fingerprint_key(f"{mark}:{digest[:200]}") if self.has_fingerprints else None
        return None if key is None else self._met(IndicatorKind.FINGERPRINT, key)

    def _stores_site(self, site: str) -> bool:
        columns = self._listed.columns
        if columns is None:
            return False
        below = columns.beginning_with(IndicatorKind.URL, f"{site}/")
        return columns.find(IndicatorKind.URL, site) is not None or next(below, None) is not None

    def _ported(self, address: str) -> list[Indicator]:
        """Return the indicators of this address that name a port, in the order of the ports."""
        matches = list(self._with_port.get(address, ()))
        columns = self._listed.columns
        if columns is not None:
            begin = f"[{address}]:" if ":" in address else f"{address}:"
            for place in columns.beginning_with(IndicatorKind.ADDRESS, begin):
                stored = self._listed.get(IndicatorKind.ADDRESS, columns.key(place))
                if stored is not None and stored not in matches:
                    matches.append(stored)
        return sorted(matches, key=lambda indicator: indicator.port or 0)

    def _beginnings(self, key: str) -> list[str]:
        """Return the keys listed of the site of `key` that `key` begins with, the longest first."""
        site = site_of(key)
        lengths = self._url_lengths.get(site, set())
        beginnings = {key[:length] for length in lengths if length <= len(key)}
        columns = self._listed.columns
        if columns is not None:
            places = columns.prefixes_of(IndicatorKind.URL, key, len(site.encode()))
            stored = map(columns.key, places)
            beginnings |= {of_site for of_site in stored if site_of(of_site) == site}
        return sorted(beginnings, key=len, reverse=True)

    def _met(self, kind: IndicatorKind, key: str) -> Indicator | None:
        """Return the indicator `key` if it exists and is matched against evidence."""
        indicator = self._listed.get(kind, key)
        return indicator if indicator is not None and indicator.is_met else None


def host_of(indicator: Indicator) -> str:
    """Return the host of an address or web address, without brackets and port."""
    if indicator.kind is IndicatorKind.ADDRESS and indicator.port is None:
        return indicator.key
    host_port = split_port(site_of(indicator.key))
    return "" if host_port is None else host_port[0]


def site_of(url_key: str) -> str:
    """Return the host of the key of a web address, with its port if it has one."""
    return url_key.partition("/")[0]
