"""Selects the indicators for a file, and gives the reason for each one left out."""

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
from quetsach.indicators.fingerprints import is_fingerprint_key
from quetsach.indicators.model import (
    AllowDecision,
    Indicator,
    IndicatorKind,
    IndicatorStatus,
    MatchRule,
)
from quetsach.indicators.restriction import is_allowed, withheld_keys, without_successor
from quetsach.urls import parse_url

Identity: TypeAlias = tuple[IndicatorKind, MatchRule, str]

# A name that ends in rpz-ip, rpz-client-ip ... is a command in a policy zone, not a name.
_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.(?!rpz-)[a-z0-9_-]{1,63}"
)
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class BlockChoices:
    """Choices of a person: keys included in spite of an allow-list; whole addresses for ports."""

    take: frozenset[str] = frozenset()
    whole_address: bool = False


@dataclass
class BlockSelection:
    """Every indicator occurs once, in `entries` or in `left_out`.

    Shapes: `noted` are entries that the format expresses more broadly or narrowly than the list.
    """

    entries: list[BlockEntry] = field(default_factory=list)
    left_out: list[OmittedIndicator] = field(default_factory=list)
    noted: list[OmittedIndicator] = field(default_factory=list)

    def written(self) -> list[BlockEntry]:
        """Return the entries as the form writes them: each whole address once."""
        whole = {
            id(block.indicator) for block in self.noted if block.why is BlockReason.WHOLE_ADDRESS
        }
        by_key: dict[tuple[IndicatorKind, str], BlockEntry] = {}
        for block in self.entries:
            bare = _without_port(block) if id(block.indicator) in whole else block
            kept = by_key.setdefault((bare.indicator.kind, bare.indicator.key), bare)
            if kept.until_us < bare.until_us:
                by_key[bare.indicator.kind, bare.indicator.key] = bare
        return list(by_key.values())


def identity(indicator: Indicator) -> Identity:
    """Return the identity of an indicator across releases."""
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
    """Return the selection for a file of this form; `room` is the limit, None for all."""
    chosen = BlockSelection()
    listed = tuple(indicators)
    withheld = withheld_keys(listed, about.audience)
    for each in listed:
        indicator = without_successor(each, withheld) if withheld else each
        why, detail = _why_not(indicator, output, about, wishes=wishes)
        if why is None and room is not None and len(chosen.entries) >= room:
            why = BlockReason.LIMIT
        if why is not None:
            chosen.left_out.append(OmittedIndicator(indicator, why, detail))
            continue
        chosen.entries.append(_entry(indicator, about, since))
        chosen.noted += [
            OmittedIndicator(indicator, note) for note in _notes(indicator, output, about)
        ]
    return chosen


def _entry(
    indicator: Indicator, about: ReleaseSummary, since: Mapping[Identity, int]
) -> BlockEntry:
    expires_us = round(about.expires.timestamp() * 1_000_000)
    until_us = indicator.claim.valid_until_us
    ends_us = expires_us if until_us is None else min(until_us, expires_us)
    return BlockEntry(indicator, ends_us, since.get(identity(indicator), about.at_us))


def _why_not(
    indicator: Indicator, output: Output, about: ReleaseSummary, *, wishes: BlockChoices
) -> tuple[BlockReason | None, str]:
    if not is_allowed(indicator.claim.tlp, about.audience):
        return BlockReason.RESTRICTED, ""
    if not _is_canonical(indicator):
        return BlockReason.MALFORMED, ""
    why = _life(indicator, output, about)
    if why is not None:
        return why, ""
    if about.never_block.holds(indicator):
        return BlockReason.NEVER_BLOCK, ""
    if (
        not output.exchange
        and indicator.key not in wishes.take
        and indicator.decided != AllowDecision.KEEP
    ):
        if indicator.decided == AllowDecision.WATCH:
            watching = about.mode is Mode.WATCH
            return _form(indicator, output, wishes) if watching else BlockReason.WATCH_ONLY, ""
        if indicator.allow_classes:
            return BlockReason.ALLOW_LISTED, ", ".join(indicator.allow_classes)
        if is_state_name(indicator):
            return BlockReason.STATE_NAME, ""
    return _form(indicator, output, wishes), ""


