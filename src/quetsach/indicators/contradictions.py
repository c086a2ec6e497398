"""Contradictions: what sources say of one indicator that cannot all be right."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network

from quetsach.addresses import parse_address
from quetsach.indicators.model import (
    Indicator,
    IndicatorClass,
    IndicatorSet,
    Kind,
    Origin,
    Rule,
    Status,
)
from quetsach.indicators.options import ListOptions, Reason
from quetsach.indicators.parse_value import parse_value
from quetsach.indicators.prefixes import PrefixTable


class Clash(StrEnum):
    """Over what sources contradict each other."""

    CLASS = "class"
    FAMILY = "family"
    STATUS = "status"
    RULE = "rule"
    NETWORK = "network"
    EXCEPTION = "exception"
    DATES = "dates"
    REPLACEMENT = "replacement"


@dataclass(frozen=True)
class Contradiction:
    """One indicator of which different things are said: what, and by which rows."""

    clash: Clash
    indicator: Indicator
    said: tuple[str, ...]
    origins: tuple[Origin, ...]


def contradictions(indicator_set: IndicatorSet) -> Iterator[Contradiction]:
    """Return what sources of the set contradict each other in, by kind of contradiction."""
    several = [one for one in indicator_set.indicators if len(one.origins) > 1]
    for clash, say in _SAYINGS:
        for one in several:
            found = _differing(one, clash, say)
            if found is not None:
                yield found
    yield from _in_networks(indicator_set.indicators)
    yield from _excepted(indicator_set)
    yield from _wrong_dates(indicator_set.indicators)
    yield from _lost_replacements(indicator_set.indicators)


def _class(origin: Origin) -> str:
    of_class = origin.claim.of_class
    return "" if of_class is IndicatorClass.UNKNOWN else of_class.value


def _family(origin: Origin) -> str:
    return origin.claim.family


def _life(origin: Origin) -> str:
    # Expired is no contradiction of active: sources have different dates.
    status = origin.claim.status
    return Status.ACTIVE.value if status is Status.EXPIRED else status.value


def _rule(origin: Origin) -> str:
    # A list that says nothing of it means a name and all below.
    return (origin.rule or Rule.BELOW).value


_SAYINGS: tuple[tuple[Clash, Callable[[Origin], str]], ...] = (
    (Clash.CLASS, _class),
    (Clash.FAMILY, _family),
    (Clash.STATUS, _life),
    (Clash.RULE, _rule),
)


def _differing(one: Indicator, clash: Clash, say: Callable[[Origin], str]) -> Contradiction | None:
    if clash is Clash.RULE and one.kind is not Kind.NAME:
        return None
    said: dict[str, tuple[str, Origin]] = {}
    for origin in one.origins:
        word = say(origin)
        if word:
            said.setdefault(word.casefold(), (word, origin))
    if len(said) < 2:
        return None
    words, origins = zip(*said.values(), strict=True)
    return Contradiction(clash, one, tuple(words), tuple(origins))


def _in_networks(indicators: Iterable[Indicator]) -> Iterator[Contradiction]:
    """Addresses of one class inside a listed network of another."""
    known = [one for one in indicators if one.claim.of_class is not IndicatorClass.UNKNOWN]
    networks = PrefixTable((ip_network(one.key), one) for one in known if one.kind is Kind.NETWORK)
    for one in known:
        if one.kind is not Kind.ADDRESS:
            continue
        bare = one.key if one.port is None else one.key.rpartition(":")[0].strip("[]")
        address = parse_address(bare)
        for network in networks.holding(address) if address is not None else ():
            if network.claim.of_class is not one.claim.of_class:
                said = (one.claim.of_class.value, f"{network.claim.of_class.value} ({network.key})")
                yield Contradiction(Clash.NETWORK, one, said, one.origins[:1] + network.origins[:1])


_WORD = re.compile(r"[^\s|^@$,;]{3,255}")


def _excepted(indicator_set: IndicatorSet) -> Iterator[Contradiction]:
    """Indicators that another row says are not meant."""
    rows = [one.origin for one in indicator_set.refusals if one.reason == Reason.EXCEPTION]
    if not rows:
        return
    listed = {one.key: one for one in indicator_set.indicators}
    options = ListOptions(accept_private=True)
    for origin in rows:
        words = _WORD.findall(origin.text)
        keys = {value.key for word in words for value in parse_value(word, options).values}
        for key in sorted(keys & listed.keys()):
            one = listed[key]
            said = ("listed", "exception")
            yield Contradiction(Clash.EXCEPTION, one, said, (one.origins[0], origin))


def _wrong_dates(indicators: Iterable[Indicator]) -> Iterator[Contradiction]:
    for one in indicators:
        begin, end = one.claim.valid_from_us, one.claim.valid_until_us
        if begin is not None and end is not None and end < begin:
            yield Contradiction(Clash.DATES, one, ("valid_until < valid_from",), one.origins[:1])


def _lost_replacements(indicators: Iterable[Indicator]) -> Iterator[Contradiction]:
    """Indicators that were replaced by one that is not looked for."""
    replaced = [one for one in indicators if one.claim.status is Status.REPLACED]
    met = {one.key for one in indicators if one.is_met} if replaced else set()
    for one in replaced:
        if one.claim.replaced_by not in met:
            said = (one.key, one.claim.replaced_by or "-")
            yield Contradiction(Clash.REPLACEMENT, one, said, one.origins[:1])
