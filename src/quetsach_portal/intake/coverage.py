"""Covered days of a unit, each file counted once, and their calendar by month."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.db.models.functions import Greatest

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.intake.boundary import DaySeen
from quetsach_portal.intake.models import CoverageDay, SourceDay

_AT_ONCE = 500


def add_days(node: CampaignNode, days: Sequence[DaySeen]) -> None:
    """Add `days` to the coverage of `node`; those of files that it has handed in before are known.

    The caller holds the transaction, and a lock that keeps two sweeps of a node apart.
    Cost: a few statements for each 500 days of files, and one a new day and kind.
    """
    recorded = _recorded(node, {digest for seen in days for digest in seen.digests})
    fresh = {(seen.digests[0], seen.kind, seen.day): seen for seen in days if seen.lines}
    new = {
        key: seen
        for key, seen in fresh.items()
        if not any((digest, seen.kind, seen.day) in recorded for digest in seen.digests)
    }
    SourceDay.objects.bulk_create(
        [
            SourceDay(node=node, source_digest=digest, kind=kind, day=day)
            for digest, kind, day in new
        ],
        batch_size=_AT_ONCE,
    )
    sums: defaultdict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    for (_digest, kind, day), seen in new.items():
        lines, alive = sums[day, kind]
        sums[day, kind] = [lines + seen.lines, max(alive, seen.alive)]
    CoverageDay.objects.bulk_create(
        [CoverageDay(node=node, day=day, kind=kind) for day, kind in sums],
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )
    for (day, kind), (lines, alive) in sums.items():
        CoverageDay.objects.filter(node=node, day=day, kind=kind).update(
            lines=F("lines") + lines, alive=Greatest(F("alive"), alive)
        )


def _recorded(node: CampaignNode, digests: set[str]) -> set[tuple[str, str, date]]:
    ordered = sorted(digests)
    rows_met: set[tuple[str, str, date]] = set()
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        rows = SourceDay.objects.filter(node=node, source_digest__in=some)
        rows_met.update(rows.values_list("source_digest", "kind", "day"))
    return rows_met


MOST_MONTHS = 14


@dataclass(frozen=True)
class DayCell:
    """A day of the calendar: `lines` is None where it is outside the period asked for."""

    day: date
    lines: int | None
    alive: int

    @property
    def is_covered(self) -> bool:
        """True when at least one line of that day was examined."""
        return bool(self.lines)


@dataclass(frozen=True)
class CalendarMonth:
    """A month: its first day and its weeks from Monday; None where a day is of another month."""

    first: date
    weeks: tuple[tuple[DayCell | None, ...], ...]


@dataclass(frozen=True)
class CoverageDays:
    """How many days of how many were covered, and the calendar; `is_cut` when it is too long."""

    days: int
    of: int
    first: date
    last: date
    months: tuple[CalendarMonth, ...]
    is_cut: bool

    @property
    def missing(self) -> int:
        """How many days nothing is known of."""
        return self.of - self.days


def covered(first: date, last: date, lines: Mapping[date, tuple[int, int]]) -> CoverageDays:
    """Return the calendar of the days from `first` to `last`; `lines` has (lines, alive) by day."""
    last = max(first, last)
    days = sum(1 for day, (count, _alive) in lines.items() if count and first <= day <= last)
    starts = _months(first, last)
    shown = starts[-MOST_MONTHS:]
    months = tuple(_month(start, first, last, lines) for start in shown)
    of = (last - first).days + 1
    return CoverageDays(days, of, first, last, months, len(shown) < len(starts))


def _months(first: date, last: date) -> list[date]:
    starts = [first.replace(day=1)]
    while (following := (starts[-1] + timedelta(days=32)).replace(day=1)) <= last:
        starts.append(following)
    return starts


def _month(
    start: date, first: date, last: date, lines: Mapping[date, tuple[int, int]]
) -> CalendarMonth:
    def cell(day: date) -> DayCell | None:
        if day.month != start.month:
            return None
        count, alive = lines.get(day, (0, 0))
        return DayCell(day, count if first <= day <= last else None, alive)

    weeks = Calendar().monthdatescalendar(start.year, start.month)
    return CalendarMonth(start, tuple(tuple(map(cell, week)) for week in weeks))
