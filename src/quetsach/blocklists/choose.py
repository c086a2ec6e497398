"""Which indicators a file of one form holds, and each other one with the reason it does not."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec import structs

from quetsach.addresses import parse_network
from quetsach.blocklists.contract import (
    BlockEntry,
    BlockReason,
    Mode,
    OmittedIndicator,
    Output,
    ReleaseSummary,
)
from quetsach.blocklists.never_block import host_of, is_state_name, span_of
from quetsach.indicators.model import (
    AllowDecision,
    Indicator,
    IndicatorKind,
    IndicatorStatus,
    MatchRule,
)
from quetsach.urls import parse_url

Identity: TypeAlias = tuple[IndicatorKind, MatchRule, str]

# A name that ends in rpz-ip, rpz-client-ip ... would be an order to a policy zone, past the belt.
_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.(?!rpz-)[a-z0-9_-]{1,63}"
)
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class BlockChoices:
    """What a person decided: keys taken although an allow-list names them; ports given up."""

    take: frozenset[str] = frozenset()
    whole_address: bool = False


@dataclass
class BlockSelection:
    """Every indicator stands once, in `entries` or in `left_out`.

    Shapes: `noted` are entries that the form says less, or more, of than the list.
    """

    entries: list[BlockEntry] = field(default_factory=list)
    left_out: list[OmittedIndicator] = field(default_factory=list)
    noted: list[OmittedIndicator] = field(default_factory=list)

    def written(self) -> list[BlockEntry]:
        """Return the entries as the form writes them: whole addresses once each."""
        whole = {id(one.indicator) for one in self.noted if one.why is BlockReason.WHOLE_ADDRESS}
        found: dict[tuple[IndicatorKind, str], BlockEntry] = {}
        for one in self.entries:
            bare = _without_port(one) if id(one.indicator) in whole else one
            known = found.setdefault((bare.indicator.kind, bare.indicator.key), bare)
            if known.until_us < bare.until_us:
                found[bare.indicator.kind, bare.indicator.key] = bare
        return list(found.values())


def identity(indicator: Indicator) -> Identity:
    """Return by what an indicator is known from release to release."""
    return indicator.kind, indicator.rule, indicator.key


def choose(
    indicators: Iterable[Indicator],
    output: Output,
    about: ReleaseSummary,
    *,
    wishes: BlockChoices,
    since: Mapping[Identity, int],
    room: int | None,
) -> BlockSelection:
    """Return what a file of this form holds; `room` is how many at most, None for all."""
    chosen = BlockSelection()
    for one in indicators:
        why, detail = _why_not(one, output, about, wishes=wishes)
        if why is None and room is not None and len(chosen.entries) >= room:
            why = BlockReason.LIMIT
        if why is not None:
            chosen.left_out.append(OmittedIndicator(one, why, detail))
            continue
        chosen.entries.append(_entry(one, about, since))
        chosen.noted += [OmittedIndicator(one, note) for note in _notes(one, output, about)]
    return chosen


def _entry(one: Indicator, about: ReleaseSummary, since: Mapping[Identity, int]) -> BlockEntry:
    expires_us = round(about.expires.timestamp() * 1_000_000)
    until_us = one.claim.valid_until_us
    ends_us = expires_us if until_us is None else min(until_us, expires_us)
    return BlockEntry(one, ends_us, since.get(identity(one), about.at_us))


def _why_not(
    one: Indicator, output: Output, about: ReleaseSummary, *, wishes: BlockChoices
) -> tuple[BlockReason | None, str]:
    if not _is_canonical(one):
        return BlockReason.MALFORMED, ""
    why = _life(one, output, about)
    if why is not None:
        return why, ""
    if about.belt.holds(one):
        return BlockReason.BELT, ""
    if not output.exchange and one.key not in wishes.take and one.decided != AllowDecision.KEEP:
        if one.decided == AllowDecision.WATCH:
            watching = about.mode is Mode.WATCH
            return _form(one, output, wishes) if watching else BlockReason.WATCH_ONLY, ""
        if one.allow_classes:
            return BlockReason.ALLOW_LISTED, ", ".join(one.allow_classes)
        if is_state_name(one):
            return BlockReason.STATE_NAME, ""
    return _form(one, output, wishes), ""


def _life(one: Indicator, output: Output, about: ReleaseSummary) -> BlockReason | None:
    if output.past:
        return None
    if not one.is_met:
        return BlockReason.WITHDRAWN
    if output.exchange:
        return None
    if _is_over(one, about):
        return BlockReason.EXPIRED
    begins = one.claim.valid_from_us
    return BlockReason.NOT_YET if begins is not None and begins > about.at_us else None


def _is_over(one: Indicator, about: ReleaseSummary) -> bool:
    ends = one.claim.valid_until_us
    return one.claim.status is IndicatorStatus.EXPIRED or (ends is not None and ends < about.at_us)


def _form(one: Indicator, output: Output, wishes: BlockChoices) -> BlockReason | None:
    if one.kind not in output.covers:
        return BlockReason.KIND
    if one.rule is MatchRule.IP_PORT and not output.ports and not wishes.whole_address:
        return BlockReason.PORT
    span = span_of(one)
    if span is not None and span.version == 6 and not output.ipv6:
        return BlockReason.IPV6
    return None if output.refuses is None else output.refuses(one)


def _notes(one: Indicator, output: Output, about: ReleaseSummary) -> Iterable[BlockReason]:
    if one.kind is IndicatorKind.NAME:
        if one.rule is MatchRule.BELOW and not output.below:
            yield BlockReason.ONLY_ITSELF
        if one.rule is MatchRule.EXACT and not output.exact:
            yield BlockReason.RULE_UNSAID
        if one.rule is MatchRule.EXACT and about.mode is Mode.WATCH and not output.watches_exactly:
            yield BlockReason.ALSO_BELOW
    if one.rule is MatchRule.IP_PORT and not output.ports:
        yield BlockReason.WHOLE_ADDRESS
    if output.exchange and not output.past and _is_over(one, about):
        yield BlockReason.TIME_UNSAID


def _without_port(entry: BlockEntry) -> BlockEntry:
    address = host_of(entry.indicator)
    bare = structs.replace(
        entry.indicator, key=address, shown=address, port=None, rule=MatchRule.EXACT
    )
    return structs.replace(entry, indicator=bare)


# What is written into files of devices is checked here once more, for a set may come from anywhere.
def _is_canonical(one: Indicator) -> bool:
    return one.key.isprintable() and _CHECKS[one.kind](one)


def _is_address(one: Indicator) -> bool:
    span = span_of(one)
    if span is None:
        return False
    host = f"[{span}]" if span.version == 6 else str(span)
    return one.key == (str(span) if one.port is None else f"{host}:{one.port}")


def _is_network(one: Indicator) -> bool:
    found = parse_network(one.key)
    return found is not None and str(found[0]) == one.key


def _is_url(one: Indicator) -> bool:
    url = parse_url(one.key)
    return url is not None and url.key == one.key


_CHECKS: Mapping[IndicatorKind, Callable[[Indicator], bool]] = {
    IndicatorKind.NAME: lambda one: _NAME.fullmatch(one.key) is not None,
    IndicatorKind.ADDRESS: _is_address,
    IndicatorKind.NETWORK: _is_network,
    IndicatorKind.URL: _is_url,
    IndicatorKind.HASH: lambda one: _HASH.fullmatch(one.key) is not None,
}
