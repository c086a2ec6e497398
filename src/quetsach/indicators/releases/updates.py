"""The next version of a set, and the changes from one version to another."""

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
from quetsach.indicators.releases.lines import ReleaseEntry, Withdrawal, sort_entries
from quetsach.indicators.releases.release import Release

SHRINKS_TO = 0.8
"""The share of its indicators that an update must keep; less is taken for a broken list."""

MOST_NAMED = 10

Place = tuple[str, IndicatorKind]


@dataclass(frozen=True)
class ReleaseTitles:
    """The header data of a release; `created` is ISO 8601 with offset."""

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

    Indicators of the previous version that no list contains any more are kept as withdrawn, so
    that their sightings can be found.
    """
    valid = {} if decisions is None else decisions.valid
    digest, before = previous or ("", None)
    previous_entries = {_place(entry): entry for entry in before.entries} if before else {}
    at = Withdrawal(titles.created, digest)
    entries = [
        ReleaseEntry(
            indicator,
            valid.get(indicator.key),
            _since(indicator, previous_entries.get((indicator.key, indicator.kind)), at),
        )
        for indicator in indicator_set.indicators
    ]
    entries += [
        ReleaseEntry(indicator, valid.get(indicator.key), dropped=True) for indicator in dropped
    ]
    current = {_place(entry) for entry in entries}
    entries += [
        _carried(entry, at) for place, entry in previous_entries.items() if place not in current
    ]
    return Release(
        created=titles.created,
        entries=sort_entries(entries),
        title=titles.title,
        campaign=titles.campaign,
        previous=digest,
        readings=indicator_set.readings,
    )


def check_update(before: Release, after: Release) -> None:
    """Check an update against the previous version: it must not lose indicators by accident.

    Errors: E221 when it is empty, E222 when it lost more than a fifth, E223 when a source fell
    silent; each names the figures.
    """
    old, new = list(_active(before)), list(_active(after))
    if old and not new:
        raise QuetsachError("E221", after.title or "-", before=len(old))
    # An indicator that a person dropped is no loss.
    places = {(indicator.key, indicator.kind) for indicator in old}
    dropped = [
        entry.indicator for entry in after.entries if entry.dropped and _place(entry) in places
    ]
    if len(new) + len(dropped) < SHRINKS_TO * len(old):
        facts = {"before": len(old), "after": len(new), "dropped": len(dropped)}
        raise QuetsachError("E222", after.title or "-", **facts)
    silent = _silent(old, [*new, *dropped], {reading.list_name for reading in after.readings})
    if silent:
        lists = ", ".join(f"{name} ({count} -> 0)" for name, count in silent[:MOST_NAMED])
        more = f" (+{len(silent) - MOST_NAMED})" if len(silent) > MOST_NAMED else ""
        raise QuetsachError("E223", after.title or "-", lists=lists + more)


def sources_of(indicators: Iterable[Indicator]) -> dict[str, int]:
    """Return how many of the indicators each source list has, by its name."""
    counted: dict[str, int] = {}
    for indicator in indicators:
        for name in {origin.list_name for origin in indicator.origins}:
            counted[name] = counted.get(name, 0) + 1
    return dict(sorted(counted.items()))


def _active(release: Release) -> Iterator[Indicator]:
    for release_entry in release.entries:
        if (
            not release_entry.dropped
            and release_entry.indicator.claim.status is IndicatorStatus.ACTIVE
        ):
            yield release_entry.indicator


def _silent(
    old: Sequence[Indicator], new: Sequence[Indicator], read: set[str]
) -> list[tuple[str, int]]:
    had, has = sources_of(old), sources_of(new)
    gone = {name for name in had if name not in has}
    # A list that was only renamed is not missing: all its indicators are still there.
    kept = {(indicator.key, indicator.kind) for indicator in new}
    losing = {
        origin.list_name
        for indicator in old
        if (indicator.key, indicator.kind) not in kept
        for origin in indicator.origins
    }
    return [(name, had[name]) for name in sorted(gone) if name in read or name in losing]


def _place(release_entry: ReleaseEntry) -> Place:
    return release_entry.indicator.key, release_entry.indicator.kind


def _since(
    indicator: Indicator, previous_entry: ReleaseEntry | None, at: Withdrawal
) -> Withdrawal | None:
    """Return since when an indicator that its own list withdrew has been withdrawn."""
    if indicator.is_met:
        return None
    if previous_entry is None or previous_entry.indicator.is_met:
        return at
    return previous_entry.withdrawn


def _carried(release_entry: ReleaseEntry, at: Withdrawal) -> ReleaseEntry:
    indicator = release_entry.indicator
    if release_entry.dropped or not indicator.is_met:
        return release_entry
    claim = structs.replace(indicator.claim, status=IndicatorStatus.WITHDRAWN)
    return structs.replace(
        release_entry, indicator=structs.replace(indicator, claim=claim), withdrawn=at
    )


class IndicatorChange(StrEnum):
    """The kinds of change to an indicator from one version to the next."""

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
    """One change of one indicator: the old value, the new value, and the row."""

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

    Shapes: `before`, `after` count the active indicators.
    """

    before: int
    after: int
    counts: dict[str, int]
    changes: tuple[ChangedIndicator, ...]
    sources: dict[str, tuple[int, int]]


