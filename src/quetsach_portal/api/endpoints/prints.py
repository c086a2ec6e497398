"""Endpoint of fingerprints: what the last question to logs that are gone found."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.schemas import NO
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.prints.models import PrintQuestion
from quetsach_portal.prints.queries import asked_campaign_for, prints_of

_OF_QUESTION = (
    *("release_sha256", "asked_at", "done_at", "problem", "asked_days", "incomplete"),
    *("forgotten", "cannot_tell", "by_chance"),
)

prints_router = Router(auth=ByToken(TokenScope.READ))


class PrintMatchOut(Schema):
    """Days of a unit on which something of the list was seen; null where no day is known.

    Where it is not `is_exact`, only host or address were seen, and the list wants more.
    """

    node: int
    first_day: date | None
    last_day: date | None
    indicators: list[str]
    count: int
    is_exact: bool
    is_destroyed: bool
    requested_at: datetime | None


class PrintsOut(Schema):
    """The last question of a campaign; counts are unit-days, `cannot_tell` counts indicators."""

    release_sha256: str
    asked_at: datetime | None
    done_at: datetime | None
    problem: str
    asked_days: int
    hit_days: int
    destroyed_days: int
    incomplete: int
    forgotten: int
    cannot_tell: int
    by_chance: float
    hits: list[PrintMatchOut]


@prints_router.get(
    "/campaigns/{campaign_id}/fingerprints",
    response={200: PrintsOut, **NO},
    summary="What a campaign's list met in logs that are gone",
)
def fingerprints_of_campaign(request: HttpRequest, campaign_id: int) -> dict[str, Any]:
    """Return the last answer; an empty one where nothing was asked."""
    view = prints_of(asked_campaign_for(caller(request).scope, campaign_id))
    question = view.question
    if question is None:
        question = PrintQuestion(asked_at=None)  # type: ignore[misc]
    return {
        **{name: getattr(question, name) for name in _OF_QUESTION},
        "hit_days": view.total,
        "destroyed_days": view.destroyed,
        "hits": [
            {
                "node": hit.node_id,
                "first_day": hit.first_day,
                "last_day": hit.last_day,
                "indicators": hit.indicators,
                "count": hit.count,
                "is_exact": hit.is_exact,
                "is_destroyed": hit.is_destroyed,
                "requested_at": hit.requested_at,
            }
            for hit in (one.hit for one in view.hits)
        ],
    }
