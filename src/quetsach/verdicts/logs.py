"""Which files are one log: told by what stands in them, never by how somebody named them.

A log arrives in many files: one a day, one an hour, packed anew each week under another name.
Files of one form that follow each other are one log; those that have lines in the same hours come
from several sensors, unless they say the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

Hour = tuple[str, int]
"""A local day and an hour of it."""

LEAST_SAME = 3
"""Whole hours with the very same number of lines that tell a second copy from a second sensor."""

LEAST_LINES = 20
"""Lines that an equal number of them must be of, where fewer hours than that are shared."""


@dataclass
class SourceRead:
    """One evidence file as a sweep read it.

    Shapes: `lines` by (local day, hour); `alive` by day the (address, device) that spoke.
    """

    path: str
    sha256: str
    dataset: str
    lines: dict[Hour, int] = field(default_factory=dict)
    alive: dict[str, set[tuple[str, str]]] = field(default_factory=dict)


@dataclass
class Log:
    """What one sensor wrote, whatever files it came in: lines by hour, addresses by day."""

    lines: dict[Hour, int] = field(default_factory=dict)
    alive: dict[str, set[str]] = field(default_factory=dict)

    @property
    def days(self) -> set[str]:
        """The days on which it has lines."""
        return {day for day, _hour in self.lines}


def logs_among(files: Iterable[SourceRead]) -> list[Log]:
    """Return the logs that `files`, all of one form, are parts of; names and order play no part.

    A file goes on with the first log that it shares no hour with, or only the one in which that
    ended and the file began. What says the same as a log counts once, each hour with its most
    lines.
    Cost: the hours of all files, by the number of logs that run side by side.
    """
    logs: list[Log] = []
    for one in sorted(files, key=_begins):
        addresses = {day: {address for address, _ in found} for day, found in one.alive.items()}
        log = next((log for log in logs if _is_of(log, one.lines, addresses)), None)
        if log is None:
            log = Log()
            logs.append(log)
        _write(log, one.lines, addresses)
    return logs


def _begins(one: SourceRead) -> tuple[object, ...]:
    hours = sorted(one.lines.items())
    alive = sorted((day, sorted(found)) for day, found in one.alive.items())
    return min(one.lines, default=("", 0)), hours, alive, one.sha256


def _is_of(log: Log, lines: dict[Hour, int], addresses: dict[str, set[str]]) -> bool:
    shared = sorted(lines.keys() & log.lines.keys())
    return not shared or _goes_on(log, lines, shared) or _is_copy(log, lines, addresses, shared)


def _goes_on(log: Log, lines: dict[Hour, int], shared: list[Hour]) -> bool:
    """Tell whether the log ends in the hour in which `lines` begin, and they last longer."""
    # Two sensors whose files are an hour each share one hour too; those begin and end in it.
    return len(shared) == 1 and max(log.lines) == shared[0] == min(lines) < max(lines)


def _is_copy(
    log: Log, lines: dict[Hour, int], addresses: dict[str, set[str]], shared: list[Hour]
) -> bool:
    """Tell whether both say the same; the hours at either end may be cut off."""
    whole = [one for one in shared[1:-1] if lines[one] == log.lines[one]]
    is_long = len(whole) == len(shared) - 2 and len(whole) >= LEAST_SAME
    is_equal = all(lines[one] == log.lines[one] for one in shared)
    if not is_long and not (is_equal and sum(lines[one] for one in shared) >= LEAST_LINES):
        return False
    days = {day for day, _hour in shared}
    found = [(addresses.get(day, set()), log.alive.get(day, set())) for day in sorted(days)]
    # Where nobody is named, equal figures may still be those of two sensors.
    return all(one and other and (one <= other or other <= one) for one, other in found)


def _write(log: Log, lines: dict[Hour, int], addresses: dict[str, set[str]]) -> None:
    goes_on = _goes_on(log, lines, sorted(lines.keys() & log.lines.keys()))
    for hour, count in lines.items():
        known = log.lines.get(hour, 0)
        log.lines[hour] = known + count if goes_on else max(known, count)
    for day, found in addresses.items():
        log.alive.setdefault(day, set()).update(found)
