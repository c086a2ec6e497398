"""The judge: each expected field is right, absent or wrong in what we read; some wrongs harm."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias

from quetsach.clocks import MICROSECONDS
from quetsach.schema import Event
from quetsach.urls import parse_url
from tools.scoreboard import normal
from tools.scoreboard.normal import ANSWERS, JUDGED, KNOWN, TIME, VERDICT
from tools.scoreboard.pairs import Expectation, Fields, Pair, Value

Outcome: TypeAlias = Literal["right", "absent", "wrong"]

CLOSE = timedelta(seconds=2)
OTHER_DAY = timedelta(hours=14, seconds=2)
"""A zone makes no greater difference: what lies further off is another day."""

_NAMED_ELSEWHERE = ("url.domain", "tls.client.server_name", "destination.domain")
_OF_LEASES = {"source.ip": "host.ip", "source.mac": "host.mac", "source.domain": "host.name"}


@dataclass(frozen=True)
class Judgement:
    """What became of one expected field of one pair.

    Shapes: `harm` is a word where somebody would be accused: client, direction or day.
    """

    pair: Pair
    field: str
    outcome: Outcome
    theirs: Value
    ours: Value | None
    harm: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it among all."""
        return self.pair.name, self.pair.test, self.field

    @property
    def digests(self) -> tuple[str, str]:
        """What we read and what they read, as digests: the data are not ours to show."""
        return digest(self.ours), digest(self.theirs)


def digest(value: Value | None) -> str:
    """Return 8 hex digits for a value, `absent` for none."""
    if value is None:
        return "absent"
    told = ",".join(sorted(value)) if isinstance(value, frozenset) else str(value)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def judge(pair: Pair, events: Iterable[Event], *, known: bool = True) -> list[Judgement]:
    """Return a judgement for each expected field of `pair`; `known` says that a named form read it.

    Each expected event is held against the event of ours that is likest to it, used once.
    """
    left = [fields_of(event, known=known) for event in events]
    judgements: list[Judgement] = []
    for expected in pair.expected:
        best = max(left, key=lambda ours: _likeness(expected, ours), default=None)
        if best is not None and len(pair.expected) > 1:
            if _likeness(expected, best)[0] <= 0:
                best = None
            else:
                left.remove(best)
        judgements += _held_against(pair, expected, best or {})
    return judgements


def _likeness(expected: Expectation, ours: Fields) -> tuple[int, int]:
    outcomes = [outcome_of(field, theirs, ours)[0] for field, theirs in expected.fields.items()]
    return outcomes.count("right"), -outcomes.count("wrong")


def _held_against(pair: Pair, expected: Expectation, ours: Fields) -> Iterator[Judgement]:
    for field in JUDGED:
        theirs = expected.fields.get(field)
        if theirs is not None:
            outcome, value = outcome_of(field, theirs, ours)
            harm = harm_of(field, outcome, expected, ours)
            yield Judgement(pair, field, outcome, theirs, value, harm)
    client = ours.get("source.ip")
    if client is not None and "source.ip" not in expected.fields:
        others = {*expected.observers, expected.fields.get("destination.ip")}
        if client in others:
            yield Judgement(pair, "source.ip", "wrong", "not a client", client, "client")


def outcome_of(field: str, theirs: Value, ours: Fields) -> tuple[Outcome, Value | None]:
    """Return what became of one expected field, and our value that was held against it."""
    value = ours.get(field)
    if field == KNOWN:
        return ("absent" if value is None else "right"), value
    if field == "destination.domain" and value != theirs:
        # The schema has several places for the name that was reached for; any of them will do.
        others = [ours.get(one) for one in _NAMED_ELSEWHERE]
        value = theirs if theirs in others else value
    if value is None:
        return "absent", None
    if isinstance(value, frozenset) and isinstance(theirs, frozenset):
        return ("right" if value == theirs else "wrong" if value - theirs else "absent"), value
    if isinstance(value, datetime) and isinstance(theirs, datetime):
        return ("right" if abs(value - theirs) <= CLOSE else "wrong"), value
    return ("right" if value == theirs else "wrong"), value


def harm_of(field: str, outcome: Outcome, expected: Expectation, ours: Fields) -> str | None:
    """Return the harm that a wrong value does: it names another client, direction or day."""
    if outcome != "wrong":
        return None
    theirs, value = expected.fields.get(field), ours.get(field)
    if field == "source.ip":
        swapped = value == expected.fields.get("destination.ip")
        return "direction" if swapped else "client"
    if isinstance(value, datetime) and isinstance(theirs, datetime):
        return "day" if abs(value - theirs) > OTHER_DAY else None
    return None


def fields_of(event: Event, *, known: bool = True) -> Fields:
    """Return the judged fields of an event of ours, in their normal form."""
    told: dict[str, Any] = dict(event)
    if not known:
        told.pop(KNOWN, None)
    when = told.pop(TIME, None)
    if when is not None and not told.get("quetsach.time.rough"):
        told[TIME] = datetime.fromtimestamp(when / MICROSECONDS, UTC)
    if told.get("quetsach.lease.act"):
        for field, leased in _OF_LEASES.items():
            told.setdefault(field, told.get(leased))
    if told.get("url.domain") is None and (url := parse_url(str(told.get("url.full") or ""))):
        told["url.domain"] = url.host
    told[VERDICT] = _verdict(told)
    return normal_fields(told)


def _verdict(told: Mapping[str, Any]) -> str | None:
    if told.get("event.type") == "denied":
        return "denied"
    return "allowed" if told.get("event.type") in {"connection", "protocol"} else None


def normal_fields(told: Mapping[str, Any]) -> dict[str, Value]:
    """Return the judged fields among `told` in their normal form; those that say nothing fall."""
    both = ((field, normal.normal(field, told.get(field))) for field in JUDGED)
    return {field: value for field, value in both if value is not None}


def extra_fields(pair: Pair, events: Sequence[Event]) -> set[str]:
    """Return the fields that we gave and nobody expected; they are shown, not judged."""
    expected = {field for one in pair.expected for field in one.fields}
    return (
        {field for event in events for field in fields_of(event)}
        - expected
        - {ANSWERS, VERDICT, KNOWN}
    )
