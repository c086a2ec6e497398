"""Writes the next release of a set, into a store or a file, unless it shrank by accident."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from quetsach.errors import Problem, QuetsachError
from quetsach.indicators.allow import AllowLists, tagged
from quetsach.indicators.decisions import Decisions, decided
from quetsach.indicators.diff import Diff, diff
from quetsach.indicators.model import IndicatorSet, Status
from quetsach.indicators.moments import status_at, us_of
from quetsach.indicators.read import list_problems
from quetsach.indicators.release import Release, release_bytes
from quetsach.indicators.store import Version, add_release, latest, open_release, write_new
from quetsach.indicators.update import Titles, check_update, next_release


@dataclass(frozen=True)
class Shelf:
    """Where a release goes, and what it is held against.

    Shapes: `store` is a folder of releases, or `out` a file; `previous` is as for open_release,
    or "" for the latest of the store; `accepted` is why a shrunken update is let through.
    """

    store: Path | None = None
    out: Path | None = None
    previous: str = ""
    note: str = ""
    accepted: str = ""


@dataclass(frozen=True)
class Published:
    """A release that was written; `changes` from the version before it, or from nothing.

    Shapes: `counts` are indicators by status when it was made, and those dropped by decision.
    """

    path: Path
    digest: str
    previous: str
    counts: dict[str, int]
    changes: Diff
    problems: tuple[Problem, ...]


def publish(
    indicator_set: IndicatorSet,
    titles: Titles,
    shelf: Shelf,
    *,
    allow: AllowLists | None = None,
    decisions: Decisions | None = None,
) -> Published:
    """Write the next release and return where it is and what it changes.

    Where nothing changed, not even its title, the release before it stands and is returned.

    Errors: E201 for nothing to publish; E220, E224 for the version before; E221 to E223 for an
    update that shrank; E225, E227 when it cannot be written. Nothing is written then.
    """
    made = Decisions() if decisions is None else decisions
    kept, dropped = decided(indicator_set, made)
    if allow is not None:
        kept = tagged(kept, allow)
    previous = _previous(shelf)
    release = next_release(kept, titles, dropped=dropped, decisions=made, previous=previous)
    if previous is None and not release.indicator_set.indicators:
        raise QuetsachError("E201", ", ".join(one.list_name for one in indicator_set.readings))
    if previous is not None and not shelf.accepted:
        check_update(previous[1], release)
    if previous is not None and _says_the_same(previous[1], release):
        release = previous[1]
    raw = release_bytes(release)
    digest = hashlib.sha256(raw).hexdigest()
    return Published(
        path=_written(raw, digest, release, shelf),
        digest=digest,
        previous=release.previous,
        counts=_counts(release),
        changes=diff(previous[1].entries if previous else (), release.entries),
        problems=tuple(list_problems(indicator_set)),
    )


def _says_the_same(before: Release, after: Release) -> bool:
    """Return whether a release repeats the one before it: then that one stays the latest."""
    titles = [(one.title, one.campaign) for one in (before, after)]
    return titles[0] == titles[1] and before.entries == after.entries


def _previous(shelf: Shelf) -> tuple[str, Release] | None:
    if shelf.previous:
        return open_release(shelf.previous)
    return None if shelf.store is None else latest(shelf.store)


def _written(raw: bytes, digest: str, release: Release, shelf: Shelf) -> Path:
    version = Version(
        digest, release.created, release.previous, release.title, shelf.note, shelf.accepted
    )
    if shelf.store is not None:
        path = add_release(shelf.store, raw, version)
        if shelf.out is None:
            return path
    out = Path(version.name) if shelf.out is None else shelf.out
    write_new(out, raw)
    return out


def _counts(release: Release) -> dict[str, int]:
    at = us_of(release.created) or 0
    kept = [one.indicator.claim for one in release.entries if not one.dropped]
    by_status = Counter(status_at(claim, at) for claim in kept)
    counted = {status.value: by_status[status] for status in Status}
    counted["dropped"] = len(release.entries) - len(kept)
    return {name: count for name, count in counted.items() if count}
