"""Re-checks: random samples looked at again, declared against verified."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import NO, Paged, Part, part_of
from quetsach_portal.api.schemas import name_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.cases.models.recheck import RecheckItem
from quetsach_portal.cases.rechecks import queries, sampling

router = Router(auth=ByToken(TokenScope.READ))


class RecheckOut(Schema):
    """A sample: `declared` of `population` said so; of `size` drawn, `yes` were found so.

    `verified`, `low` and `high` are shares of one with the range in which the whole lies at 95 %,
    null where nothing could be told; `differs` when what was declared lies outside.
    """

    id: int
    node_id: int
    phase_no: int
    subject: str
    number: int
    state: str
    reason: str
    drawn_by: str
    drawn_at: datetime
    ended_at: datetime | None
    seed: str
    population: int
    declared: int
    size: int
    yes: int
    no: int
    unknown: int
    open: int
    verified: float | None
    low: float | None
    high: float | None
    differs: bool


class RecheckDetail(RecheckOut):
    """A sample with all from which it was drawn, so that anybody can draw again."""

    frame: list[str]


class DrawnOut(Schema):
    """One thing drawn: a case by its number or a unit by its code; `answer` "" until looked at."""

    id: int
    place: int
    ref: str
    node_id: int
    unit: str
    was_declared: bool
    checker: str
    answer: str
    note: str
    answered_at: datetime | None

    @staticmethod
    def resolve_unit(one: RecheckItem) -> str:
        """Return the unit's name."""
        return one.node.name_at_freeze

    @staticmethod
    def resolve_checker(one: RecheckItem) -> str:
        """Return a name."""
        return name_of(one.checker)


@router.get(
    "/nodes/{node_id}/rechecks",
    response={200: list[RecheckOut], **NO},
    summary="Samples drawn below a unit: declared against verified",
)
def rechecks(request: HttpRequest, node_id: int) -> list[dict[str, Any]]:
    """Return all samples of a unit, the newest first."""
    node = sampling.node_to_see(caller(request).scope, node_id)
    return [_told(one) for one in queries.results_of(node)]


@router.get(
    "/rechecks/{draw_id}",
    response={200: RecheckDetail, **NO},
    summary="One sample, with all from which it was drawn",
)
def recheck(request: HttpRequest, draw_id: int) -> dict[str, Any]:
    """Return one sample."""
    draw = sampling.draw_for(caller(request).scope, draw_id)
    return {**_told(queries.result_of(draw)), "frame": draw.frame.split("\n")}


@router.get(
    "/rechecks/{draw_id}/items",
    response={200: Part[DrawnOut], **NO},
    summary="What was found of each thing drawn",
)
def recheck_items(request: HttpRequest, draw_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the things drawn."""
    return part_of(queries.items_of(sampling.draw_for(caller(request).scope, draw_id)), paged)


def _told(result: queries.SampleResult) -> dict[str, Any]:
    draw, share = result.draw, result.share
    names = ("id", "node_id", "subject", "number", "state", "reason", "drawn_at", "ended_at")
    return {
        **{name: getattr(draw, name) for name in (*names, "seed", "population", "declared")},
        "size": draw.size,
        "phase_no": draw.phase.no,
        "drawn_by": name_of(draw.drawn_by),
        **{name: getattr(result, name) for name in ("yes", "no", "unknown", "open", "differs")},
        "verified": None if share is None else share.point,
        "low": None if share is None else share.low,
        "high": None if share is None else share.high,
    }
