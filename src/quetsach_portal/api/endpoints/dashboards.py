"""Figures one looks at: steps and devices day by day, families, coverage, comparison, trend."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import (
    EARLIEST,
    NO,
    InPhase,
    OnDay,
    Paged,
    Part,
    part_of,
    requested_phase,
)
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.scope import NodeScope, campaigns_of, node_for, node_scope
from quetsach_portal.campaigns.tree.succession import RegisterChange
from quetsach_portal.dashboards import access
from quetsach_portal.dashboards.files import table_of
from quetsach_portal.dashboards.pages import overview, ranking, trend
from quetsach_portal.dashboards.pages.overview import FamilyCount
from quetsach_portal.dashboards.pages.ranking import DEVICES, By, RankedUnit
from quetsach_portal.dashboards.pages.trend import TrendPoint
from quetsach_portal.followup.queries import children_of
from quetsach_portal.people.roles.scope import Scope

router = Router(auth=ByToken(TokenScope.READ))


class StepsOut(Schema):
    """Counters of a subtree by step; reports are those of the phase."""

    units: int
    told: int
    received: int
    deployed: int
    expected: int
    reported: int
    on_time: int
    signed: int


class ReportsDayOut(Schema):
    """The reports of a subtree on a day."""

    day: date
    on_time: int
    late: int
    missing: int


class DevicesDayOut(Schema):
    """The devices of a subtree by state on a day."""

    day: date
    infected: int
    handled: int
    unproven: int
    verified: int
    other: int


@of_row(FamilyCount, "name devices")
class FamilyOut(Schema):
    """How many devices met indicators of a family; the last row may sum up the small ones."""


class FiguresOut(Schema):
    """What the page of figures shows; devices and families for those who see counts of devices.

    Days are the newest first, and none where nothing has been gathered yet.
    """

    steps: StepsOut | None
    reports: list[ReportsDayOut]
    devices: list[DevicesDayOut] | None
    families: list[FamilyOut] | None


class CoveredOut(Schema):
    """Days covered by logs of a subtree, and days on which all its units were covered."""

    id: int
    unit: str
    first: date
    last: date
    days: int
    whole_days: int
    units: int


@of_row(RankedUnit, "place node_id name area part whole")
class ComparedOut(Schema):
    """A unit with its share; `place` is null if not ranked, `node_id` for small units together."""


@of_row(RegisterChange, "day what document")
class BreakOut(Schema):
    """An event of the tree between two phases."""


@of_row(
    TrendPoint,
    "campaign phase_no=phase due_at expected=slots.expected reported=slots.reported "
    "on_time=slots.on_time changes totals",
)
class PointOut(Schema):
    """A phase of a unit: its reports, the changes of the tree before it, its totals."""

    changes: list[BreakOut]


class BelowOut(Schema):
    """A unit with all below, as the page's file for other programs has it."""

    name: str
    code: str
    units: int
    told: int
    received: int
    deployed: int
    expected: int | None
    excused: int | None
    reported: int | None
    on_time: int | None
    nil: int | None
    signed: int | None
    share_reported: float | None


class Compared(InPhase):
    """By what units are compared."""

    by: By = By.REPORTED


class UpTo(Paged):
    """The last of the thirty days that are looked at; without one, today."""

    last: date | None = Field(None, ge=EARLIEST)


@router.get(
    "/nodes/{node_id}/figures",
    response={200: FiguresOut, **NO},
    summary="Steps, reports and devices of a unit with all below, day by day",
)
def figures(request: HttpRequest, node_id: int, query: Query[OnDay]) -> dict[str, Any]:
    """Return what the page of figures shows, today or as of a past day."""
    node, seats = _seen(caller(request).scope, node_id)
    phase, on = requested_phase(node, query.phase), query.past
    counts = overview.rates(node, phase, on)
    sees = access.sees_devices(seats, node)
    devices = overview.devices_by_day(node, on) if sees else None
    reports = ("on_time", "late", "missing")
    stands = ("infected", "handled", "unproven", "verified", "other")
    return {
        "steps": _steps(overview.ladder(node, counts, on), counts),
        "reports": _days(overview.reports_by_day(node, phase, on), reports),
        "devices": _days(devices, stands) if sees else None,
        "families": overview.families(node) if sees and on is None else None,
    }


@router.get(
    "/nodes/{node_id}/below",
    response={200: list[BelowOut], **NO},
    summary="A unit and each directly below with the figures of its subtree",
)
def figures_below(request: HttpRequest, node_id: int, query: Query[InPhase]) -> Any:
    """Return the unit's row, then one of each unit directly below."""
    node, _seats = _seen(caller(request).scope, node_id)
    table = table_of(node, requested_phase(node, query.phase))
    return [dict(zip(table.keys, row, strict=True)) for row in table.rows]


@router.get(
    "/nodes/{node_id}/coverage",
    response={200: Part[CoveredOut], **NO},
    summary="Covered days, of thirty, of each unit directly below",
)
def covered(request: HttpRequest, node_id: int, query: Query[UpTo]) -> dict[str, Any]:
    """Return the coverage of the units directly below, to who sees counts of devices."""
    scope = caller(request).scope
    _campaign, node = access.devices_of(scope, node_for(scope, node_id).campaign_id, node_id)
    days, part = overview.window(query.last), part_of(children_of(node), query)
    names = ("days", "whole_days", "units")
    rows = [
        {
            "id": one.node.pk,
            "unit": one.node.name_at_freeze,
            "first": days[0],
            "last": days[-1],
            **{name: getattr(one, name) for name in names},
        }
        for one in overview.covered(part["rows"], days)
    ]
    return {**part, "rows": rows}


@router.get(
    "/nodes/{node_id}/ranking",
    response={200: list[ComparedOut], **NO},
    summary="Units directly below, ranked by a share; small units are combined",
)
def compared(request: HttpRequest, node_id: int, query: Query[Compared]) -> Any:
    """Return the units compared, by reports where something else may not be seen."""
    node, seats = _seen(caller(request).scope, node_id)
    hidden = query.by in DEVICES and not access.sees_devices(seats, node)
    by = By.REPORTED if hidden else query.by
    return ranking.ranked(ranking.shares_of(node, by, requested_phase(node, query.phase)), by)


@router.get(
    "/nodes/{node_id}/trend",
    response={200: list[PointOut], **NO},
    summary="A unit's reports phase by phase, over all campaigns in which it stands",
)
def trend_of(request: HttpRequest, node_id: int) -> list[TrendPoint]:
    """Return the phases of a unit, the oldest first."""
    scope = caller(request).scope
    node, _seats = _seen(scope, node_id)
    return trend.points_of(node, list(campaigns_of(scope)[:50]))


def _seen(scope: Scope, node_id: int) -> tuple[CampaignNode, NodeScope]:
    node = node_for(scope, node_id)
    return node, node_scope(scope, node.campaign)


def _steps(rungs: list[overview.LadderStep], counts: Any) -> dict[str, int] | None:
    """Return the steps by name; the ladder has told, received and deployed first."""
    if not rungs:
        return None
    informed, received, deployed = rungs[:3]
    names = ("expected", "reported", "on_time", "signed")
    return {
        "units": informed.whole,
        "told": informed.part,
        "received": received.part,
        "deployed": deployed.part,
        **{name: getattr(counts, name, 0) for name in names},
    }


def _days(chart: overview.DaysChart | None, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the table of a chart with names that do not change with the language."""
    if chart is None:
        return []
    return [
        {
            "day": one.day,
            **{name: count for name, (_part, count) in zip(names, one.numbers, strict=True)},
        }
        for one in chart.table
    ]
