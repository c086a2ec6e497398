"""The indicator set indexed for matching: by name, address, web address and hash."""

import ipaddress
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from quetsach.addresses import Address, Network, parse_address
from quetsach.hostnames import LONGEST_NAME
from quetsach.indicators.fingerprints import fingerprint_key
from quetsach.indicators.indicator_set import Entry, IndicatorTable, indicator_table
from quetsach.indicators.model import Indicator, IndicatorKind, IndicatorSet, MatchRule
from quetsach.sieve.contract import SieveKeys
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
        self._names = self._listed.of(IndicatorKind.NAME)
        self._with_port: dict[str, list[Indicator]] = {}
        for stored in self._listed.of(IndicatorKind.ADDRESS).values():
            if isinstance(stored, Indicator) and stored.port is not None:
                self._with_port.setdefault(_bare_address(stored), []).append(stored)
        networks = map(self._listed.at, self._listed.of(IndicatorKind.NETWORK).values())
        self._networks = PrefixTable(
            (ipaddress.ip_network(indicator.key), indicator) for indicator in networks
        )
        self._urls = self._listed.of(IndicatorKind.URL)
        # Only keys as long as one of this host can be the beginning of its web addresses.
        self._url_lengths: dict[str, set[int]] = {}
        for key in self._urls:
            self._url_lengths.setdefault(_site(key), set()).add(len(key))

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
            indicator = self._met(self._names, rest)
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
            for indicator in self._with_port.get(key, ())
            if indicator.is_met and (port is None or indicator.port == port)
        ]
        bare = self._met(self._listed.of(IndicatorKind.ADDRESS), key)
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
        if not self._urls:
            return []
        url = parse_url(url_full, tolerant=True)
        if url is None:
            return []
        key = url.key[:LONGEST_URL]
        lengths = sorted(self._url_lengths.get(_site(key), ()), reverse=True)
        met = (self._met(self._urls, key[:length]) for length in lengths if length <= len(key))
        return [
            indicator for indicator in met if indicator is not None and covers(indicator.key, key)
        ]

    @property
    def has_urls(self) -> bool:
        """Whether any web address is listed."""
        return bool(self._urls)

    def lists_site(self, url_full: str) -> bool:
        """Return whether a web address of the same host and port as `url_full` is listed."""
        url = parse_url(url_full, tolerant=True)
        return url is not None and _site(url.key[:LONGEST_URL]) in self._url_lengths

    def by_hash(self, digest: str) -> Indicator | None:
        """Return the indicator with this MD5, SHA-1 or SHA-256 in hex, or None."""
        return self._met(self._listed.of(IndicatorKind.HASH), digest.strip().lower())

    @property
    def has_fingerprints(self) -> bool:
        """Whether any fingerprint of TLS is listed."""
        return bool(self._listed.of(IndicatorKind.FINGERPRINT))

    def by_fingerprint(self, mark: str, digest: str) -> Indicator | None:
        """Return the indicator of a fingerprint of TLS, or None.

        Shapes: `mark` is cert, ja3, ja3s or ja4; `digest` may have colons between its bytes.
        """
        entries = self._listed.of(IndicatorKind.FINGERPRINT)
        key = fingerprint_key(f"{mark}:{digest[:200]}") if entries else None
        return None if key is None else self._met(entries, key)

    def _met(self, entries: dict[str, Entry], key: str) -> Indicator | None:
        """Return the indicator `key` if it exists and is matched against evidence."""
        stored = entries.get(key)
        if stored is None:
            return None
        indicator = self._listed.at(stored)
        if stored is not indicator:  # what matched once will match again: create it once
            entries[key] = indicator
        return indicator if indicator.is_met else None


def sieve_keys(indicator_set: IndicatorSet, inside: Sequence[Network] = ()) -> SieveKeys:
    """Return the keys with which the sieve keeps every line that matches an indicator."""
    of = indicator_table(indicator_set)
    urls = [host for network in _met(of, IndicatorKind.URL) if (host := _host_of(network))]
    by_address = {host: parse_address(host) for host in urls}
    names = {*_keys(of, IndicatorKind.NAME), *(host for host in urls if by_address[host] is None)}
    addresses, addresses6 = _addresses(
        of, [network for network in by_address.values() if network is not None]
    )
    networks = _networks_looked_for(_met(of, IndicatorKind.NETWORK))
    prints = [key.partition(":")[2] for key in _keys(of, IndicatorKind.FINGERPRINT)]
    return SieveKeys(
        names=_encoded(names),
        addresses=frozenset(addresses),
        networks=frozenset(networks[4]),
        inside=tuple(
            (int(network.network_address), network.prefixlen)
            for network in inside
            if network.version == 4
        ),
        any_unicode_name=any("xn--" in name for name in names),
        addresses6=frozenset(addresses6),
        networks6=frozenset(networks[6]),
        hashes=_encoded(
            [*_keys(of, IndicatorKind.HASH), *(one for one in prints if "_" not in one)]
        ),
        prints=_encoded(prints),
    )


def _keys(of: IndicatorTable, kind: IndicatorKind) -> list[str]:
    return [key for key, stored in of.of(kind).items() if isinstance(stored, int) or stored.is_met]


def _met(of: IndicatorTable, kind: IndicatorKind) -> list[Indicator]:
    return [indicator for indicator in map(of.at, of.of(kind).values()) if indicator.is_met]


def _encoded(keys: Collection[str]) -> frozenset[bytes]:
    # No key contains a line end; one large string is encoded faster than many small ones.
    return frozenset("\n".join(keys).encode("ascii").split(b"\n")) if keys else frozenset()


def _addresses(of: IndicatorTable, more: Iterable[Address]) -> tuple[list[int], list[int]]:
    """Return the addresses looked for by their version, as numbers, `more` among them."""
    entries = of.of(IndicatorKind.ADDRESS)
    # A row of a large list is IPv4 in canonical text.
    rows = (key.split(".") for key, stored in entries.items() if isinstance(stored, int))
    numbers: dict[int, list[int]] = {
        4: [int.from_bytes(map(int, octets)) for octets in rows],
        6: [],
    }
    indicators = (
        indicator
        for indicator in entries.values()
        if isinstance(indicator, Indicator) and indicator.is_met
    )
    parsed = (parse_address(_host_of(indicator)) for indicator in indicators)
    for address in (*parsed, *more):
        if address is not None:
            numbers[address.version].append(int(address))
    return numbers[4], numbers[6]


def _networks_looked_for(indicators: Iterable[Indicator]) -> dict[int, set[tuple[int, int]]]:
    """Return the networks by their version, as first address and prefix length."""
    networks: dict[int, set[tuple[int, int]]] = {4: set(), 6: set()}
    for indicator in indicators:
        network = ipaddress.ip_network(indicator.key)
        networks[network.version].add((int(network.network_address), network.prefixlen))
    return networks


def _host_of(indicator: Indicator) -> str:
    """Return the host of an address or web address, without brackets and port."""
    if indicator.kind is IndicatorKind.ADDRESS and indicator.port is None:
        return indicator.key
    host_port = split_port(_site(indicator.key))
    return "" if host_port is None else host_port[0]


def _bare_address(indicator: Indicator) -> str:
    return _host_of(indicator)


def _site(url_key: str) -> str:
    return url_key.partition("/")[0]