def _life(indicator: Indicator, output: Output, about: ReleaseSummary) -> BlockReason | None:
    if output.past:
        return None
    if not indicator.is_met:
        return BlockReason.WITHDRAWN
    if output.exchange:
        return None
    if _is_over(indicator, about):
        return BlockReason.EXPIRED
    begins = indicator.claim.valid_from_us
    return BlockReason.NOT_YET if begins is not None and begins > about.at_us else None


def _is_over(indicator: Indicator, about: ReleaseSummary) -> bool:
    ends = indicator.claim.valid_until_us
    return indicator.claim.status is IndicatorStatus.EXPIRED or (
        ends is not None and ends < about.at_us
    )


def _form(indicator: Indicator, output: Output, wishes: BlockChoices) -> BlockReason | None:
    if indicator.kind not in output.covers:
        return BlockReason.KIND
    if indicator.rule is MatchRule.IP_PORT and not output.ports and not wishes.whole_address:
        return BlockReason.PORT
    span = span_of(indicator)
    if span is not None and span.version == 6 and not output.ipv6:
        return BlockReason.IPV6
    return None if output.refuses is None else output.refuses(indicator)


def _notes(indicator: Indicator, output: Output, about: ReleaseSummary) -> Iterable[BlockReason]:
    if indicator.kind is IndicatorKind.NAME:
        if indicator.rule is MatchRule.BELOW and not output.below:
            yield BlockReason.ONLY_ITSELF
        if indicator.rule is MatchRule.EXACT and not output.exact:
            yield BlockReason.RULE_UNSAID
        if (
            indicator.rule is MatchRule.EXACT
            and about.mode is Mode.WATCH
            and not output.watches_exactly
        ):
            yield BlockReason.ALSO_BELOW
    if indicator.rule is MatchRule.IP_PORT and not output.ports:
        yield BlockReason.WHOLE_ADDRESS
    if output.exchange and not output.past and _is_over(indicator, about):
        yield BlockReason.TIME_UNSAID


def _without_port(block: BlockEntry) -> BlockEntry:
    address = host_of(block.indicator)
    bare = structs.replace(
        block.indicator, key=address, shown=address, port=None, rule=MatchRule.EXACT
    )
    return structs.replace(block, indicator=bare)


# Keys in files for devices are checked here again, since a set may come from anywhere.
def _is_canonical(indicator: Indicator) -> bool:
    return indicator.key.isprintable() and _CHECKS[indicator.kind](indicator)


def _is_address(indicator: Indicator) -> bool:
    span = span_of(indicator)
    if span is None:
        return False
    host = f"[{span}]" if span.version == 6 else str(span)
    return indicator.key == (str(span) if indicator.port is None else f"{host}:{indicator.port}")


def _is_network(indicator: Indicator) -> bool:
    parsed = parse_network(indicator.key)
    return parsed is not None and str(parsed[0]) == indicator.key


def _is_url(indicator: Indicator) -> bool:
    url = parse_url(indicator.key)
    return url is not None and url.key == indicator.key


_CHECKS: Mapping[IndicatorKind, Callable[[Indicator], bool]] = {
    IndicatorKind.NAME: lambda indicator: _NAME.fullmatch(indicator.key) is not None,
    IndicatorKind.ADDRESS: _is_address,
    IndicatorKind.NETWORK: _is_network,
    IndicatorKind.URL: _is_url,
    IndicatorKind.FINGERPRINT: lambda indicator: is_fingerprint_key(indicator.key),
    IndicatorKind.HASH: lambda indicator: _HASH.fullmatch(indicator.key) is not None,
}
