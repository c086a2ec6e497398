"""The destinations of notices as indicators, so that a sweep finds who reached them."""

from collections.abc import Iterable, Iterator

from quetsach.indicators.known_sites import is_for_everybody, is_source
from quetsach.indicators.merge import merged
from quetsach.indicators.model import Claim, Indicator, IndicatorSet, Kind, Origin, Refusal, Rule
from quetsach.indicators.options import ListOptions, Reason
from quetsach.indicators.parse_value import parse_value
from quetsach.notices.model import Notice, NoticeFile

MOST_ORIGINS = 20
"""So many rows are kept with a destination; thousands of notices may name one sinkhole."""


def targets_of(files: Iterable[NoticeFile], *, accept_private: bool = False) -> IndicatorSet:
    """Return the destinations that the notices name: addresses without port, names exactly.

    A name that everybody visits is refused: what a bot writes as the host is its own choice, and
    such a name would make a candidate of every machine.
    """
    options = ListOptions(accept_private=accept_private)
    known: dict[tuple[str, Kind], Indicator] = {}
    refusals: list[Refusal] = []
    refused: set[str] = set()
    for file in files:
        for notice in file.notices:
            for text in _destinations(notice):
                origin = Origin(file.path, file.sha256, notice.row or notice.number, text)
                if text in refused:
                    continue
                found = _indicator(text, notice, origin, options)
                if isinstance(found, Reason):
                    refused.add(text)
                    refusals.append(Refusal(origin, found, text))
                else:
                    _add(known, found)
    indicators = tuple(known[key] for key in sorted(known))
    return IndicatorSet(indicators, tuple(refusals))


def _destinations(notice: Notice) -> Iterator[str]:
    yield from (one for one in (notice.remote_address, notice.remote_name) if one)


def _indicator(
    text: str, notice: Notice, origin: Origin, options: ListOptions
) -> Indicator | Reason:
    if is_for_everybody(text) or is_source(text):
        return Reason.REFERENCE
    parsed = parse_value(text, options)
    if not parsed.values:
        return parsed.reason or Reason.UNPARSABLE
    value = parsed.values[0]
    rule = Rule.EXACT if value.kind is Kind.NAME else value.rule
    claim = Claim(family=notice.family)
    return Indicator(
        value.key, value.shown, value.kind, rule, value.port, claim=claim, origins=(origin,)
    )


def _add(known: dict[tuple[str, Kind], Indicator], one: Indicator) -> None:
    key = (one.key, one.kind)
    before = known.get(key)
    if before is None:
        known[key] = one
    elif len(before.origins) < MOST_ORIGINS:
        both = merged(before, one)
        origins = tuple(dict.fromkeys((*before.origins, *one.origins)))
        known[key] = Indicator(
            both.key, both.shown, both.kind, both.rule, both.port, both.claim, origins
        )
