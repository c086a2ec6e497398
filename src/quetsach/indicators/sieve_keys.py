"""The keys with which a sieve keeps every line that matches an indicator of a set."""

import ipaddress
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence

from quetsach.addresses import Address, Network, parse_address
from quetsach.indicators.indicator_columns import IndicatorColumns
from quetsach.indicators.indicator_set import IndicatorTable, indicator_table
from quetsach.indicators.lookup import host_of
from quetsach.indicators.model import Indicator, IndicatorKind, IndicatorSet
from quetsach.sieve.contract import SieveKeys
from quetsach.sieve.key_columns import KeyLines, KeyNumbers


def sieve_keys(
    indicator_set: IndicatorSet, inside: Sequence[Network] = (), also: Iterable[bytes] = ()
) -> SieveKeys:
    """Return the keys of `indicator_set`, and the names `also`."""
    table = indicator_table(indicator_set)
    hosts = [host for url in _met(table.of(IndicatorKind.URL)) if (host := host_of(url))]
    by_address = {host: parse_address(host) for host in hosts}
    names = _texts(table, IndicatorKind.NAME, [host for host in hosts if by_address[host] is None])
    addresses, addresses6 = _addresses(
        table, [address for address in by_address.values() if address is not None]
    )
    networks = _networks_looked_for(_met(table.of(IndicatorKind.NETWORK)))
    fingerprints = _met(table.of(IndicatorKind.FINGERPRINT))
    prints = [indicator.key.partition(":")[2] for indicator in fingerprints]
    return SieveKeys(
        names=_with_names(names, also),
        addresses=addresses,
        networks=frozenset(networks[4]),
        inside=spans4(inside),
        any_unicode_name=_any_unicode(names),
        addresses6=frozenset(addresses6),
        networks6=frozenset(networks[6]),
        hashes=_texts(table, IndicatorKind.HASH, [one for one in prints if "_" not in one]),
        prints=_encoded(prints),
    )


def spans4(networks: Iterable[Network]) -> tuple[tuple[int, int], ...]:
    """Return the IPv4 networks as first address and prefix length."""
    return tuple(
        (int(network.network_address), network.prefixlen)
        for network in networks
        if network.version == 4
    )


def _met(indicators: Iterable[Indicator]) -> Iterator[Indicator]:
    return (indicator for indicator in indicators if indicator.is_met)


def _texts(table: IndicatorTable, kind: IndicatorKind, more: Collection[str]) -> Collection[bytes]:
    """Return the keys of one kind and `more`; as lines where they stand in columns."""
    beside = [indicator.key for indicator in _met(table.beside(kind).values())]
    others = _encoded([*beside, *more])
    if table.columns is None or not len(table.columns.of(kind)):
        return others
    # What others bring may be there already: a sieve counts it once.
    text = b"".join((*_kept_texts(table, table.columns, kind), *(key + b"\n" for key in others)))
    return KeyLines(text)


def _kept_texts(
    table: IndicatorTable, columns: IndicatorColumns, kind: IndicatorKind
) -> Iterator[memoryview]:
    """Yield the text of the keys of one kind, cut where keys are left out."""
    span, starts = columns.of(kind), columns.arrays.key_starts
    begin = starts[span.start]
    for place in sorted(_left_out(table, columns, kind)):
        yield columns.arrays.keys[begin : starts[place]]
        begin = starts[place + 1]
    yield columns.arrays.keys[begin : starts[span.stop]]


def _left_out(
    table: IndicatorTable, columns: IndicatorColumns, kind: IndicatorKind
) -> frozenset[int]:
    """Return the places of one kind that are not looked for: hidden, or taken back."""
    taken_back = [
        place for place in columns.detailed_places(kind) if not columns.indicator(place).is_met
    ]
    span = columns.of(kind)
    simple = columns.simple_with(lambda claim: not claim.is_met)
    taken_back += [place for place in simple if place in span]
    return table.hidden_places(kind).union(taken_back)


def _addresses(
    table: IndicatorTable, more: Iterable[Address]
) -> tuple[Collection[int], Collection[int]]:
    """Return the addresses looked for by their version, as numbers, `more` among them."""
    numbers: dict[int, list[int]] = {4: [], 6: []}
    beside = _met(table.beside(IndicatorKind.ADDRESS).values())
    parsed = [parse_address(host_of(indicator)) for indicator in beside]
    columns = table.columns
    left_out: frozenset[int] = frozenset()
    if columns is not None:
        left_out = _left_out(table, columns, IndicatorKind.ADDRESS)
        detailed = (
            columns.indicator(place)
            for place in columns.detailed_places(IndicatorKind.ADDRESS)
            if place not in left_out
        )
        parsed += [parse_address(host_of(indicator)) for indicator in detailed]
    for address in (*parsed, *more):
        if address is not None:
            numbers[address.version].append(int(address))
    if columns is None or not len(columns.arrays.numbers):
        return frozenset(numbers[4]), numbers[6]
    return KeyNumbers(_with_numbers(columns, left_out, numbers[4])), numbers[6]


def _with_numbers(
    columns: IndicatorColumns, left_out: frozenset[int], more: Sequence[int]
) -> memoryview:
    stored = columns.arrays.numbers
    simple_out = [place for place in left_out if not columns.has_details(place)]
    if not simple_out and not more:
        return stored
    # The number is left out, unless another indicator of the same address is looked for.
    gone = {int(ipaddress.IPv4Address(columns.key(place))) for place in simple_out}
    kept = array("I", (number for number in stored if number not in gone)) if gone else None
    numbers = array("I", stored) if kept is None else kept
    numbers.extend(more)
    return memoryview(numbers)


def _networks_looked_for(indicators: Iterable[Indicator]) -> dict[int, set[tuple[int, int]]]:
    """Return the networks by their version, as first address and prefix length."""
    networks: dict[int, set[tuple[int, int]]] = {4: set(), 6: set()}
    for indicator in indicators:
        network = ipaddress.ip_network(indicator.key)
        networks[network.version].add((int(network.network_address), network.prefixlen))
    return networks


def _with_names(names: Collection[bytes], more: Iterable[bytes]) -> Collection[bytes]:
    if isinstance(names, KeyLines):
        return KeyLines(b"".join((names.text, *(name + b"\n" for name in more))))
    return frozenset((*names, *more))


def _any_unicode(names: Collection[bytes]) -> bool:
    if isinstance(names, KeyLines):
        return b"xn--" in names.text
    return any(b"xn--" in name for name in names)


def _encoded(keys: Collection[str]) -> frozenset[bytes]:
    # No key contains a line end; one large string is encoded faster than many small ones.
    return frozenset("\n".join(keys).encode("ascii").split(b"\n")) if keys else frozenset()
