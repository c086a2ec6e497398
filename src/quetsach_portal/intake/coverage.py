"""Covered days of a unit, each file counted once, and their calendar by month."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F
from django.db.models.functions import Greatest

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.intake.boundary import DaySeen
from quetsach_portal.intake.models import CoverageDay, SourceDay

_AT_ONCE = 500


def add_days(
    node: CampaignNode,
    days: Sequence[DaySeen],
    earlier: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Add `days` to the coverage of `node`; those of files that it has handed in before are known.

    Shapes: `earlier` has, by the first digest of a log, those of what it was before it grew, which
    may be in the same submission: then only the lines that were added count.
    The caller holds the transaction, and a lock that keeps two sweeps of a node apart.
    Cost: a few statements for each 500 days of files, and one a new day and kind.
    """
    before = {} if earlier is None else earlier
    recorded = recorded_lines(
        node, {one for seen in days for one in (*seen.digests, *before.get(seen.digests[0], ()))}
    )
    fresh = {(seen.digests[0], seen.kind, seen.day): seen for seen in days if seen.lines}
    rows: list[SourceDay] = []
    sums: defaultdict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    for (digest, kind, day), of_file in fresh.items():
        if any((one, kind, day) in recorded for one in of_file.digests):
            continue
        of_day = [(one, kind, day) for one in before.get(digest, ())]
        counted = [recorded[one] for one in of_day if one in recorded]
        # How much of a day an earlier version has counted of it is unknown: it counts no more.
        is_known = None not in counted
        more = of_file.lines - max((n or 0 for n in counted), default=0) if is_known else 0
        recorded[digest, kind, day] = of_file.lines
        rows.append(
            SourceDay(node=node, source_digest=digest, kind=kind, day=day, lines=of_file.lines)
        )
        lines, alive = sums[day, kind]
        sums[day, kind] = [lines + max(0, more), max(alive, of_file.alive)]
    SourceDay.objects.bulk_create(rows, batch_size=_AT_ONCE)
    CoverageDay.objects.bulk_create(
        [CoverageDay(node=node, day=day, kind=kind) for day, kind in sums],
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )
    for (day, kind), (lines, alive) in sums.items():
        CoverageDay.objects.filter(node=node, day=day, kind=kind).update(
            lines=F("lines") + lines, alive=Greatest(F("alive"), alive)
        )


_DayOfFile = tuple[str, str, date]


def recorded_lines(node: CampaignNode, digests: Collection[str]) -> dict[_DayOfFile, int | None]:
    """Return the lines of recorded files by digest, kind and day; None where nobody knows."""
    ordered = sorted(digests)
    rows_met: dict[_DayOfFile, int | None] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        rows = SourceDay.objects.filter(node=node, source_digest__in=some)
        for digest, kind, day, lines in rows.values_list("source_digest", "kind", "day", "lines"):
            rows_met[digest, kind, day] = lines
    return rows_met


def set_right(
    node: CampaignNode,
    digests: Collection[str],
    days: Mapping[str, int],
    earlier: Collection[str],
) -> None:
    """Fill the lines of a log of an earlier version, and take out what it counted twice.

    Shapes: `digests` are those of the log, `days` its lines by day in ISO 8601, `earlier` the
    digests of what it was before. Safe to repeat: what is filled is not touched again.
    """
    rows = SourceDay.objects.filter(node=node, source_digest__in=digests, lines=None)
    before = recorded_lines(node, set(earlier)) if rows.exists() else {}
    for source_day in rows:
        source_day.lines = days.get(source_day.day.isoformat(), 0)
        of_day = (source_day.kind, source_day.day)
        counted = (lines or 0 for (_one, *of), lines in before.items() if tuple(of) == of_day)
        twice = min(source_day.lines, max(counted, default=0))
        source_day.save(update_fields=["lines"])
        CoverageDay.objects.filter(node=node, day=source_day.day, kind=source_day.kind).update(
            lines=Greatest(F("lines") - twice, 0)
        )


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
