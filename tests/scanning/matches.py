"""What an event or a line meets of a few indicators."""

from typing import cast

from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import Indicator, IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.values import parse_value
from quetsach.scanning.matching import EventMatch, match_event
from quetsach.schema import Event


def lookup_of(*texts: str) -> IndicatorLookup:
    found = [
        Indicator(value.key, value.shown, value.kind, value.rule, value.port)
        for text in texts
        for value in parse_value(text, ListOptions()).values
    ]
    return IndicatorLookup(IndicatorSet(tuple(found)))


def only_match(event: dict[str, object], lookup: IndicatorLookup, line: bytes = b"") -> EventMatch:
    (hit,) = match_event(cast("Event", event), line, lookup)
    return hit
