"""Counters by day: the first dashboard page with its charts, and the coverage by unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
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
from quetsach_portal.dashboards.models import CounterDay, CoverageCounter, FamilyCounter
from quetsach_portal.followup.rates import ReportRates, rates_of
from quetsach_portal.web.drawing.charts import LEAST_DAYS, DayRun, stacked, strip

MOST_DAYS = 90
MOST_FAMILIES = 12
TABLE_DAYS = 7


def filled(rows: "QuerySet[Any]", last: date) -> dict[date, Any]:
    """Return the row in force on each of at most MOST_DAYS days up to `last`, None before any.

    `rows` are of one node; a day without a row repeats the day before it.
    """
    by_day = {row.day: row for row in rows.filter(day__lte=last).order_by("day")}
    if not by_day:
        return {}
    first = max(min(by_day), last - timedelta(days=MOST_DAYS - 1))
    earlier = [row for day, row in by_day.items() if day < first]
    current = earlier[-1] if earlier else None
    days: dict[date, Any] = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        current = days[day] = by_day.get(day, current)
    return days


@dataclass(frozen=True)
class ChartSeries:
    """A series of a chart by days: its name, and the class of its colour."""

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
    """A step of the ladder: part and whole, and the address of the page unit by unit, if any."""

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
    node_rates = rates_of([node], phase, on) if phase is not None else []
    return node_rates[0] if node_rates else None


def reports_by_day(node: CampaignNode, phase: Phase | None, on: date | None) -> DaysChart | None:
    """Return how many reports were received, day by day. Cost: one query."""
    rows = ReportCounterDay.objects.filter(node=node, phase=phase)
    parts = (
        ChartSeries(_("Reported in time"), "draw-good"),
        ChartSeries(_("Reported late"), "draw-warn"),
        ChartSeries(_("Not reported"), "draw-back"),
    )
    opening = _opening("followup:completeness", node, **({"phase": phase.no} if phase else {}))
    return _chart(filled(rows, _last(on)), parts, _reports, opening)


def devices_by_day(node: CampaignNode, on: date | None) -> DaysChart | None:
    """Return how many devices were in each state, day by day. Cost: one query."""
    parts = (
        ChartSeries(_("Infected"), "draw-bad"),
        ChartSeries(_("Handled, being watched"), "draw-warn"),
        ChartSeries(_("Not proven"), "draw-calm"),
        ChartSeries(_("Verified clean"), "draw-good"),
        ChartSeries(_("Ended otherwise"), "draw-back"),
    )
    days = filled(CounterDay.objects.filter(node=node), _last(on))
    return _chart(days, parts, _devices, _opening("dashboards:show", node))


def ladder(node: CampaignNode, rates: ReportRates | None, on: date | None) -> list[LadderStep]:
    """Return the five steps of a subtree, now or on the day `on`. Cost: one query."""
    counter: Any
    if on is None:
        counter = NodeCounter.objects.filter(node=node).first()
    else:
        counter = CounterDay.objects.filter(node=node, day__lte=on).order_by("-day").first()
    if counter is None:
        return []
    units = "" if on else _opening("followup:ladder", node)
    notified, received, deployed = (
        f"{units}&has={step}" if units else "" for step in ("told", "received", "deployed")
    )
    steps = [
        LadderStep(_("Told"), counter.told, counter.units, notified),
        LadderStep(_("Receipt confirmed"), counter.received, counter.units, received),
        LadderStep(_("Deployed"), counter.deployed, counter.units, deployed),
    ]
    if rates is not None:
        for label, part, show in (
            (_("Reported"), rates.reported, "reported"),
            (_("Signed"), rates.signed, "signed"),
        ):
            asked = {"on": on} if on else {"show": show}
            reports = _opening("followup:completeness", node, **asked)
            steps.append(LadderStep(label, part, rates.expected, reports))
    return steps


def families(node: CampaignNode) -> list[FamilyCount]:
    """Return the families by devices, largest first; small ones are joined. Cost: one query."""
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


def _opening(view: str, node: CampaignNode, **more: object) -> str:
    return f"{reverse(view, args=[node.campaign_id])}?{urlencode({'under': node.pk, **more})}"


def _chart(
    filled_days: Mapping[date, Any],
    parts: Sequence[ChartSeries],
    numbers: Callable[[Any], list[int]],
    opening: str,
) -> DaysChart | None:
    """Return the picture of `numbers` by day; a press on a day leads to `opening` and the day."""
    none = [0] * len(parts)
    days = list(filled_days)
    stacks = [none if row is None else numbers(row) for row in filled_days.values()]
    if not any(map(sum, stacks)):
        return None
    titles = [_title(day, stack, parts) for day, stack in zip(days, stacks, strict=True)]
    addresses = [f"{opening}&on={day.isoformat()}" for day in days]
    table = [
        ChartDay(day, address, list(zip(parts, stack, strict=True)))
        for day, address, stack in zip(days, addresses, stacks, strict=True)
    ][-TABLE_DAYS:]
    picture = stacked(stacks, [part.tone for part in parts], titles, addresses)
    highest, is_short = max(map(sum, stacks)), len(stacks) < LEAST_DAYS
    return DaysChart(picture, highest, is_short, parts, days, table[::-1])


def _title(day: date, stack: Sequence[int], parts: Sequence[ChartSeries]) -> str:
    named = (f"{one.name}: {count}" for one, count in zip(parts, stack, strict=True))
    return f"{date_format(day, 'SHORT_DATE_FORMAT')} – {'; '.join(named)}"


WINDOW = 30


@dataclass(frozen=True)
class CoverageRow:
    """A unit with all units below: its strip, and on how many days any of its logs were scanned."""

    node: CampaignNode
    picture: SafeString
    days: int
    units: int
    whole_days: int


def window(last: date | None) -> list[date]:
    """Return the days that are shown: up to `last`, or up to today."""
    today = timezone.localdate()
    # Before the first day of all there is no calendar.
    end = today if last is None else max(min(last, today), date.min + timedelta(days=WINDOW))
    return [end - timedelta(days=ago) for ago in range(WINDOW - 1, -1, -1)]


def covered(
    nodes: Sequence[CampaignNode], days: Sequence[date], *, opens: bool = False
) -> list[CoverageRow]:
    """Return a row for each node, whose `tally` is loaded. Cost: one query.

    Where a unit `opens`, a press on a day leads to those below it as of that day, or of the last of
    the days around it that have the same count.
    """
    counters = CoverageCounter.objects.filter(
        node__in=nodes, day__gte=days[0], day__lte=days[-1]
    ).values_list("node_id", "day", "units")
    unit_counts = {(node_id, day): units for node_id, day, units in counters}
    words = _strip_words(days)
    rows = []
    for node in nodes:
        counter = getattr(node, "tally", None)
        # A unit that left the tree still has its days: the share never passes the whole.
        units = max(1, 0 if counter is None else counter.units)
        counts = [min(units, unit_counts.get((node.pk, day), 0)) for day in days]
        picture = strip(_runs(counts, units, words, node.pk if opens else None))
        with_logs = sum(count > 0 for count in counts)
        rows.append(CoverageRow(node, picture, with_logs, units, counts.count(units)))
    return rows


@dataclass(frozen=True)
class _StripWords:
    """What strips say, translated once for all rows: a page has some fifteen hundred cells."""

    one_day: str
    more_days: str
    days: Sequence[str]
    addresses: Sequence[str]


def _strip_words(days: Sequence[date]) -> _StripWords:
    return _StripWords(
        _("%(day)s: logs of %(part)s of %(whole)s units"),
        _("%(first)s to %(day)s: logs of %(part)s of %(whole)s units each day"),
        [date_format(day, "SHORT_DATE_FORMAT") for day in days],
        [day.isoformat() for day in days],
    )


def _runs(
    counts: Sequence[int], units: int, words: _StripWords, opened: int | None
) -> list[DayRun]:
    """Return the days of one unit, neighbours with the same count as one; a press opens the last.

    Shapes: `opened` is the unit that a press opens, None for none.
    """
    runs, first = [], 0
    for count, same in groupby(counts):
        last = first + len(list(same)) - 1
        told = {"first": words.days[first], "day": words.days[last], "part": count, "whole": units}
        sentence = words.one_day if first == last else words.more_days
        address = "" if opened is None else f"?under={opened}&on={words.addresses[last]}"
        runs.append(DayRun(last - first + 1, count / units, sentence % told, address))
        first = last + 1
    return runs
