"""Whether an indicator's marking lets it out on a channel: the Traffic Light Protocol, applied.

Source: FIRST, Traffic Light Protocol 2.0: RED for the recipient alone, AMBER+STRICT for the own
organisation, AMBER for it and its clients, GREEN for the community, CLEAR for everybody. What has
no marking is restricted nowhere but in public, where only TLP:CLEAR goes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from msgspec import structs

from quetsach.indicators.model import Indicator, IndicatorSet, Tlp
from quetsach.texts import _


class Audience(StrEnum):
    """Who sees an output, from the person who sweeps to everybody."""

    OWNER = "owner"
    ORGANISATION = "organisation"
    CLIENTS = "clients"
    COMMUNITY = "community"
    PUBLIC = "public"


_STRICTEST: Mapping[Audience, Tlp] = {
    Audience.OWNER: Tlp.RED,
    Audience.ORGANISATION: Tlp.AMBER_STRICT,
    Audience.CLIENTS: Tlp.AMBER,
    Audience.COMMUNITY: Tlp.GREEN,
    Audience.PUBLIC: Tlp.CLEAR,
}
_LEVELS = tuple(Tlp)


class AllowedIndicators(NamedTuple):
    """The set that an audience may see, and the indicators that it may not."""

    indicators: IndicatorSet
    withheld: tuple[Indicator, ...]


def is_allowed(tlp: Tlp | None, audience: Audience) -> bool:
    """Return whether what is marked `tlp` may be shown to `audience`."""
    if tlp is None:
        return audience is not Audience.PUBLIC
    return _LEVELS.index(tlp) <= _LEVELS.index(_STRICTEST[audience])


def stricter(one: Tlp | None, other: Tlp | None) -> Tlp | None:
    """Return the marking that lets less out; None where neither is marked."""
    return max((tlp for tlp in (one, other) if tlp is not None), key=_LEVELS.index, default=None)


def allowed_for(indicator_set: IndicatorSet, audience: Audience) -> AllowedIndicators:
    """Return the part of a set that `audience` may see.

    An indicator that stays never names a withheld one as its successor.
    """
    withheld = tuple(
        indicator
        for indicator in indicator_set.indicators
        if not is_allowed(indicator.claim.tlp, audience)
    )
    if not withheld:
        return AllowedIndicators(indicator_set, ())
    keys = frozenset(indicator.key for indicator in withheld)
    places = {(indicator.key, indicator.kind) for indicator in withheld}
    kept = tuple(
        without_successor(indicator, keys)
        for indicator in indicator_set.indicators
        if (indicator.key, indicator.kind) not in places
    )
    return AllowedIndicators(replace(indicator_set, indicators=kept), withheld)


def without_successor(indicator: Indicator, withheld: frozenset[str]) -> Indicator:
    """Return `indicator` without the key of its successor where that is among `withheld`."""
    if indicator.claim.replaced_by not in withheld:
        return indicator
    return structs.replace(indicator, claim=structs.replace(indicator.claim, replaced_by=""))


def withheld_keys(indicators: Iterable[Indicator], audience: Audience) -> frozenset[str]:
    """Return the keys of the indicators that `audience` may not see."""
    return frozenset(
        indicator.key for indicator in indicators if not is_allowed(indicator.claim.tlp, audience)
    )


def withheld_text(count: int) -> str:
    """Return the words that stand in place of `count` indicators."""
    if count == 1:
        return _("1 indicator of restricted circulation")
    return _("%(count)s indicators of restricted circulation") % {"count": count}
