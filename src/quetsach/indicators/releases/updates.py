"""What changed from one version of a set to another, indicator by indicator."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from msgspec import structs

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.dates import iso_of
from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorKind,
    IndicatorSet,
    IndicatorStatus,
    MatchRule,
)
from quetsach.indicators.releases.decisions import Decisions
from quetsach.indicators.releases.lines import ReleaseEntry, Withdrawal, in_order
from quetsach.indicators.releases.release import Release

# The next version of a set: what is new, what was taken back, and whether it shrank too much.


SHRINKS_TO = 0.8
"""The share of its indicators that an update must keep; less is taken for a broken list."""

MOST_NAMED = 10

Place = tuple[str, IndicatorKind]


@dataclass(frozen=True)
class ReleaseTitles:
    """What a release says of itself; `created` is ISO 8601 with offset."""

    created: str
    title: str = ""
    campaign: str = ""


def next_release(
    indicator_set: IndicatorSet,
    titles: ReleaseTitles,
    *,
    dropped: Sequence[Indicator] = (),
    decisions: Decisions | None = None,
    previous: tuple[str, Release] | None = None,
) -> Release:
    """Return the version of the set that follows `previous` (digest and release).

    What the version before had, and no list has any more, is carried as withdrawn, so that its
    sightings can be found.
    """
    made = Decisions() if decisions is None else decisions
    digest, before = previous or ("", None)
    known = {_place(one): one for one in before.entries} if before else {}
    at = Withdrawal(titles.created, digest)
    entries = [
        ReleaseEntry(one, made.valid.get(one.key), _since(one, known.get((one.key, one.kind)), at))
        for one in indicator_set.indicators
    ]
    entries += [ReleaseEntry(one, made.valid.get(one.key), dropped=True) for one in dropped]
    here = {_place(one) for one in entries}
    entries += [_carried(one, at) for place, one in known.items() if place not in here]
    return Release(
        created=titles.created,
        entries=in_order(entries),
        title=titles.title,
        campaign=titles.campaign,
        previous=digest,
        readings=indicator_set.readings,
    )


def check_update(before: Release, after: Release) -> None:
    """Hold an update against the version before it: it must not lose what it had by accident.

    Errors: E221 when it is empty, E222 when it lost more than a fifth, E223 when a source fell
    silent; each names the figures.
    """
    old, new = list(_active(before)), list(_active(after))
    if old and not new:
        raise QuetsachError("E221", after.title or "-", before=len(old))
    # What a person dropped is no loss.
    places = {(one.key, one.kind) for one in old}
    dropped = [one.indicator for one in after.entries if one.dropped and _place(one) in places]
    if len(new) + len(dropped) < SHRINKS_TO * len(old):
        facts = {"before": len(old), "after": len(new), "dropped": len(dropped)}
        raise QuetsachError("E222", after.title or "-", **facts)
    silent = _silent(old, [*new, *dropped], {one.list_name for one in after.readings})
    if silent:
        lists = ", ".join(f"{name} ({count} -> 0)" for name, count in silent[:MOST_NAMED])
        more = f" (+{len(silent) - MOST_NAMED})" if len(silent) > MOST_NAMED else ""
        raise QuetsachError("E223", after.title or "-", lists=lists + more)


def sources_of(indicators: Iterable[Indicator]) -> dict[str, int]:
    """Return how many of the indicators each source list has, by its name."""
    counted: dict[str, int] = {}
    for one in indicators:
        for name in {origin.list_name for origin in one.origins}:
            counted[name] = counted.get(name, 0) + 1
    return dict(sorted(counted.items()))


def _active(release: Release) -> Iterator[Indicator]:
    for one in release.entries:
        if not one.dropped and one.indicator.claim.status is IndicatorStatus.ACTIVE:
            yield one.indicator


def _silent(
    old: Sequence[Indicator], new: Sequence[Indicator], read: set[str]
) -> list[tuple[str, int]]:
    had, has = sources_of(old), sources_of(new)
    gone = {name for name in had if name not in has}
    # A list that was only renamed is not silent: all that it had is still there.
    kept = {(one.key, one.kind) for one in new}
    losing = {
        origin.list_name for one in old if (one.key, one.kind) not in kept for origin in one.origins
    }
    return [(name, had[name]) for name in sorted(gone) if name in read or name in losing]


def _place(entry: ReleaseEntry) -> Place:
    return entry.indicator.key, entry.indicator.kind


def _since(one: Indicator, known: ReleaseEntry | None, at: Withdrawal) -> Withdrawal | None:
    """Since when an indicator that its own list took back has been so."""
    if one.is_met:
        return None
    if known is None or known.indicator.is_met:
        return at
    return known.withdrawn


def _carried(entry: ReleaseEntry, at: Withdrawal) -> ReleaseEntry:
    one = entry.indicator
    if entry.dropped or not one.is_met:
        return entry
    claim = structs.replace(one.claim, status=IndicatorStatus.WITHDRAWN)
    return structs.replace(entry, indicator=structs.replace(one, claim=claim), withdrawn=at)


class IndicatorChange(StrEnum):
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


class ChangedIndicator(NamedTuple):
    """One change of one indicator: what stood before, what stands now, and in which row."""

    change: IndicatorChange
    key: str
    shown: str
    kind: IndicatorKind
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
    changes: tuple[ChangedIndicator, ...]
    sources: dict[str, tuple[int, int]]


Side = Mapping[tuple[str, IndicatorKind], ReleaseEntry]


def diff(old: Iterable[ReleaseEntry], new: Iterable[ReleaseEntry]) -> Diff:
    """Return what changed from the entries `old` to the entries `new`."""
    left = {(one.indicator.key, one.indicator.kind): one for one in old}
    right = {(one.indicator.key, one.indicator.kind): one for one in new}
    found = [
        one
        for place in left.keys() | right.keys()
        for one in _changes(left.get(place), right.get(place))
    ]
    order = list(IndicatorChange)
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


def _lives(entry: ReleaseEntry | None) -> bool:
    return entry is not None and not entry.dropped and entry.indicator.is_met


def _changes(old: ReleaseEntry | None, new: ReleaseEntry | None) -> Iterator[ChangedIndicator]:
    if new is None:
        if old is not None:
            yield _changed(IndicatorChange.REMOVED, old, _state(old), "")
        return
    if old is None:
        change = IndicatorChange.ADDED if _lives(new) else _end_of(new)
        yield _changed(change, new, "", _state(new))
        return
    if _lives(old) and not _lives(new):
        yield _changed(_end_of(new), new, _state(old), _state(new))
    elif _lives(new) and not _lives(old):
        yield _changed(IndicatorChange.RETURNED, new, _state(old), _state(new))
    elif old != new:
        yield from _reach(old, new)
        yield from _facts(old, new)


def _end_of(entry: ReleaseEntry) -> IndicatorChange:
    if entry.dropped:
        return IndicatorChange.DROPPED
    replaced = entry.indicator.claim.status is IndicatorStatus.REPLACED
    return IndicatorChange.REPLACED if replaced else IndicatorChange.WITHDRAWN


def _state(entry: ReleaseEntry) -> str:
    claim = entry.indicator.claim
    if entry.dropped:
        return "dropped" + (f": {entry.decision.reason}" if entry.decision else "")
    return f"{claim.status.value} -> {claim.replaced_by}" if claim.replaced_by else claim.status


def _reach(old: ReleaseEntry, new: ReleaseEntry) -> Iterator[ChangedIndicator]:
    """What is met by more evidence than before, or by less."""
    before, after = old.indicator, new.indicator
    if before.rule is not after.rule:
        wider = after.rule is MatchRule.BELOW
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


def _wide(wider: bool) -> IndicatorChange:
    return IndicatorChange.WIDENED if wider else IndicatorChange.NARROWED


def _starts_earlier(old: Claim, new: Claim) -> bool:
    if old.valid_from_us is None or new.valid_from_us is None:
        return new.valid_from_us is None
    return new.valid_from_us < old.valid_from_us


def _ends_later(old: Claim, new: Claim) -> bool:
    if old.valid_until_us is None or new.valid_until_us is None:
        return new.valid_until_us is None
    return new.valid_until_us > old.valid_until_us


def _facts(old: ReleaseEntry, new: ReleaseEntry) -> Iterator[ChangedIndicator]:
    for change, say in _SAYINGS:
        was, now = say(old), say(new)
        if was != now:
            yield _changed(change, new, was, now)


def _sources(entry: ReleaseEntry) -> str:
    return ", ".join(sorted({one.list_name for one in entry.indicator.origins}))


def _confidence(entry: ReleaseEntry) -> str:
    known = entry.indicator.claim.confidence
    return "" if known is None else str(known)


def _expired(entry: ReleaseEntry) -> str:
    return "expired" if entry.indicator.claim.status is IndicatorStatus.EXPIRED else ""


_SAYINGS: tuple[tuple[IndicatorChange, Callable[[ReleaseEntry], str]], ...] = (
    (IndicatorChange.EXPIRED, _expired),
    (IndicatorChange.CLASS, lambda one: one.indicator.claim.of_class.value),
    (IndicatorChange.FAMILY, lambda one: one.indicator.claim.family),
    (IndicatorChange.TLP, lambda one: one.indicator.claim.tlp or ""),
    (IndicatorChange.CONFIDENCE, _confidence),
    (IndicatorChange.ALLOW, lambda one: ", ".join(one.indicator.allow_classes)),
    (IndicatorChange.DECISION, lambda one: one.indicator.decided),
    (IndicatorChange.SOURCES, _sources),
)


def _changed(
    change: IndicatorChange, entry: ReleaseEntry, before: str, after: str
) -> ChangedIndicator:
    one: Indicator = entry.indicator
    origin = one.origins[0] if one.origins else None
    return ChangedIndicator(
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
