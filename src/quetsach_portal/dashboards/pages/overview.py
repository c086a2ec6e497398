"""The first page of figures: two rates, the ladder, devices by state, families."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignNode, NodeTally, Phase, SlotTallyDay
from quetsach_portal.dashboards.models import FamilyTally, TallyDay
from quetsach_portal.dashboards.pages.by_day import Filled, filled
from quetsach_portal.followup.rates import Rates, rates_of
from quetsach_portal.web.drawing.over_days import LEAST_DAYS, stacked

MOST_FAMILIES = 12
TABLE_DAYS = 7


@dataclass(frozen=True)
class Part:
    """One stack of a picture by days: its name, and the class of its colour."""

    name: str
    tone: str


@dataclass(frozen=True)
class Day:
    """A row beside the picture: the day, what a press on it opens, and its numbers."""

    day: date
    address: str
    numbers: Sequence[tuple[Part, int]]


@dataclass(frozen=True)
class DaysChart:
    """A picture by days with its legend, and the last days as a table, the newest first.

    Shapes: `highest` is what the full height stands for; `is_short` where the days do not fill
    the width.
    """

    picture: SafeString
    highest: int
    is_short: bool
    parts: Sequence[Part]
    days: Sequence[date]
    table: Sequence[Day]


@dataclass(frozen=True)
class Rung:
    """A step of the ladder: how many of how many, and where they stand unit by unit, if so."""

    name: str
    part: int
    whole: int
    address: str = ""


@dataclass(frozen=True)
class Family:
    """A family of malware and how many devices met it."""

    name: str
    devices: int


def rates(node: CampaignNode, phase: Phase | None, on: date | None) -> Rates | None:
    """Return the two rates of a subtree, now or at the end of the day `on`. Cost: 3 queries."""
    found = rates_of([node], phase, on) if phase is not None else []
    return found[0] if found else None


def reports_by_day(node: CampaignNode, phase: Phase | None, on: date | None) -> DaysChart | None:
    """Return how reports came in, day by day. Cost: one query."""
    rows = SlotTallyDay.objects.filter(node=node, phase=phase)
    parts = (
        Part(_("Reported in time"), "draw-good"),
        Part(_("Reported late"), "draw-warn"),
        Part(_("Not reported"), "draw-back"),
    )
    opening = _opening("followup:completeness", node, **({"phase": phase.no} if phase else {}))
    return _chart(filled(rows, _last(on)), _Columns(parts, _reports, opening))


def devices_by_day(node: CampaignNode, on: date | None) -> DaysChart | None:
    """Return how many devices stood where, day by day. Cost: one query."""
    parts = (
        Part(_("Infected"), "draw-bad"),
        Part(_("Handled, being watched"), "draw-warn"),
        Part(_("Not proven"), "draw-calm"),
        Part(_("Verified clean"), "draw-good"),
        Part(_("Ended otherwise"), "draw-back"),
    )
    rows = TallyDay.objects.filter(node=node)
    opening = _opening("dashboards:show", node)
    return _chart(filled(rows, _last(on)), _Columns(parts, _devices, opening))


def ladder(node: CampaignNode, found: Rates | None, on: date | None) -> list[Rung]:
    """Return the five steps of a subtree, now or on the day `on`. Cost: one query."""
    tally: Any
    if on is None:
        tally = NodeTally.objects.filter(node=node).first()
    else:
        days = TallyDay.objects.filter(node=node, day__lte=on)
        tally = days.order_by("-day").first()
    if tally is None:
        return []
    units = "" if on else _opening("followup:ladder", node)
    received, deployed = (f"{units}&has={one}" if units else "" for one in ("received", "deployed"))
    steps = [
        Rung(_("Told"), tally.told, tally.units, units),
        Rung(_("Receipt confirmed"), tally.received, tally.units, received),
        Rung(_("Deployed"), tally.deployed, tally.units, deployed),
    ]
    if found is not None:
        reports = _opening("followup:completeness", node, **({"on": on} if on else {}))
        steps.append(Rung(_("Reported"), found.reported, found.expected, reports))
        steps.append(Rung(_("Signed"), found.signed, found.expected, reports))
    return steps


def families(node: CampaignNode) -> list[Family]:
    """Return the families by devices, the most first; small ones together. Cost: one query."""
    rows = FamilyTally.objects.filter(node=node).order_by("-devices", "family")
    held = [Family(one.family or _("No family named"), one.devices) for one in rows]
    if len(held) <= MOST_FAMILIES:
        return held
    rest = held[MOST_FAMILIES:]
    return [
        *held[:MOST_FAMILIES],
        Family(
            _("%(count)s other families, devices counted for each") % {"count": len(rest)},
            sum(one.devices for one in rest),
        ),
    ]


def _last(on: date | None) -> date:
    today = timezone.localdate()
    return today if on is None else min(on, today)


def _reports(row: SlotTallyDay) -> list[int]:
    return [row.on_time, row.reported - row.on_time, row.expected - row.reported]


def _devices(row: TallyDay) -> list[int]:
    return [row.infected, row.handled, row.unproven, row.cases_verified, row.cases_other]


@dataclass(frozen=True)
class _Columns:
    """What a picture by days is made of; `opening` is the address that a day is put behind."""

    parts: Sequence[Part]
    numbers: Callable[[Any], list[int]]
    opening: str


def _opening(view: str, node: CampaignNode, **more: object) -> str:
    return f"{reverse(view, args=[node.campaign_id])}?{urlencode({'under': node.pk, **more})}"


def _chart(found: Filled[Any], columns: _Columns) -> DaysChart | None:
    parts = columns.parts
    if not found.days:
        return None
    none = [0] * len(parts)
    stacks = [none if row is None else columns.numbers(row) for row in found.rows]
    if not any(map(sum, stacks)):
        return None
    titles = [_title(day, stack, parts) for day, stack in zip(found.days, stacks, strict=True)]
    addresses = [f"{columns.opening}&on={day.isoformat()}" for day in found.days]
    table = [
        Day(day, address, list(zip(parts, stack, strict=True)))
        for day, address, stack in zip(found.days, addresses, stacks, strict=True)
    ][-TABLE_DAYS:]
    picture = stacked(stacks, [one.tone for one in parts], titles, addresses)
    highest, is_short = max(map(sum, stacks)), len(stacks) < LEAST_DAYS
    return DaysChart(picture, highest, is_short, parts, found.days, table[::-1])


def _title(day: date, stack: Sequence[int], parts: Sequence[Part]) -> str:
    named = (f"{one.name}: {count}" for one, count in zip(parts, stack, strict=True))
    return f"{date_format(day, 'SHORT_DATE_FORMAT')} – {'; '.join(named)}"
