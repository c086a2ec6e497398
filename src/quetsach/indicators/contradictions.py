"""Where the sources of a set of indicators contradict each other."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network

from quetsach.addresses import parse_address
from quetsach.indicators.indicator_set import IndicatorTable, in_order, indicator_table
from quetsach.indicators.lookup import PrefixTable
from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorSet,
    IndicatorStatus,
    MatchRule,
    Origin,
)
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.values import parse_value


class ContradictionKind(StrEnum):
    """The property over which sources contradict each other."""

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
    """An indicator with contradictory claims: the claims, and the rows that make them."""

    clash: ContradictionKind
    indicator: Indicator
    said: tuple[str, ...]
    origins: tuple[Origin, ...]


def contradictions(indicator_set: IndicatorSet) -> Iterator[Contradiction]:
    """Return the contradictions between the sources of the set, by kind."""
    table = indicator_table(indicator_set)
    several = in_order(table.of_several_rows())
    for clash, say in _SAYINGS:
        for indicator in several:
            contradiction = _differing(indicator, clash, say)
            if contradiction is not None:
                yield contradiction
    yield from _in_networks(table)
    yield from _excepted(indicator_set)
    yield from _wrong_dates(table)
    yield from _lost_replacements(table)


def _class(origin: Origin) -> str:
    of_class = origin.claim.of_class
    return "" if of_class is IndicatorClass.UNKNOWN else of_class.value


def _family(origin: Origin) -> str:
    return origin.claim.family


def _life(origin: Origin) -> str:
    # Expired does not contradict active: sources have different dates.
    status = origin.claim.status
    return IndicatorStatus.ACTIVE.value if status is IndicatorStatus.EXPIRED else status.value


def _rule(origin: Origin) -> str:
    # Without a rule of its own a list means a name and all names below it.
    return (origin.rule or MatchRule.BELOW).value


_SAYINGS: tuple[tuple[ContradictionKind, Callable[[Origin], str]], ...] = (
    (ContradictionKind.CLASS, _class),
    (ContradictionKind.FAMILY, _family),
    (ContradictionKind.STATUS, _life),
    (ContradictionKind.RULE, _rule),
)


def _differing(
    indicator: Indicator, clash: ContradictionKind, say: Callable[[Origin], str]
) -> Contradiction | None:
    if clash is ContradictionKind.RULE and indicator.kind is not IndicatorKind.NAME:
        return None
    statements: dict[str, tuple[str, Origin]] = {}
    for origin in indicator.origins:
        word = say(origin)
        if word:
            statements.setdefault(word.casefold(), (word, origin))
    if len(statements) < 2:
        return None
    words, origins = zip(*statements.values(), strict=True)
    return Contradiction(clash, indicator, tuple(words), tuple(origins))


def _in_networks(table: IndicatorTable) -> Iterator[Contradiction]:
    """Return addresses inside a listed network of another class."""
    if not table.has_any(IndicatorKind.NETWORK):
        return
    classed = in_order(table.with_claim(lambda claim: claim.of_class is not IndicatorClass.UNKNOWN))
    networks = PrefixTable(
        (ip_network(indicator.key), indicator)
        for indicator in classed
        if indicator.kind is IndicatorKind.NETWORK
    )
    for indicator in classed:
        if indicator.kind is not IndicatorKind.ADDRESS:
            continue
        bare = (
            indicator.key
            if indicator.port is None
            else indicator.key.rpartition(":")[0].strip("[]")
        )
        address = parse_address(bare)
        for network in networks.holding(address) if address is not None else ():
            if network.claim.of_class is not indicator.claim.of_class:
                statements = (
                    indicator.claim.of_class.value,
                    f"{network.claim.of_class.value} ({network.key})",
                )
                yield Contradiction(
                    ContradictionKind.NETWORK,
                    indicator,
                    statements,
                    indicator.origins[:1] + network.origins[:1],
                )


_WORD = re.compile(r"[^\s|^@$,;]{3,255}")


def _excepted(indicator_set: IndicatorSet) -> Iterator[Contradiction]:
    """Return indicators that another row excludes."""
    rows = [
        refusal.origin
        for refusal in indicator_set.refusals
        if refusal.reason == RefusalReason.EXCEPTION
    ]
    if not rows:
        return
    table = indicator_table(indicator_set)
    options = ListOptions(accept_private=True)
    for origin in rows:
        words = _WORD.findall(origin.text)
        keys = {value.key for word in words for value in parse_value(word, options).values}
        for key in sorted(keys):
            statements = ("listed", "exception")
            for indicator in table.of_key(key)[-1:]:
                origins = (indicator.origins[0], origin)
                yield Contradiction(ContradictionKind.EXCEPTION, indicator, statements, origins)


def _ends_before_it_begins(claim: Claim) -> bool:
    begin, end = claim.valid_from_us, claim.valid_until_us
    return begin is not None and end is not None and end < begin


def _wrong_dates(table: IndicatorTable) -> Iterator[Contradiction]:
    for indicator in in_order(table.with_claim(_ends_before_it_begins)):
        yield Contradiction(
            ContradictionKind.DATES,
            indicator,
            ("valid_until < valid_from",),
            indicator.origins[:1],
        )


def _lost_replacements(table: IndicatorTable) -> Iterator[Contradiction]:
    """Return replaced indicators whose replacement is not matched."""
    replaced = in_order(table.with_claim(lambda claim: claim.status is IndicatorStatus.REPLACED))
    met = {indicator.key for indicator in table if indicator.is_met} if replaced else set()
    for indicator in replaced:
        if indicator.claim.replaced_by not in met:
            statements = (indicator.key, indicator.claim.replaced_by or "-")
            yield Contradiction(
                ContradictionKind.REPLACEMENT, indicator, statements, indicator.origins[:1]
            )
