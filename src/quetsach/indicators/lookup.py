"""The indicator set laid out for matching: by name, address, web address and hash."""

import ipaddress
from collections.abc import Iterable, Sequence

from quetsach.addresses import Network, parse_address
from quetsach.hostnames import LONGEST_NAME
from quetsach.indicators.model import Indicator, IndicatorSet, Kind, Rule
from quetsach.indicators.prefixes import PrefixTable
from quetsach.sieve.contract import SieveKeys
from quetsach.urls import LONGEST_URL, covers, parse_url, split_port


class Lookup:
    """Finds the indicators that a canonical value meets; it looks at no time and no field."""

    def __init__(self, indicator_set: IndicatorSet) -> None:
        by_kind: dict[Kind, list[Indicator]] = {kind: [] for kind in Kind}
        for one in indicator_set.indicators:
            if one.is_met:
                by_kind[one.kind].append(one)
        self._names = {one.key: one for one in by_kind[Kind.NAME]}
        self._hashes = {one.key: one for one in by_kind[Kind.HASH]}
        self._addresses: dict[str, list[Indicator]] = {}
        for one in by_kind[Kind.ADDRESS]:
            self._addresses.setdefault(_bare_address(one), []).append(one)
        self._networks = PrefixTable(
            (ipaddress.ip_network(one.key), one) for one in by_kind[Kind.NETWORK]
        )
        self._urls = {one.key: one for one in by_kind[Kind.URL]}
        # Only keys as long as one of this host can be the beginning of its web addresses.
        self._url_lengths: dict[str, set[int]] = {}
        for key in self._urls:
            self._url_lengths.setdefault(_site(key), set()).add(len(key))

    def by_name(self, name: str) -> list[tuple[Indicator, int]]:
        """Return the indicators that the canonical `name` meets, each with the labels below it.

        The nearest comes first. An indicator whose rule is exact is met by itself only.
        """
        found, rest, below = [], name, 0
        if len(name) > LONGEST_NAME:  # no list holds a longer one, and the walk must stay short
            rest = name[-LONGEST_NAME:].partition(".")[2]
            below = name.count(".") - rest.count(".")
        while rest:
            one = self._names.get(rest)
            if one is not None and (below == 0 or one.rule is Rule.BELOW):
                found.append((one, below))
            rest = rest.partition(".")[2]
            below += 1
        return found

    def by_address(self, text: str, port: int | None) -> list[Indicator]:
        """Return the indicators an address meets: with port, bare, then networks from the longest.

        An indicator with a port is met by that port; `port` None leaves ports to the caller.
        """
        address = parse_address(text)
        if address is None:
            return []
        found = [
            one
            for one in self._addresses.get(str(address), ())
            if one.port is None or port is None or one.port == port
        ]
        found.sort(key=lambda one: one.port is None)
        return [*found, *self._networks.holding(address)]

    def lists_address(self, text: str) -> bool:
        """Return whether any indicator is this address, with or without a port, or holds it."""
        return bool(self.by_address(text, None))

    def by_url(self, url_full: str) -> list[Indicator]:
        """Return the indicators under which the web address lies, the longest first."""
        if not self._urls:
            return []
        url = parse_url(url_full, tolerant=True)
        if url is None:
            return []
        key = url.key[:LONGEST_URL]
        lengths = sorted(self._url_lengths.get(_site(key), ()), reverse=True)
        met = (self._urls.get(key[:length]) for length in lengths if length <= len(key))
        return [one for one in met if one is not None and covers(one.key, key)]

    def by_hash(self, digest: str) -> Indicator | None:
        """Return the indicator with this MD5, SHA-1 or SHA-256 in hex, or None."""
        return self._hashes.get(digest.strip().lower())


def sieve_keys(indicator_set: IndicatorSet, inside: Sequence[Network] = ()) -> SieveKeys:
    """Return what the sieve must look for so that no line that meets an indicator falls."""
    met = [one for one in indicator_set.indicators if one.is_met]
    names = set(_names_looked_for(met))
    addresses = _addresses_looked_for(met)
    networks = _networks_looked_for(met)
    return SieveKeys(
        names=frozenset(name.encode("ascii") for name in names),
        addresses=frozenset(addresses[4]),
        networks=frozenset(networks[4]),
        inside=tuple(
            (int(one.network_address), one.prefixlen) for one in inside if one.version == 4
        ),
        any_unicode_name=any("xn--" in name for name in names),
        addresses6=frozenset(addresses[6]),
        networks6=frozenset(networks[6]),
        hashes=frozenset(one.key.encode("ascii") for one in met if one.kind is Kind.HASH),
    )


def _names_looked_for(indicators: Iterable[Indicator]) -> Iterable[str]:
    for one in indicators:
        if one.kind is Kind.NAME:
            yield one.key
        elif one.kind is Kind.URL and parse_address(_host_of(one)) is None:
            yield _host_of(one)


def _addresses_looked_for(indicators: Iterable[Indicator]) -> dict[int, set[int]]:
    """Return the addresses by their version, as numbers."""
    found: dict[int, set[int]] = {4: set(), 6: set()}
    for one in indicators:
        if one.kind in (Kind.ADDRESS, Kind.URL):
            address = parse_address(_host_of(one))
            if address is not None:
                found[address.version].add(int(address))
    return found


def _networks_looked_for(indicators: Iterable[Indicator]) -> dict[int, set[tuple[int, int]]]:
    """Return the networks by their version, as first address and prefix length."""
    found: dict[int, set[tuple[int, int]]] = {4: set(), 6: set()}
    for one in indicators:
        if one.kind is Kind.NETWORK:
            network = ipaddress.ip_network(one.key)
            found[network.version].add((int(network.network_address), network.prefixlen))
    return found


def _host_of(indicator: Indicator) -> str:
    """Return the host of an address or web address, without brackets and port."""
    if indicator.kind is Kind.ADDRESS and indicator.port is None:
        return indicator.key
    host_port = split_port(_site(indicator.key))
    return "" if host_port is None else host_port[0]


def _bare_address(indicator: Indicator) -> str:
    return _host_of(indicator)


def _site(url_key: str) -> str:
    return url_key.partition("/")[0]
