"""From what was read to days of coverage: which hours are usual, which are missing or thin.

What is usual is taken from the evidence itself: an hour of a kind of day (working day, Saturday,
Sunday) is usual in a unit when most such days have lines in it. On working days the core hours of
an office are expected always, so that a log of one hour a day never passes for a whole one. An
hour is thin when it holds less than a tenth of the median of its like.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from quetsach.findings.coverage import kinds_of_source
from quetsach.verdicts.model import DayCoverage
from quetsach.verdicts.window import Need

Hour = tuple[str, int]
"""A local day and an hour of it."""

LEAST_SAME = 3
"""Whole hours with the very same number of lines that tell a second copy from a second sensor."""

LEAST_LINES = 20
"""Lines that an equal number of them must be of, where fewer hours than that are shared."""


@dataclass
class SourceRead:
    """One evidence file as a sweep read it.

    Shapes: `digests` are all that are known of its bytes and text; `lines` by (local day, hour);
    `alive` by day the (address, device) that spoke; `unseen` are the devices that it
    shows in contact with a public resolver over TLS or HTTPS.
    """

    path: str
    digests: tuple[str, ...]
    dataset: str
    lines: dict[Hour, int] = field(default_factory=dict)
    alive: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)


@dataclass
class SensorLog:
    """What one sensor wrote, whatever files it came in: lines by hour, addresses by day."""

    lines: dict[Hour, int] = field(default_factory=dict)
    alive: dict[str, set[str]] = field(default_factory=dict)

    @property
    def days(self) -> set[str]:
        """The days on which it has lines."""
        return {day for day, _hour in self.lines}


def logs_among(files: Iterable[SourceRead]) -> list[SensorLog]:
    """Return the logs that `files`, all of one form, are parts of; names and order play no part.

    A file goes on with the first log that it shares no hour with, or only the one in which that
    ended and the file began. What says the same as a log counts once, each hour with its most
    lines.
    Cost: the hours of all files, by the number of logs that run side by side.
    """
    logs: list[SensorLog] = []
    for source in sorted(files, key=_begins):
        addresses = {day: {address for address, _ in found} for day, found in source.alive.items()}
        log = next((log for log in logs if _is_of(log, source.lines, addresses)), None)
        if log is None:
            log = SensorLog()
            logs.append(log)
        _write(log, source.lines, addresses)
    return logs


def _begins(one: SourceRead) -> tuple[object, ...]:
    hours = sorted(one.lines.items())
    alive = sorted((day, sorted(found)) for day, found in one.alive.items())
    return min(one.lines, default=("", 0)), hours, alive, one.digests


def _is_of(log: SensorLog, lines: dict[Hour, int], addresses: dict[str, set[str]]) -> bool:
    shared = sorted(lines.keys() & log.lines.keys())
    return not shared or _goes_on(log, lines, shared) or _is_copy(log, lines, addresses, shared)


def _goes_on(log: SensorLog, lines: dict[Hour, int], shared: list[Hour]) -> bool:
    """Tell whether the log ends in the hour in which `lines` begin, and they last longer."""
    # Two sensors whose files are an hour each share one hour too; those begin and end in it.
    return len(shared) == 1 and max(log.lines) == shared[0] == min(lines) < max(lines)


def _is_copy(
    log: SensorLog, lines: dict[Hour, int], addresses: dict[str, set[str]], shared: list[Hour]
) -> bool:
    """Tell whether both say the same; the hours at either end may be cut off."""
    whole = [one for one in shared[1:-1] if lines[one] == log.lines[one]]
    is_long = len(whole) == len(shared) - 2 and len(whole) >= LEAST_SAME
    is_equal = all(lines[one] == log.lines[one] for one in shared)
    if not is_long and not (is_equal and sum(lines[one] for one in shared) >= LEAST_LINES):
        return False
    days = {day for day, _hour in shared}
    found = [(addresses.get(day, set()), log.alive.get(day, set())) for day in sorted(days)]
    # Without named devices, equal figures may still be those of two sensors.
    return all(one and other and (one <= other or other <= one) for one, other in found)


def _write(log: SensorLog, lines: dict[Hour, int], addresses: dict[str, set[str]]) -> None:
    goes_on = _goes_on(log, lines, sorted(lines.keys() & log.lines.keys()))
    for hour, count in lines.items():
        known = log.lines.get(hour, 0)
        log.lines[hour] = known + count if goes_on else max(known, count)
    for day, found in addresses.items():
        log.alive.setdefault(day, set()).update(found)


CORE_HOURS = frozenset({8, 9, 10, 14, 15, 16})
"""Hours in which each office works; without the noon rest, and its edges, which differ."""

LEAST_USUAL = 4
"""Usual hours below which a day off is never covered: a few lines at night prove nothing."""

LEAST_STREAM_DAYS = 3
"""Days on which a log must have been there before its absence is a gap."""

UnitOf = Callable[[str, str], str]
"""Answers which unit an address (or "") in an evidence file belongs to."""


@dataclass
class _Place:
    """All lines of one kind of evidence in one unit: files by dataset, who was alive by day."""

    files: dict[str, list[SourceRead]] = field(default_factory=dict)
    alive: dict[str, set[str]] = field(default_factory=dict)
    sources: dict[str, set[str]] = field(default_factory=dict)


def day_coverage(sources: Iterable[SourceRead], unit_of: UnitOf) -> list[DayCoverage]:
    """Return the days that `sources` cover, by unit and kind, in order.

    Files with the same digest count once, whatever sweep read them; of files with the same name,
    such as a log that has grown, each hour counts with its most lines. A source serves each unit
    whose addresses spoke in it. The order of the sources does not matter.
    """
    places: dict[Need, _Place] = defaultdict(_Place)
    unseen: dict[str, set[str]] = defaultdict(set)
    for source in _once(sources):
        # Of a contact it is told in which file it is, not on which day: each of its days may be it.
        for day in {day for day, _hour in source.lines} if source.unseen else ():
            unseen[day] |= source.unseen
        kinds = kinds_of_source(source.dataset)
        for unit in _units(source, unit_of):
            for kind in kinds:
                _add(places[unit, kind], source, unit, unit_of)
    return [
        one
        for need, place in sorted(places.items())
        for one in _days(place, unit=need[0], kind=need[1], unseen=unseen)
    ]


def _once(sources: Iterable[SourceRead]) -> Iterator[SourceRead]:
    """Yield one source for all that share a digest or a name, with the most any of them has."""
    ordered = sorted(sources, key=lambda source: (source.path, source.digests))
    merged: dict[str, SourceRead] = {}
    for source, path in zip(ordered, _first_names(ordered), strict=True):
        whole = merged.setdefault(path, SourceRead(path, source.digests, source.dataset))
        for hour, lines in source.lines.items():
            whole.lines[hour] = max(lines, whole.lines.get(hour, 0))
        for day, found in source.alive.items():
            whole.alive.setdefault(day, set()).update(found)
        whole.unseen |= source.unseen
    return iter(merged.values())


def _first_names(ordered: Iterable[SourceRead]) -> list[str]:
    """Return for each source, in order of path, the first path that it is linked with."""
    root: dict[str, str] = {}
    by_digest: dict[str, str] = {}
    paths = []
    for source in ordered:
        paths.append(source.path)
        for digest in source.digests:
            first = _root(root, by_digest.setdefault(digest, source.path))
            own = _root(root, source.path)
            root[max(first, own)] = min(first, own)
    return [_root(root, path) for path in paths]


def _root(root: dict[str, str], path: str) -> str:
    """Return the first path that `path` is linked with, and make the way to it short."""
    while root.setdefault(path, path) != path:
        root[path] = root[root[path]]
        path = root[path]
    return path


def _units(source: SourceRead, unit_of: UnitOf) -> set[str]:
    addresses = {address for found in source.alive.values() for address, _device in found}
    units = {unit_of(address, source.path) for address in addresses}
    return units or {unit_of("", source.path)}


def _add(place: _Place, source: SourceRead, unit: str, unit_of: UnitOf) -> None:
    place.files.setdefault(source.dataset, []).append(source)
    for day, _hour in source.lines:
        place.sources.setdefault(day, set()).add(source.path)
    for day, found in source.alive.items():
        known = place.alive.setdefault(day, set())
        known.update(
            device or address for address, device in found if unit_of(address, source.path) == unit
        )


DNS = "dns"
"""The kind of evidence that a question to a public resolver goes past."""


def _days(
    place: _Place, *, unit: str, kind: str, unseen: Mapping[str, set[str]]
) -> Iterator[DayCoverage]:
    logs = [logs_among(files) for _dataset, files in sorted(place.files.items())]
    by_day = _hours(one for of_form in logs for one in of_form)
    classes: dict[int, list[str]] = defaultdict(list)
    for day in sorted(by_day):
        classes[_class_of(day)].append(day)
    usual = {one: _usual(one, days, by_day) for one, days in classes.items()}
    normal = {one: _normal(days, by_day) for one, days in classes.items()}
    silent = _silent(logs, classes)
    for day, hours in sorted(by_day.items()):
        of = _class_of(day)
        thin = {hour for hour, lines in hours.items() if 10 * lines < normal[of].get(hour, 0)}
        yield DayCoverage(
            day=day,
            kind=kind,
            unit=unit,
            lines=sum(hours.values()),
            hours=frozenset(hours),
            usual=usual[of],
            thin_hours=frozenset(hours if day in silent else thin),
            alive=frozenset(place.alive.get(day, ())),
            sources=tuple(sorted(place.sources[day])),
            unseen=frozenset(unseen.get(day, ()) if kind == DNS else ()),
        )


def _hours(logs: Iterable[SensorLog]) -> dict[str, dict[int, int]]:
    by_day: dict[str, dict[int, int]] = {}
    for one in logs:
        for (day, hour), lines in one.lines.items():
            hours = by_day.setdefault(day, {})
            hours[hour] = hours.get(hour, 0) + lines
    return by_day


def _class_of(day: str) -> int:
    """Return 0 for a working day, 5 for a Saturday, 6 for a Sunday."""
    weekday = date.fromisoformat(day).weekday()
    return 0 if weekday < 5 else weekday


def _usual(of: int, days: list[str], hours: Mapping[str, Mapping[int, int]]) -> frozenset[int]:
    counts: dict[int, int] = {}
    for day in days:
        for hour in hours[day]:
            counts[hour] = counts.get(hour, 0) + 1
    found = {hour for hour, count in counts.items() if 2 * count > len(days)}
    if of == 0:
        return frozenset(found | CORE_HOURS)
    return frozenset(found if len(found) >= LEAST_USUAL else ())


def _normal(days: list[str], hours: Mapping[str, Mapping[int, int]]) -> dict[int, float]:
    counts: dict[int, list[int]] = defaultdict(list)
    for day in days:
        for hour, lines in hours[day].items():
            counts[hour].append(lines)
    return {hour: median(found) for hour, found in counts.items()}


def _silent(logs: Iterable[Sequence[SensorLog]], classes: Mapping[int, list[str]]) -> set[str]:
    """Return the days on which one of several logs of a form is missing that most days have.

    Of two name servers the log of one is lost: the other's lines do not show what it was asked.
    """
    missing: set[str] = set()
    several = [one.days for of_form in logs if len(of_form) > 1 for one in of_form]
    for days in classes.values():
        for present in several:
            there = present.intersection(days)
            if len(there) >= LEAST_STREAM_DAYS and 2 * len(there) > len(days):
                missing.update(set(days) - there)
    return missing
