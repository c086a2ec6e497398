"""What one value meets: the indicators that are valid then, the longest prefix alone."""

import re
from collections.abc import Collection, Iterator
from typing import TypeAlias

from quetsach.addresses import canonical_address
from quetsach.hostnames import seen_name
from quetsach.indicators.lookup import Lookup
from quetsach.indicators.model import Indicator, Kind

Ports: TypeAlias = dict[str, set[int]]
"""The ports that are known for a canonical address."""

_PORT_BEHIND = re.compile(r":([0-9]{1,5})$", re.ASCII)
LONGEST_HOST = 1024
"""No host name is longer, written in whatever way; only the end of a longer one is looked at."""


def is_valid(indicator: Indicator, when_us: int | None) -> bool:
    """Return whether `indicator` holds at `when_us`; a time that is not known counts as valid."""
    if when_us is None:
        return True
    claim = indicator.claim
    begun = claim.valid_from_us is None or claim.valid_from_us <= when_us
    return begun and (claim.valid_until_us is None or when_us <= claim.valid_until_us)


def names_met(name: str, lookup: Lookup, when_us: int | None) -> Iterator[tuple[Indicator, int]]:
    """Yield the indicators a name, as a log writes it, meets, each with the labels below it."""
    for indicator, below in lookup.by_name(seen_name(name[-LONGEST_HOST:])):
        if is_valid(indicator, when_us):
            yield indicator, below


def addresses_met(
    address: str, ports: Collection[int], lookup: Lookup, when_us: int | None
) -> list[Indicator]:
    """Return the indicators that a canonical address meets on any of `ports`.

    An indicator with a port is met on that port alone: an address whose port nobody knows, as in
    the answer of a name server, does not meet it. Where the address itself is listed, its
    networks are not met, and of these only the longest is.
    """
    found = [
        one
        for one in lookup.by_address(address, None)
        if (one.port is None or one.port in ports) and is_valid(one, when_us)
    ]
    itself = [one for one in found if one.kind is Kind.ADDRESS]
    return itself or found[:1]


def hosts_met(
    host: str, ports: Ports, lookup: Lookup, when_us: int | None
) -> Iterator[tuple[Indicator, int]]:
    """Yield what a host meets, be it a name or an address, with or without a port behind it."""
    text = host.strip()[-LONGEST_HOST:]
    behind = None if canonical_address(text) else _PORT_BEHIND.search(text)
    if behind:
        text = text[: behind.start()]
    address = canonical_address(text.strip("[]"))
    if address is None:
        yield from names_met(text, lookup, when_us)
        return
    known = {int(behind.group(1))} if behind else ports.get(address, set())
    for one in addresses_met(address, known, lookup, when_us):
        yield one, 0
