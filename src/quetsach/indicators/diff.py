"""What changed from one version of a set to another, indicator by indicator."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from quetsach.indicators.model import Claim, Indicator, Kind, Rule, Status
from quetsach.indicators.moments import iso_of
from quetsach.indicators.release_lines import Entry
from quetsach.indicators.update import sources_of


class Change(StrEnum):
    """What can happen to an indicator from one version to the next."""

    ADDED = "added"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    DROPPED = "dropped"
    RETURNED = "returned"
    WIDENED = "widened"
    NARROWED = "narrowed"
    EXPIRED = "expired"
    CLASS = "class"
    FAMILY = "family"
    TLP = "tlp"
    CONFIDENCE = "confidence"
    ALLOW = "allow"
    DECISION = "decision"
    SOURCES = "sources"


class Changed(NamedTuple):
    """One change of one indicator: what stood before, what stands now, and in which row."""

    change: Change
    key: str
    shown: str
    kind: Kind
    before: str
    after: str
    list_name: str
    row: int
    place: str = ""


@dataclass(frozen=True)
class Diff:
    """All changes, by kind of change and key; counts; and how many each source has, before, after.

    Shapes: `before`, `after` count the indicators looked for.
    """

    before: int
    after: int
    counts: dict[str, int]
    changes: tuple[Changed, ...]
    sources: dict[str, tuple[int, int]]


Side = Mapping[tuple[str, Kind], Entry]


def diff(old: Iterable[Entry], new: Iterable[Entry]) -> Diff:
    """Return what changed from the entries `old` to the entries `new`."""
    left = {(one.indicator.key, one.indicator.kind): one for one in old}
    right = {(one.indicator.key, one.indicator.kind): one for one in new}
    found = [
        one
        for place in left.keys() | right.keys()
        for one in _changes(left.get(place), right.get(place))
    ]
    order = list(Change)
    found.sort(key=lambda one: (order.index(one.change), one.key, one.kind))
    counts = Counter(one.change for one in found)
    living = [[one.indicator for one in side.values() if _lives(one)] for side in (left, right)]
    had, has = map(sources_of, living)
    return Diff(
        before=len(living[0]),
        after=len(living[1]),
        counts={one.value: counts[one] for one in order if counts[one]},
        changes=tuple(found),
        sources={name: (had.get(name, 0), has.get(name, 0)) for name in sorted({*had, *has})},
    )


def _lives(entry: Entry | None) -> bool:
    return entry is not None and not entry.dropped and entry.indicator.is_met


def _changes(old: Entry | None, new: Entry | None) -> Iterator[Changed]:
    if new is None:
        if old is not None:
            yield _changed(Change.REMOVED, old, _state(old), "")
        return
    if old is None:
        change = Change.ADDED if _lives(new) else _end_of(new)
        yield _changed(change, new, "", _state(new))
        return
    if _lives(old) and not _lives(new):
        yield _changed(_end_of(new), new, _state(old), _state(new))
    elif _lives(new) and not _lives(old):
        yield _changed(Change.RETURNED, new, _state(old), _state(new))
    elif old != new:
        yield from _reach(old, new)
        yield from _facts(old, new)


def _end_of(entry: Entry) -> Change:
    if entry.dropped:
        return Change.DROPPED
    replaced = entry.indicator.claim.status is Status.REPLACED
    return Change.REPLACED if replaced else Change.WITHDRAWN


def _state(entry: Entry) -> str:
    claim = entry.indicator.claim
    if entry.dropped:
        return "dropped" + (f": {entry.decision.reason}" if entry.decision else "")
    return f"{claim.status.value} -> {claim.replaced_by}" if claim.replaced_by else claim.status


def _reach(old: Entry, new: Entry) -> Iterator[Changed]:
    """What is met by more evidence than before, or by less."""
    before, after = old.indicator, new.indicator
    if before.rule is not after.rule:
        wider = after.rule is Rule.BELOW
        yield _changed(_wide(wider), new, before.rule.value, after.rule.value)
    for name, wider in (
        ("valid_from_us", _starts_earlier(before.claim, after.claim)),
        ("valid_until_us", _ends_later(before.claim, after.claim)),
    ):
        was, now = getattr(before.claim, name), getattr(after.claim, name)
        if was != now:
            word = name.removesuffix("_us")
            yield _changed(
                _wide(wider), new, f"{word} {iso_of(was) or '-'}", f"{word} {iso_of(now) or '-'}"
            )


def _wide(wider: bool) -> Change:
    return Change.WIDENED if wider else Change.NARROWED


def _starts_earlier(old: Claim, new: Claim) -> bool:
    if old.valid_from_us is None or new.valid_from_us is None:
        return new.valid_from_us is None
    return new.valid_from_us < old.valid_from_us


def _ends_later(old: Claim, new: Claim) -> bool:
    if old.valid_until_us is None or new.valid_until_us is None:
        return new.valid_until_us is None
    return new.valid_until_us > old.valid_until_us


def _facts(old: Entry, new: Entry) -> Iterator[Changed]:
    for change, say in _SAYINGS:
        was, now = say(old), say(new)
        if was != now:
            yield _changed(change, new, was, now)


def _sources(entry: Entry) -> str:
    return ", ".join(sorted({one.list_name for one in entry.indicator.origins}))


def _confidence(entry: Entry) -> str:
    known = entry.indicator.claim.confidence
    return "" if known is None else str(known)


def _expired(entry: Entry) -> str:
    return "expired" if entry.indicator.claim.status is Status.EXPIRED else ""


_SAYINGS: tuple[tuple[Change, Callable[[Entry], str]], ...] = (
    (Change.EXPIRED, _expired),
    (Change.CLASS, lambda one: one.indicator.claim.of_class.value),
    (Change.FAMILY, lambda one: one.indicator.claim.family),
    (Change.TLP, lambda one: one.indicator.claim.tlp or ""),
    (Change.CONFIDENCE, _confidence),
    (Change.ALLOW, lambda one: ", ".join(one.indicator.allow_classes)),
    (Change.DECISION, lambda one: one.indicator.decided),
    (Change.SOURCES, _sources),
)


def _changed(change: Change, entry: Entry, before: str, after: str) -> Changed:
    one: Indicator = entry.indicator
    origin = one.origins[0] if one.origins else None
    return Changed(
        change,
        one.key,
        one.shown,
        one.kind,
        before,
        after,
        origin.list_name if origin else "",
        origin.row if origin else 0,
        origin.place if origin else "",
    )
