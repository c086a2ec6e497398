"""Which indicators a file of one form holds, and each other one with the reason it does not."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec import structs

from quetsach.addresses import parse_network
from quetsach.blocking.belt import host_of, is_state_name, span_of
from quetsach.blocking.contract import About, Entry, LeftOut, Mode, Output, Why
from quetsach.indicators.decision import Verdict
from quetsach.indicators.model import Indicator, Kind, Rule, Status
from quetsach.urls import parse_url

Identity: TypeAlias = tuple[Kind, Rule, str]

# A name that ends in rpz-ip, rpz-client-ip ... would be an order to a policy zone, past the belt.
_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.(?!rpz-)[a-z0-9_-]{1,63}"
)
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class Wishes:
    """What a person decided: keys taken although an allow-list names them; ports given up."""

    take: frozenset[str] = frozenset()
    whole_address: bool = False


@dataclass
class Chosen:
    """Every indicator stands once, in `entries` or in `left_out`.

    Shapes: `noted` are entries that the form says less, or more, of than the list.
    """

    entries: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    noted: list[LeftOut] = field(default_factory=list)

    def written(self) -> list[Entry]:
        """Return the entries as the form writes them: whole addresses once each."""
        whole = {id(one.indicator) for one in self.noted if one.why is Why.WHOLE_ADDRESS}
        found: dict[tuple[Kind, str], Entry] = {}
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
    about: About,
    *,
    wishes: Wishes,
    since: Mapping[Identity, int],
    room: int | None,
) -> Chosen:
    """Return what a file of this form holds; `room` is how many at most, None for all."""
    chosen = Chosen()
    for one in indicators:
        why, detail = _why_not(one, output, about, wishes=wishes)
        if why is None and room is not None and len(chosen.entries) >= room:
            why = Why.LIMIT
        if why is not None:
            chosen.left_out.append(LeftOut(one, why, detail))
            continue
        chosen.entries.append(_entry(one, about, since))
        chosen.noted += [LeftOut(one, note) for note in _notes(one, output, about)]
    return chosen


def _entry(one: Indicator, about: About, since: Mapping[Identity, int]) -> Entry:
    expires_us = round(about.expires.timestamp() * 1_000_000)
    until_us = one.claim.valid_until_us
    ends_us = expires_us if until_us is None else min(until_us, expires_us)
    return Entry(one, ends_us, since.get(identity(one), about.at_us))


def _why_not(
    one: Indicator, output: Output, about: About, *, wishes: Wishes
) -> tuple[Why | None, str]:
    if not _is_canonical(one):
        return Why.MALFORMED, ""
    why = _life(one, output, about)
    if why is not None:
        return why, ""
    if about.belt.holds(one):
        return Why.BELT, ""
    if not output.exchange and one.key not in wishes.take and one.decided != Verdict.KEEP:
        if one.decided == Verdict.WATCH:
            watching = about.mode is Mode.WATCH
            return _form(one, output, wishes) if watching else Why.WATCH_ONLY, ""
        if one.allow_classes:
            return Why.ALLOW_LISTED, ", ".join(one.allow_classes)
        if is_state_name(one):
            return Why.STATE_NAME, ""
    return _form(one, output, wishes), ""


def _life(one: Indicator, output: Output, about: About) -> Why | None:
    if output.past:
        return None
    if not one.is_met:
        return Why.WITHDRAWN
    if output.exchange:
        return None
    if _is_over(one, about):
        return Why.EXPIRED
    begins = one.claim.valid_from_us
    return Why.NOT_YET if begins is not None and begins > about.at_us else None


def _is_over(one: Indicator, about: About) -> bool:
    ends = one.claim.valid_until_us
    return one.claim.status is Status.EXPIRED or (ends is not None and ends < about.at_us)


def _form(one: Indicator, output: Output, wishes: Wishes) -> Why | None:
    if one.kind not in output.covers:
        return Why.KIND
    if one.rule is Rule.IP_PORT and not output.ports and not wishes.whole_address:
        return Why.PORT
    span = span_of(one)
    if span is not None and span.version == 6 and not output.ipv6:
        return Why.IPV6
    return None if output.refuses is None else output.refuses(one)


def _notes(one: Indicator, output: Output, about: About) -> Iterable[Why]:
    if one.kind is Kind.NAME:
        if one.rule is Rule.BELOW and not output.below:
            yield Why.ONLY_ITSELF
        if one.rule is Rule.EXACT and not output.exact:
            yield Why.RULE_UNSAID
        if one.rule is Rule.EXACT and about.mode is Mode.WATCH and not output.watches_exactly:
            yield Why.ALSO_BELOW
    if one.rule is Rule.IP_PORT and not output.ports:
        yield Why.WHOLE_ADDRESS
    if output.exchange and not output.past and _is_over(one, about):
        yield Why.TIME_UNSAID


def _without_port(entry: Entry) -> Entry:
    address = host_of(entry.indicator)
    bare = structs.replace(entry.indicator, key=address, shown=address, port=None, rule=Rule.EXACT)
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


_CHECKS: Mapping[Kind, Callable[[Indicator], bool]] = {
    Kind.NAME: lambda one: _NAME.fullmatch(one.key) is not None,
    Kind.ADDRESS: _is_address,
    Kind.NETWORK: _is_network,
    Kind.URL: _is_url,
    Kind.HASH: lambda one: _HASH.fullmatch(one.key) is not None,
}
