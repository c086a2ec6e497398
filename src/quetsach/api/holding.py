"""What of a release is held back: rows on hold, and rows that the office itself vouches for."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from quetsach.api.gate import blaming_entries, matched_facts
from quetsach.atomic_files import write_whole
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.allow.classes import WATCH_ONLY, span_of
from quetsach.indicators.allow.lists import AllowList, AllowLists, find_allow_matches
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_raw
from quetsach.indicators.releases.lines import ReleaseEntry
from quetsach.indicators.releases.release import Release, read_release, release_bytes
from quetsach.indicators.values import parse_value

MOST_SHOWN = 20
LONGEST_ROW = 300


@dataclass(frozen=True)
class RowsHeld:
    """What was held back of a release.

    Shapes: `count` are entries that accuse nobody now; `by_key` counts those of each key that was
    asked for, `by_own` has for each row of the office's own list how many entries it touches, and
    the first of their keys.
    """

    count: int
    by_key: Mapping[str, int]
    by_own: Mapping[str, tuple[int, Sequence[str]]]


def keys_in(text: str) -> tuple[str, ...]:
    """Return the keys of the name, address, network or web address that a person wrote.

    Errors: E601 for anything else.
    """
    parsed = parse_value(text.strip()[:LONGEST_ROW], ListOptions(accept_private=True)).values
    if not parsed:
        raise QuetsachError("E601", "KEY", reason=text[:80])
    return tuple(value.key for value in parsed)


def hold_rows(
    release: Path,
    out: Path,
    *,
    keys: Set[str] = frozenset(),
    before: Path | None = None,
    own: Iterable[str] = (),
) -> RowsHeld:
    """Write `release` to `out` with some of its entries only watched, unless that is none.

    Held are the entries of `keys`; with `before` also all that accuse now and did not by that
    release; and what a row of `own` touches, unless a person decided to keep it.
    Errors: E220 for a release that is not sound; E406 for `out`.
    """
    whole = read_release(read_raw(release), str(release))
    touched = _touched(whole, own)
    blaming_before = None if before is None else _known(before)
    office_keys = {key for some in touched.values() for key in some}
    by_key = dict.fromkeys(sorted(keys), 0)
    places = {_place(release_entry) for release_entry in blaming_entries(whole.entries)}
    entries = []
    for release_entry in whole.entries:
        key = release_entry.indicator.key
        is_new = blaming_before is not None and matched_facts(release_entry) != blaming_before.get(
            _place(release_entry)
        )
        by_office = key in office_keys and release_entry.indicator.decided != "keep"
        if _place(release_entry) in places and (key in by_key or is_new or by_office):
            by_key.update({key: by_key[key] + 1} if key in by_key else {})
            entries.append(_watched(release_entry))
        else:
            entries.append(release_entry)
    count = sum(new is not old for new, old in zip(entries, whole.entries, strict=True))
    if count:
        write_whole(out, release_bytes(replace(whole, entries=tuple(entries))))
    by_own = {row: (len(some), tuple(some[:MOST_SHOWN])) for row, some in touched.items()}
    return RowsHeld(count=count, by_key=by_key, by_own=by_own)


def own_effects(release: Path, own: Iterable[str]) -> dict[str, tuple[int, Sequence[str]]]:
    """Return for each row of an office's list how many entries of `release` it touches, and some.

    Errors: E220 for a release that is not sound.
    """
    whole = read_release(read_raw(release), str(release))
    touched = _touched(whole, own)
    return {row: (len(some), tuple(some[:MOST_SHOWN])) for row, some in touched.items()}


def _touched(release: Release, own: Iterable[str]) -> dict[str, list[str]]:
    """Return the keys that each row touches: the very name or one below it, a network's addresses.

    Each row is an allow-list of its own, so that the engine says which of them it was.
    """
    rows = {row: keys_in(row) for row in own}
    allow = AllowLists(tuple(_list_of(row, keys) for row, keys in rows.items()))
    touched: dict[str, list[str]] = {row: [] for row in rows}
    if not rows:
        return touched
    blaming = IndicatorSet(
        tuple(release_entry.indicator for release_entry in blaming_entries(release.entries))
    )
    for (key, _kind), matches in sorted(find_allow_matches(blaming, allow).items()):
        for row in dict.fromkeys(match.list_name for match in matches):
            touched[row].append(key)
    return touched


def _list_of(row: str, keys: Sequence[str]) -> AllowList:
    spans = [span for key in keys if (span := span_of(key)) is not None]
    names = [key for key in keys if span_of(key) is None]
    return AllowList(row, "own", below=names, spans=spans)


def _known(release: Path) -> dict[tuple[str, str], object]:
    entries = read_release(read_raw(release), str(release)).entries
    return {
        _place(release_entry): matched_facts(release_entry)
        for release_entry in blaming_entries(entries)
    }


def _place(release_entry: ReleaseEntry) -> tuple[str, str]:
    return release_entry.indicator.key, release_entry.indicator.kind.value


def _watched(release_entry: ReleaseEntry) -> ReleaseEntry:
    classes = tuple(sorted({*release_entry.indicator.allow_classes, WATCH_ONLY}))
    indicator = structs.replace(release_entry.indicator, decided="watch", allow_classes=classes)
    return structs.replace(release_entry, indicator=indicator)
