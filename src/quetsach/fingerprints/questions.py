"""What an indicator asks of fingerprints, and what they cannot tell."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from quetsach.addresses import parse_address
from quetsach.indicators.lookup import host_of
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule
from quetsach.sieve.token_keys import texts_of_name, texts_of_network


class CannotTell(StrEnum):
    """Why fingerprints cannot say whether an indicator would be met."""

    WIDE = "wide"
    KIND = "kind"
    INSIDE = "inside"


@dataclass(frozen=True)
class Question:
    """An indicator as it is asked: `texts` are what a key is made of, any of which answers it.

    `is_exact` is false where more is wanted of a contact than what is asked: a port, a path, the
    very name. Shapes: `network` is the IPv4 network asked about, None for anything else.
    """

    indicator: Indicator
    texts: tuple[bytes, ...]
    network: ipaddress.IPv4Network | None = None
    is_exact: bool = True

    def lies_inside(self, inside: Iterable[ipaddress.IPv4Network]) -> bool:
        """Return whether it asks for an address of these networks, of which no key was made."""
        network = self.network
        return network is not None and any(one.overlaps(network) for one in inside)


def question_of(indicator: Indicator) -> Question | CannotTell:
    """Return what to ask for `indicator`, or why it cannot be asked."""
    kind = indicator.kind
    if kind is IndicatorKind.NAME:
        texts = texts_of_name(indicator.key.encode("ascii", "replace"))
        is_exact = indicator.rule is not MatchRule.EXACT
        return Question(indicator, tuple(texts), is_exact=is_exact)
    if kind is IndicatorKind.NETWORK:
        return _of_network(indicator, ipaddress.ip_network(indicator.key), is_exact=True)
    host = host_of(indicator) if kind in (IndicatorKind.ADDRESS, IndicatorKind.URL) else ""
    if not host:
        return CannotTell.KIND
    address = parse_address(host)
    if address is None:
        return Question(
            indicator, tuple(texts_of_name(host.encode("ascii", "replace"))), is_exact=False
        )
    is_exact = kind is IndicatorKind.ADDRESS and indicator.port is None
    return _of_network(indicator, ipaddress.ip_network(address), is_exact=is_exact)


def _of_network(
    indicator: Indicator,
    network: ipaddress.IPv4Network | ipaddress.IPv6Network,
    *,
    is_exact: bool,
) -> Question | CannotTell:
    texts = texts_of_network(int(network.network_address), network.prefixlen, network.max_prefixlen)
    if texts is None:
        return CannotTell.WIDE
    four = network if isinstance(network, ipaddress.IPv4Network) else None
    return Question(indicator, tuple(texts), four, is_exact)