Side = Mapping[tuple[str, IndicatorKind], ReleaseEntry]


def diff(old: Iterable[ReleaseEntry], new: Iterable[ReleaseEntry]) -> Diff:
    """Return what changed from the entries `old` to the entries `new`."""
    old_entries = {_place(entry): entry for entry in old}
    new_entries = {_place(entry): entry for entry in new}
    changes = [
        changed
        for place in old_entries.keys() | new_entries.keys()
        for changed in _changes(old_entries.get(place), new_entries.get(place))
    ]
    order = list(IndicatorChange)
    changes.sort(key=lambda changed: (order.index(changed.change), changed.key, changed.kind))
    counts = Counter(changed.change for changed in changes)
    living = [
        [entry.indicator for entry in side.values() if _lives(entry)]
        for side in (old_entries, new_entries)
    ]
    had, has = map(sources_of, living)
    return Diff(
        before=len(living[0]),
        after=len(living[1]),
        counts={change.value: counts[change] for change in order if counts[change]},
        changes=tuple(changes),
        sources={name: (had.get(name, 0), has.get(name, 0)) for name in sorted({*had, *has})},
    )


def _lives(release_entry: ReleaseEntry | None) -> bool:
    return (
        release_entry is not None and not release_entry.dropped and release_entry.indicator.is_met
    )


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


def _end_of(release_entry: ReleaseEntry) -> IndicatorChange:
    if release_entry.dropped:
        return IndicatorChange.DROPPED
    replaced = release_entry.indicator.claim.status is IndicatorStatus.REPLACED
    return IndicatorChange.REPLACED if replaced else IndicatorChange.WITHDRAWN


def _state(release_entry: ReleaseEntry) -> str:
    claim = release_entry.indicator.claim
    if release_entry.dropped:
        return "dropped" + (f": {release_entry.decision.reason}" if release_entry.decision else "")
    return f"{claim.status.value} -> {claim.replaced_by}" if claim.replaced_by else claim.status


def _reach(old: ReleaseEntry, new: ReleaseEntry) -> Iterator[ChangedIndicator]:
    """Return whether an indicator matches more evidence than before, or less."""
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


def _sources(release_entry: ReleaseEntry) -> str:
    return ", ".join(sorted({origin.list_name for origin in release_entry.indicator.origins}))


def _confidence(release_entry: ReleaseEntry) -> str:
    confidence = release_entry.indicator.claim.confidence
    return "" if confidence is None else str(confidence)


def _expired(release_entry: ReleaseEntry) -> str:
    return "expired" if release_entry.indicator.claim.status is IndicatorStatus.EXPIRED else ""


_SAYINGS: tuple[tuple[IndicatorChange, Callable[[ReleaseEntry], str]], ...] = (
    (IndicatorChange.EXPIRED, _expired),
    (IndicatorChange.CLASS, lambda entry: entry.indicator.claim.of_class.value),
    (IndicatorChange.FAMILY, lambda entry: entry.indicator.claim.family),
    (IndicatorChange.TLP, lambda entry: entry.indicator.claim.tlp or ""),
    (IndicatorChange.CONFIDENCE, _confidence),
    (IndicatorChange.ALLOW, lambda entry: ", ".join(entry.indicator.allow_classes)),
    (IndicatorChange.DECISION, lambda entry: entry.indicator.decided),
    (IndicatorChange.SOURCES, _sources),
)


def _changed(
    change: IndicatorChange, release_entry: ReleaseEntry, before: str, after: str
) -> ChangedIndicator:
    indicator: Indicator = release_entry.indicator
    origin = indicator.origins[0] if indicator.origins else None
    return ChangedIndicator(
        change,
        indicator.key,
        indicator.shown,
        indicator.kind,
        before,
        after,
        origin.list_name if origin else "",
        origin.row if origin else 0,
        origin.place if origin else "",
    )
