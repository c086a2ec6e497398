"""The first dashboard page: two rates, the steps, devices by state, families."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    NodeCounter,
    Phase,
    ReportCounterDay,
)
from quetsach_portal.dashboards.models import CounterDay, FamilyCounter
from quetsach_portal.followup.rates import ReportRates, rates_of
from quetsach_portal.web.drawing.charts import LEAST_DAYS, stacked

# Consecutive days: a day without a row repeats the day before it.


Row = TypeVar("Row")
MOST_DAYS = 90


@dataclass(frozen=True)
class FilledDays(Generic[Row]):
    """The days from the first to the last, and the row that holds on each, None before any."""

    days: Sequence[date]
    rows: Sequence[Row | None]


def filled(rows: "QuerySet[Any]", last: date) -> FilledDays[Any]:
    """Return at most MOST_DAYS days up to `last`; `rows` are of one node and have a day."""
    by_day: Mapping[date, Any] = {
        row.day: row for row in rows.filter(day__lte=last).order_by("day")
    }
    if not by_day:
        return FilledDays((), ())
    first = max(min(by_day), last - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=one) for one in range((last - first).days + 1)]
    before = [row for day, row in by_day.items() if day < first]
    now = before[-1] if before else None
    day_rows: list[Any] = []
    for day in days:
        now = by_day.get(day, now)
        day_rows.append(now)
    return FilledDays(days, day_rows)


MOST_FAMILIES = 12
TABLE_DAYS = 7


@dataclass(frozen=True)
class ChartSeries:
    """One stack of a picture by days: its name, and the class of its colour."""

    name: str
    tone: str


@dataclass(frozen=True)
class ChartDay:
    """A row beside the picture: the day, what a press on it opens, and its numbers."""

    day: date
    address: str
    numbers: Sequence[tuple[ChartSeries, int]]


@dataclass(frozen=True)
class DaysChart:
    """A picture by days with its legend, and the last days as a table, the newest first.

    Shapes: `highest` is what the full height stands for; `is_short` where the days do not fill
    the width.
    """

    picture: SafeString
    highest: int
    is_short: bool
    parts: Sequence[ChartSeries]
    days: Sequence[date]
    table: Sequence[ChartDay]


@dataclass(frozen=True)
class LadderStep:
    """A step of the ladder: how many of how many, and where they stand unit by unit, if so."""

    name: str
    part: int
    whole: int
    address: str = ""


@dataclass(frozen=True)
class FamilyCount:
    """A family of malware and how many devices met it."""

    name: str
    devices: int


def rates(node: CampaignNode, phase: Phase | None, on: date | None) -> ReportRates | None:
    """Return the two rates of a subtree, now or at the end of the day `on`. Cost: 3 queries."""
    found = rates_of([node], phase, on) if phase is not None else []
    return found[0] if found else None


def reports_by_day(node: CampaignNode, phase: Phase | None, on: date | None) -> DaysChart | None:
    """Return how reports came in, day by day. Cost: one query."""
    rows = ReportCounterDay.objects.filter(node=node, phase=phase)
    parts = (
        ChartSeries(_("Reported in time"), "draw-good"),
        ChartSeries(_("Reported late"), "draw-warn"),
        ChartSeries(_("Not reported"), "draw-back"),
    )
    opening = _opening("followup:completeness", node, **({"phase": phase.no} if phase else {}))
    return _chart(filled(rows, _last(on)), _Columns(parts, _reports, opening))


def devices_by_day(node: CampaignNode, on: date | None) -> DaysChart | None:
    """Return how many devices stood where, day by day. Cost: one query."""
    parts = (
        ChartSeries(_("Infected"), "draw-bad"),
        ChartSeries(_("Handled, being watched"), "draw-warn"),
        ChartSeries(_("Not proven"), "draw-calm"),
        ChartSeries(_("Verified clean"), "draw-good"),
        ChartSeries(_("Ended otherwise"), "draw-back"),
    )
    rows = CounterDay.objects.filter(node=node)
    opening = _opening("dashboards:show", node)
    return _chart(filled(rows, _last(on)), _Columns(parts, _devices, opening))


def ladder(node: CampaignNode, rates: ReportRates | None, on: date | None) -> list[LadderStep]:
    """Return the five steps of a subtree, now or on the day `on`. Cost: one query."""
    tally: Any
    if on is None:
        tally = NodeCounter.objects.filter(node=node).first()
    else:
        days = CounterDay.objects.filter(node=node, day__lte=on)
        tally = days.order_by("-day").first()
    if tally is None:
        return []
    units = "" if on else _opening("followup:ladder", node)
    received, deployed = (f"{units}&has={one}" if units else "" for one in ("received", "deployed"))
    steps = [
        LadderStep(_("Told"), tally.told, tally.units, units),
        LadderStep(_("Receipt confirmed"), tally.received, tally.units, received),
        LadderStep(_("Deployed"), tally.deployed, tally.units, deployed),
    ]
    if rates is not None:
        reports = _opening("followup:completeness", node, **({"on": on} if on else {}))
        steps.append(LadderStep(_("Reported"), rates.reported, rates.expected, reports))
        steps.append(LadderStep(_("Signed"), rates.signed, rates.expected, reports))
    return steps


def families(node: CampaignNode) -> list[FamilyCount]:
    """Return the families by devices, the most first; small ones together. Cost: one query."""
    rows = FamilyCounter.objects.filter(node=node).order_by("-devices", "family")
    counted = [FamilyCount(one.family or _("No family named"), one.devices) for one in rows]
    if len(counted) <= MOST_FAMILIES:
        return counted
    rest = counted[MOST_FAMILIES:]
    return [
        *counted[:MOST_FAMILIES],
        FamilyCount(
            _("%(count)s other families, devices counted for each") % {"count": len(rest)},
            sum(one.devices for one in rest),
        ),
    ]


def _last(on: date | None) -> date:
    today = timezone.localdate()
    return today if on is None else min(on, today)


def _reports(row: ReportCounterDay) -> list[int]:
    return [row.on_time, row.reported - row.on_time, row.expected - row.reported]


def _devices(row: CounterDay) -> list[int]:
    return [row.infected, row.handled, row.unproven, row.cases_verified, row.cases_other]


@dataclass(frozen=True)
class _Columns:
    """What a picture by days is made of; `opening` is the address that a day is put behind."""

    parts: Sequence[ChartSeries]
    numbers: Callable[[Any], list[int]]
    opening: str


def _opening(view: str, node: CampaignNode, **more: object) -> str:
    return f"{reverse(view, args=[node.campaign_id])}?{urlencode({'under': node.pk, **more})}"


def _chart(filled_days: FilledDays[Any], columns: _Columns) -> DaysChart | None:
    parts = columns.parts
    if not filled_days.days:
        return None
    none = [0] * len(parts)
    stacks = [none if row is None else columns.numbers(row) for row in filled_days.rows]
    if not any(map(sum, stacks)):
        return None
    titles = [
        _title(day, stack, parts) for day, stack in zip(filled_days.days, stacks, strict=True)
    ]
    addresses = [f"{columns.opening}&on={day.isoformat()}" for day in filled_days.days]
    table = [
        ChartDay(day, address, list(zip(parts, stack, strict=True)))
        for day, address, stack in zip(filled_days.days, addresses, stacks, strict=True)
    ][-TABLE_DAYS:]
    picture = stacked(stacks, [one.tone for one in parts], titles, addresses)
    highest, is_short = max(map(sum, stacks)), len(stacks) < LEAST_DAYS
    return DaysChart(picture, highest, is_short, parts, filled_days.days, table[::-1])


def _title(day: date, stack: Sequence[int], parts: Sequence[ChartSeries]) -> str:
    named = (f"{one.name}: {count}" for one, count in zip(parts, stack, strict=True))
    return f"{date_format(day, 'SHORT_DATE_FORMAT')} – {'; '.join(named)}"
