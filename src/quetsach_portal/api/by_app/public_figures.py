"""Figures for the public: what a campaign prepared, published and took back."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.by_app.sent import name_of
from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import NO, Paged, Part, part_of
from quetsach_portal.api.signing_in import ByToken, caller
from quetsach_portal.campaigns.access import own_campaign
from quetsach_portal.public_figures import queries
from quetsach_portal.public_figures.models import PublicFigures

router = Router(auth=ByToken(TokenScope.READ))


class PublicFiguresOut(Schema):
    """Figures as they stood on `day`; `content` is what everybody sees, hidden ones are null."""

    id: int
    day: date
    state: str
    content: dict[str, Any]
    text: str
    sha256: str
    prepared_by: str
    prepared_at: datetime
    published_by: str
    published_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None
    reason: str

    @staticmethod
    def resolve_prepared_by(one: PublicFigures) -> str:
        """Return a name."""
        return name_of(one.prepared_by)

    @staticmethod
    def resolve_published_by(one: PublicFigures) -> str:
        """Return a name."""
        return name_of(one.published_by)

    @staticmethod
    def resolve_withdrawn_by(one: PublicFigures) -> str:
        """Return a name."""
        return name_of(one.withdrawn_by)


@router.get(
    "/campaigns/{campaign_id}/public-figures",
    response={200: Part[PublicFiguresOut], **NO},
    summary="Figures for the public: prepared, published, taken back",
)
def public_figures(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the figures of a campaign, to its lead office."""
    campaign = own_campaign(caller(request).scope, campaign_id)
    return part_of(queries.history_of(campaign).defer("kept"), paged)
