"""The next version of a set: what is new, what was taken back, and whether it shrank too much."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec import structs

from quetsach.errors import QuetsachError
from quetsach.indicators.decisions import Decisions
from quetsach.indicators.model import Indicator, IndicatorSet, Kind, Status
from quetsach.indicators.release import Release
from quetsach.indicators.release_lines import Entry, Withdrawal, in_order

SHRINKS_TO = 0.8
"""The share of its indicators that an update must keep; less is taken for a broken list."""

MOST_NAMED = 10

Place = tuple[str, Kind]


@dataclass(frozen=True)
class Titles:
    """What a release says of itself; `created` is ISO 8601 with offset."""

    created: str
    title: str = ""
    campaign: str = ""


def next_release(
    indicator_set: IndicatorSet,
    titles: Titles,
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
        Entry(one, made.valid.get(one.key), _since(one, known.get((one.key, one.kind)), at))
        for one in indicator_set.indicators
    ]
    entries += [Entry(one, made.valid.get(one.key), dropped=True) for one in dropped]
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
        if not one.dropped and one.indicator.claim.status is Status.ACTIVE:
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


def _place(entry: Entry) -> Place:
    return entry.indicator.key, entry.indicator.kind


def _since(one: Indicator, known: Entry | None, at: Withdrawal) -> Withdrawal | None:
    """Since when an indicator that its own list took back has been so."""
    if one.is_met:
        return None
    if known is None or known.indicator.is_met:
        return at
    return known.withdrawn


def _carried(entry: Entry, at: Withdrawal) -> Entry:
    one = entry.indicator
    if entry.dropped or not one.is_met:
        return entry
    claim = structs.replace(one.claim, status=Status.WITHDRAWN)
    return structs.replace(entry, indicator=structs.replace(one, claim=claim), withdrawn=at)
