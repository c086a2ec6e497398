"""The desk of the public page: how it stands part by part, its lists, its catalogue of tools."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.by_app.sent import name_of
from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import NO, Paged, Part, part_of
from quetsach_portal.api.signing_in import ByToken, caller
from quetsach_portal.campaigns.access import own_campaign
from quetsach_portal.publishing import access, list_queries, queries, tool_queries
from quetsach_portal.publishing.models import PublicList, PublicTool

router = Router(auth=ByToken(TokenScope.READ))


class SaidPageOut(Schema):
    """What the public page says of the campaign, and since when."""

    title: str
    office: str
    phone: str
    address: str
    domains: list[str]
    documents: str
    amnesty: str
    days_valid: int
    is_shown: bool
    opened_at: datetime | None
    closed_at: datetime | None
    closed_because: str
    changed_at: datetime


class WrittenOut(Schema):
    """A part of the public page's folder, and how its writer ended last."""

    part: str
    tried_at: datetime | None
    written_at: datetime | None
    problem: str


class PublicListOut(Schema):
    """A list of which the table of addresses is made, or that waits for a second person."""

    id: int
    kind: str
    state: str
    name: str
    country: str
    problem: str
    rows: int
    fresh: int
    gone: int
    sha256: str
    handed_in_by: str
    handed_in_at: datetime
    decided_by: str
    decided_at: datetime | None

    @staticmethod
    def resolve_handed_in_by(one: PublicList) -> str:
        """Return a name."""
        return name_of(one.handed_in_by)

    @staticmethod
    def resolve_decided_by(one: PublicList) -> str:
        """Return a name."""
        return name_of(one.decided_by)


class LeftOutOut(Schema):
    """Rows of a list for one reason: how many, and the first of them."""

    reason: str
    rows: int
    first: str


class PublicListDetail(PublicListOut):
    """A list with what was left out of it, and what is used all the same."""

    left_out: list[LeftOutOut]
    doubts: list[LeftOutOut]

    @staticmethod
    def resolve_left_out(one: PublicList) -> list[dict[str, Any]]:
        """Return the rows that were left out, by reason."""
        return _by_reason(one.left_out)

    @staticmethod
    def resolve_doubts(one: PublicList) -> list[dict[str, Any]]:
        """Return the doubtful rows, by reason."""
        return _by_reason(one.doubts)


class PublicPageOut(Schema):
    """How the public page stands; `lists` are those in use and the newest that wait."""

    page: SaidPageOut | None
    parts: list[WrittenOut]
    lists: list[PublicListOut]


class ToolOut(Schema):
    """An entry of the catalogue of tools; `purpose` by language."""

    id: int
    name: str
    maker: str
    version: str
    file: str
    sha256: str
    address: str
    purpose: dict[str, str]
    platforms: list[str]
    languages: list[str]
    offline: bool
    replaces_id: int | None
    state: str
    drafted_by: str
    drafted_at: datetime
    published_by: str
    published_at: datetime | None
    ended_at: datetime | None
    reason: str

    @staticmethod
    def resolve_drafted_by(one: PublicTool) -> str:
        """Return a name."""
        return name_of(one.drafted_by)

    @staticmethod
    def resolve_published_by(one: PublicTool) -> str:
        """Return a name."""
        return name_of(one.published_by)


@router.get(
    "/campaigns/{campaign_id}/public-page",
    response={200: PublicPageOut, **NO},
    summary="How the public page stands, part by part, for the lead office",
)
def public_page(request: HttpRequest, campaign_id: int) -> dict[str, Any]:
    """Return the state of the public page."""
    campaign = own_campaign(caller(request).scope, campaign_id)
    pairs = [(one.used, one.newest) for one in list_queries.lists_of(campaign)]
    return {
        "page": queries.page_of(campaign),
        "parts": [_written(one) for one in queries.parts()],
        "lists": [one for pair in pairs for one in pair if one is not None],
    }


@router.get(
    "/public-lists/{list_id}",
    response={200: PublicListDetail, **NO},
    summary="What came out of a list for the public page, and what was left out of it",
)
def public_list(request: HttpRequest, list_id: int) -> PublicList:
    """Return a list."""
    return access.list_to_see(caller(request).scope, list_id)


@router.get(
    "/campaigns/{campaign_id}/tools",
    response={200: Part[ToolOut], **NO},
    summary="The catalogue of tools with all versions, for the lead office",
)
def tools(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the entries of the catalogue, published and not."""
    campaign = own_campaign(caller(request).scope, campaign_id)
    return part_of(tool_queries.tools_of(campaign), paged)


def _written(one: queries.Part) -> dict[str, Any]:
    run = one.run
    return {
        "part": str(one.what),
        "tried_at": None if run is None else run.tried_at,
        "written_at": None if run is None else run.written_at,
        "problem": "" if run is None else run.problem,
    }


def _by_reason(rows: list[Any]) -> list[dict[str, Any]]:
    return [{"reason": reason, "rows": many, "first": str(first)} for reason, many, first in rows]
