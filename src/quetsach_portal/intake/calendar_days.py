"""Days that were looked at, laid out as a calendar: a table of weeks for each month."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

MOST_MONTHS = 14


@dataclass(frozen=True)
class DayCell:
    """A day of the calendar: `lines` is None where it lies outside the time that is asked about."""

    day: date
    lines: int | None
    alive: int

    @property
    def is_covered(self) -> bool:
        """True when at least one line of that day was looked at."""
        return bool(self.lines)


@dataclass(frozen=True)
class Month:
    """A month: its first day and its weeks from Monday; None where a day is of another month."""

    first: date
    weeks: tuple[tuple[DayCell | None, ...], ...]


@dataclass(frozen=True)
class Covered:
    """How many days of how many were looked at, and the calendar; `is_cut` when it is too long."""

    days: int
    of: int
    first: date
    last: date
    months: tuple[Month, ...]
    is_cut: bool

    @property
    def missing(self) -> int:
        """How many days nothing is known of."""
        return self.of - self.days


def covered(first: date, last: date, lines: Mapping[date, tuple[int, int]]) -> Covered:
    """Return the calendar of the days from `first` to `last`; `lines` has (lines, alive) by day."""
    last = max(first, last)
    days = sum(1 for day, (count, _alive) in lines.items() if count and first <= day <= last)
    starts = _months(first, last)
    shown = starts[-MOST_MONTHS:]
    months = tuple(_month(start, first, last, lines) for start in shown)
    of = (last - first).days + 1
    return Covered(days, of, first, last, months, len(shown) < len(starts))


def _months(first: date, last: date) -> list[date]:
    starts = [first.replace(day=1)]
    while (following := (starts[-1] + timedelta(days=32)).replace(day=1)) <= last:
        starts.append(following)
    return starts


def _month(start: date, first: date, last: date, lines: Mapping[date, tuple[int, int]]) -> Month:
    weeks = []
    for week in Calendar().monthdatescalendar(start.year, start.month):
        cells: list[DayCell | None] = []
        for day in week:
            if day.month != start.month:
                cells.append(None)
                continue
            count, alive = lines.get(day, (0, 0))
            inside = first <= day <= last
            cells.append(DayCell(day, count if inside else None, alive))
        weeks.append(tuple(cells))
    return Month(start, tuple(weeks))
