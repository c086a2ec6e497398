"""A folder of releases: a file each, never changed, and an append-only list of versions."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from msgspec import Struct

from quetsach import scratch_folders
from quetsach.appended_lines import append_lines, without_torn_line
from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.indicators.allow.lists import AllowLists, tag_allow_classes
from quetsach.indicators.dates import status_at, us_of
from quetsach.indicators.model import Indicator, IndicatorSet, IndicatorStatus
from quetsach.indicators.read import list_problems, read_raw
from quetsach.indicators.releases.decisions import Decisions, apply_decisions
from quetsach.indicators.releases.release import (
    DIGITS,
    Release,
    digest_of,
    read_release,
    release_bytes,
)
from quetsach.indicators.releases.updates import (
    Diff,
    ReleaseTitles,
    check_update,
    diff,
    next_release,
)
from quetsach.indicators.restriction import Audience, allowed_for
from quetsach.texts import _

VERSIONS = "versions.jsonl"
SUFFIX = ".jsonl"


class ReleaseVersion(Struct, frozen=True, omit_defaults=True):
    """One line of the list of versions; `accepted` is why a shrunken update was accepted."""

    digest: str
    created: str
    previous: str = ""
    title: str = ""
    note: str = ""
    accepted: str = ""

    @property
    def name(self) -> str:
        """The name of its file in the folder."""
        return self.digest[:DIGITS] + SUFFIX


def versions(folder: Path) -> list[ReleaseVersion]:
    """Return the versions in the store `folder`, the oldest first; none where there is no store.

    A last line that a stopped run left torn is no version. Errors: E220 for a line that is none.
    """
    path = folder / VERSIONS
    if not path.exists():
        return []
    return list(_versions(without_torn_line(read_raw(path)), path))


def add_release(folder: Path, raw: bytes, version: ReleaseVersion) -> Path:
    """Put the release `raw` into the store and return its file; the same release changes nothing.

    Errors: E225 when it cannot be written; E227 when a file of its name holds another one.
    """
    path = folder / version.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QuetsachError("E225", str(path), reason=error.strerror or str(error)) from error
    write_new(path, raw)
    if all(known_version.digest != version.digest for known_version in versions(folder)):
        _append(folder / VERSIONS, msgspec.json.encode(version) + b"\n")
    return path


def write_new(path: Path, raw: bytes) -> None:
    """Write `raw` to a new file, whole or not at all; one with the same content is left alone.

    Errors: E225 when it cannot be written; E227 when it is there with other content.
    """
    try:
        if path.exists():
            scratch_folders.clear_aside(path)
            _same(path, raw)
        else:
            scratch_folders.write_new(path, raw)
    except FileExistsError:
        # Another run wrote it in the meantime.
        _same(path, raw)
    except OSError as error:
        raise QuetsachError("E225", str(path), reason=error.strerror or str(error)) from error


def latest(folder: Path) -> tuple[str, Release] | None:
    """Return the digest and the release of the last version in the store, or None.

    Errors: E220 when its file is missing or was changed.
    """
    releases = versions(folder)
    return _load(folder, releases[-1].digest) if releases else None


def find_release(folder: Path, digits: str) -> tuple[str, Release]:
    """Return the digest and the release whose digest begins with `digits`.

    Errors: E224 when there is none or more than one; E220 when its file was changed.
    """
    digests = {
        version.digest for version in versions(folder) if version.digest.startswith(digits.lower())
    }
    if len(digests) != 1 or not digits:
        raise QuetsachError("E224", f"{folder}@{digits}")
    return _load(folder, digests.pop())


def open_release(text: str) -> tuple[str, Release]:
    """Return digest and release of a file, of `FOLDER@DIGEST`, or the latest of a store.

    Errors: E202, E220, E224.
    """
    path = Path(text)
    folder, at, digits = text.rpartition("@")
    if at and not path.exists():
        return find_release(Path(folder), digits)
    if path.is_dir():
        newest = latest(path)
        if newest is None:
            raise QuetsachError("E224", text)
        return newest
    raw = read_raw(path)
    return digest_of(raw), read_release(raw, text)


def _load(folder: Path, digest: str) -> tuple[str, Release]:
    path = folder / (digest[:DIGITS] + SUFFIX)
    if not path.is_file():
        raise QuetsachError("E220", str(path), reason=_("the file does not exist"))
    raw = read_raw(path)
    if digest_of(raw) != digest:
        raise QuetsachError("E220", str(path), reason=_("its digest is another one"))
    return digest, read_release(raw, str(path))


def _versions(raw: bytes, path: Path) -> Iterator[ReleaseVersion]:
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if line.strip():
            try:
                yield msgspec.json.decode(line, type=ReleaseVersion)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                raise QuetsachError("E220", f"{path}:{number}", reason=str(error)) from error


def _same(path: Path, raw: bytes) -> None:
    # A signature may have been added since; the content is what must not change.
    if digest_of(path.read_bytes()) != digest_of(raw):
        raise QuetsachError("E227", str(path))


def _append(path: Path, line: bytes) -> None:
    try:
        append_lines(path, line)
    except OSError as error:
        raise QuetsachError("E225", str(path), reason=error.strerror or str(error)) from error


@dataclass(frozen=True)
class ReleaseTarget:
    """The target of a release, and the release that it is compared with.

    Shapes: `store` is a folder of releases, or `out` a file; `previous` is as for open_release,
    or "" for the latest of the store; `accepted` is why a shrunken update is accepted.
    """

    store: Path | None = None
    out: Path | None = None
    previous: str = ""
    note: str = ""
    accepted: str = ""


@dataclass(frozen=True)
class PublishedRelease:
    """A release that was written; `changes` from the version before it, or from nothing.

    Shapes: `counts` are indicators by status when it was made, and those dropped by decision;
    `withheld` counts those that their marking (TLP:RED) keeps out of every release.
    """

    path: Path
    digest: str
    previous: str
    counts: dict[str, int]
    changes: Diff
    problems: tuple[Problem, ...]
    withheld: int = 0


def publish(
    indicator_set: IndicatorSet,
    titles: ReleaseTitles,
    shelf: ReleaseTarget,
    *,
    allow: AllowLists | None = None,
    decisions: Decisions | None = None,
) -> PublishedRelease:
    """Write the next release and return where it is and what it changes.

    Where nothing changed, not even its title, the previous release is returned.

    Errors: E201 for nothing to publish; E220, E224 for the version before; E221 to E223 for an
    update that shrank; E225, E227 when it cannot be written. Nothing is written then.
    """
    decisions = Decisions() if decisions is None else decisions
    # A release goes to the units of a campaign: TLP:RED is for the recipient of the list alone.
    indicator_set, withheld = allowed_for(indicator_set, Audience.ORGANISATION)
    kept, dropped = apply_decisions(indicator_set, decisions)
    if allow is not None:
        kept = tag_allow_classes(kept, allow)
    previous = _previous(shelf)
    release = next_release(
        kept, titles, dropped=dropped, decisions=decisions, previous=_without(previous, withheld)
    )
    if previous is None and not release.indicator_set.indicators:
        raise QuetsachError(
            "E201", ", ".join(reading.list_name for reading in indicator_set.readings)
        )
    if previous is not None and not shelf.accepted:
        check_update(previous[1], release)
    if previous is not None and _says_the_same(previous[1], release):
        release = previous[1]
    raw = release_bytes(release)
    digest = hashlib.sha256(raw).hexdigest()
    return PublishedRelease(
        path=_written(raw, digest, release, shelf),
        digest=digest,
        previous=release.previous,
        counts=_counts(release),
        changes=diff(previous[1].entries if previous else (), release.entries),
        problems=tuple(list_problems(indicator_set)),
        withheld=len(withheld),
    )


def _without(
    previous: tuple[str, Release] | None, withheld: Sequence[Indicator]
) -> tuple[str, Release] | None:
    """Return the version before without what is restricted now: no line names it again."""
    if previous is None or not withheld:
        return previous
    places = {(indicator.key, indicator.kind) for indicator in withheld}
    entries = tuple(
        release_entry
        for release_entry in previous[1].entries
        if (release_entry.indicator.key, release_entry.indicator.kind) not in places
    )
    return previous[0], replace(previous[1], entries=entries)


def _says_the_same(before: Release, after: Release) -> bool:
    """Return whether a release repeats the one before it: then that one stays the latest."""
    titles = [(release.title, release.campaign) for release in (before, after)]
    return titles[0] == titles[1] and before.entries == after.entries


def _previous(shelf: ReleaseTarget) -> tuple[str, Release] | None:
    if shelf.previous:
        return open_release(shelf.previous)
    return None if shelf.store is None else latest(shelf.store)


def _written(raw: bytes, digest: str, release: Release, shelf: ReleaseTarget) -> Path:
    version = ReleaseVersion(
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
    kept = [
        release_entry.indicator.claim
        for release_entry in release.entries
        if not release_entry.dropped
    ]
    by_status = Counter(status_at(claim, at) for claim in kept)
    counted = {status.value: by_status[status] for status in IndicatorStatus}
    counted["dropped"] = len(release.entries) - len(kept)
    return {name: count for name, count in counted.items() if count}
