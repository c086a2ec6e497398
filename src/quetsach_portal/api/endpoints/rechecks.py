"""Re-checks: random samples looked at again, declared against verified."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import NO, Paged, Part, part_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.cases.models.recheck import RecheckItem
from quetsach_portal.cases.rechecks import queries, sampling
from quetsach_portal.cases.rechecks.queries import SampleResult

router = Router(auth=ByToken(TokenScope.READ))


@of_row(
    SampleResult,
    "id=draw.pk node_id=draw.node_id phase_no=draw.phase.no subject=draw.subject "
    "number=draw.number state=draw.state reason=draw.reason drawn_by=draw.drawn_by "
    "drawn_at=draw.drawn_at ended_at=draw.ended_at seed=draw.seed population=draw.population "
    "declared=draw.declared size=draw.size yes no unknown open verified=share.point "
    "low=share.low high=share.high differs",
)
class RecheckOut(Schema):
    """A sample: `declared` of `population` declared it; of `size` drawn, `yes` were confirmed.

    `verified`, `low` and `high` are shares from 0 to 1, with the range of the whole at 95 %,
    null where nothing can be computed; `differs` is true when the declared share lies outside.
    """


class RecheckDetail(RecheckOut):
    """A sample with the frame from which it was drawn, so that the draw can be repeated."""

    frame: list[str]

    @staticmethod
    def resolve_frame(result: SampleResult) -> list[str]:
        """Return the keys of all that could be drawn."""
        return result.draw.frame.split("\n")


@of_row(
    RecheckItem,
    "id place ref node_id unit=node.name_at_freeze was_declared checker answer note answered_at",
)
class DrawnOut(Schema):
    """A sampled item: a case by number or a unit by code; `answer` is "" until it is checked."""


@router.get(
    "/nodes/{node_id}/rechecks",
    response={200: list[RecheckOut], **NO},
    summary="Samples drawn below a unit: declared against verified",
)
def rechecks(request: HttpRequest, node_id: int) -> list[SampleResult]:
    """Return all samples of a unit, the newest first."""
    node = sampling.node_to_see(caller(request).scope, node_id)
    return queries.results_of(node)


@router.get(
    "/rechecks/{draw_id}",
    response={200: RecheckDetail, **NO},
    summary="One sample, with the frame from which it was drawn",
)
def recheck(request: HttpRequest, draw_id: int) -> SampleResult:
    """Return one sample."""
    return queries.result_of(sampling.draw_for(caller(request).scope, draw_id))


@router.get(
    "/rechecks/{draw_id}/items",
    response={200: Part[DrawnOut], **NO},
    summary="Result of each sampled item",
)
def recheck_items(request: HttpRequest, draw_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the things drawn."""
    return part_of(queries.items_of(sampling.draw_for(caller(request).scope, draw_id)), paged)
