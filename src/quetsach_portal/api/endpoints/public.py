"""Endpoints of the public page, its figures, shares of units, codes and handouts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import A_FILE, NO, Paged, Part, part_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.campaigns.access import own_campaign
from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.files.storage import attachment_header
from quetsach_portal.participation import actions
from quetsach_portal.participation import queries as participation_queries
from quetsach_portal.participation.handouts import queries as handed_out
from quetsach_portal.participation.handouts import queries as handouts
from quetsach_portal.participation.handouts.editions import ending
from quetsach_portal.participation.handouts.giver import HandoutKind
from quetsach_portal.participation.handouts.queries import PullCounts
from quetsach_portal.participation.models import HandoutEdition, JoinCode, SlipLot
from quetsach_portal.participation.queries import ParticipationShare
from quetsach_portal.participation.slips.bursts import (
    PressedHour,
    SlipFigures,
    pressed_hours,
    slip_figures,
)
from quetsach_portal.participation.slips.lots import lots_of
from quetsach_portal.publishing import access
from quetsach_portal.publishing import queries as publishing_queries
from quetsach_portal.publishing.figures import actions as figures_actions
from quetsach_portal.publishing.lists import queries
from quetsach_portal.publishing.models import PublicFigures, PublicList, PublicTool
from quetsach_portal.publishing.queries import FolderPart
from quetsach_portal.publishing.tools import queries as tools_queries

publishing_router = Router(auth=ByToken(TokenScope.READ))


@of_row(
    PublicPage,
    "title office phone address domains documents amnesty carriers open_release days_valid "
    "is_shown opened_at "
    "closed_at closed_because changed_at",
)
class SaidPageOut(Schema):
    """Content of the public page of a campaign, with its dates."""

    domains: list[str]
    carriers: list[tuple[str, str]]


@of_row(FolderPart, "part=what tried_at=run.tried_at written_at=run.written_at problem=run.problem")
class WrittenOut(Schema):
    """A part of the public page's folder, and the result of its last writing."""

    part: str


@of_row(
    PublicList,
    "id kind state name country problem rows fresh gone sha256 handed_in_by handed_in_at "
    "decided_by decided_at",
)
class PublicListOut(Schema):
    """A list of which the table of addresses is made, or that waits for a second person."""


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
    """State of the public page; `lists` are those in use and the newest that wait for approval."""

    page: SaidPageOut | None
    parts: list[WrittenOut]
    lists: list[PublicListOut]


@of_row(
    PublicTool,
    "id name maker version file sha256 address purpose platforms languages offline replaces_id "
    "state drafted_by drafted_at published_by published_at ended_at reason",
)
class ToolOut(Schema):
    """An entry of the catalogue of tools; `purpose` by language."""

    purpose: dict[str, str]
    platforms: list[str]
    languages: list[str]


@publishing_router.get(
    "/campaigns/{campaign_id}/public-page",
    response={200: PublicPageOut, **NO},
    summary="State of the public page by part, for the lead office",
)
def public_page(request: HttpRequest, campaign_id: int) -> dict[str, Any]:
    """Return the state of the public page."""
    campaign = own_campaign(caller(request).scope, campaign_id)
    pairs = [(one.used, one.newest) for one in queries.lists_of(campaign)]
    return {
        "page": publishing_queries.page_of(campaign),
        "parts": publishing_queries.parts(),
        "lists": [one for pair in pairs for one in pair if one is not None],
    }


@publishing_router.get(
    "/public-lists/{list_id}",
    response={200: PublicListDetail, **NO},
    summary="A list for the public page, with the rows that were left out",
)
def public_list(request: HttpRequest, list_id: int) -> PublicList:
    """Return a list."""
    return access.list_to_see(caller(request).scope, list_id)


@publishing_router.get(
    "/campaigns/{campaign_id}/tools",
    response={200: Part[ToolOut], **NO},
    summary="The catalogue of tools with all versions, for the lead office",
)
def tools(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the entries of the catalogue, published and not."""
    campaign = own_campaign(caller(request).scope, campaign_id)
    return part_of(tools_queries.tools_of(campaign), paged)


def _by_reason(rows: list[Any]) -> list[dict[str, Any]]:
    return [{"reason": reason, "rows": many, "first": str(first)} for reason, many, first in rows]


participation_router = Router(auth=ByToken(TokenScope.READ))

LANGUAGE = "vi"
"""In which kinds are named, as the interface speaks no other."""


@of_row(ParticipationShare, "name joined staff is_flagged")
class ShareOut(Schema):
    """How many of a unit's staff take part; `name` is "" for small units combined."""


@of_row(JoinCode, "id kind code shown")
class CodeOut(Schema):
    """A join code of the unit for one kind of people; `shown` is the form to type."""


@of_row(HandoutEdition, "id kind language number day sha256 size")
class EditionOut(Schema):
    """An edition of what the campaign as a whole hands out."""


@of_row(PullCounts, "name here public")
class TakenOut(Schema):
    """How often something was made here, and fetched from the public page by the unit's code."""


class HandoutsOut(Schema):
    """Editions of the campaign, what the unit itself took, and what each unit below took."""

    editions: list[EditionOut]
    own: list[TakenOut]
    below: list[TakenOut]


@participation_router.get(
    "/nodes/{node_id}/shares",
    response={200: list[ShareOut], **NO},
    summary="Units directly below by the share of their staff that takes part",
)
def shares(request: HttpRequest, node_id: int) -> list[participation_queries.ParticipationShare]:
    """Return the shares; small units stand together."""
    return participation_queries.ranking(node_for(caller(request).scope, node_id))


@participation_router.get(
    "/nodes/{node_id}/codes",
    response={200: list[CodeOut], **NO},
    summary="Join codes of a unit, for those who hand them out",
)
def codes(request: HttpRequest, node_id: int) -> list[JoinCode]:
    """Return the open codes of a unit."""
    return list(participation_queries.open_codes(actions.own_node(caller(request).scope, node_id)))


@of_row(PressedHour, "hour pressed size_limit habit is_burst counts")
class PressedHourOut(Schema):
    """Slips pressed in one hour; those of a burst count once a named person confirmed them."""


@of_row(SlipLot, "id size pressed made_at revoked_at struck_at struck_reason")
class SlipLotOut(Schema):
    """A lot of slips; `pressed` of its `size` were. No code is kept, so none can be given."""

    pressed: int


@of_row(SlipFigures, "printed pressed proposed left_out struck")
class SlipFiguresOut(Schema):
    """What the slips of a unit say; `proposed` is the figure for its report."""


class SlipsOut(Schema):
    """The slips of a unit: their figures (none before the first lot), lots and hours."""

    figures: SlipFiguresOut | None
    lots: list[SlipLotOut]
    hours: list[PressedHourOut]


@participation_router.get(
    "/nodes/{node_id}/slips",
    response={200: SlipsOut, **NO},
    summary="One-time slips of a unit, and the bursts that wait for a reason",
)
def slips(request: HttpRequest, node_id: int) -> dict[str, Any]:
    """Return what the slips of a unit say."""
    node = node_for(caller(request).scope, node_id)
    return {
        "figures": slip_figures(node),
        "lots": lots_of(node),
        "hours": pressed_hours(node),
    }


@participation_router.get(
    "/nodes/{node_id}/handouts",
    response={200: HandoutsOut, **NO},
    summary="Handouts, and how often they were downloaded",
)
def handout_list(request: HttpRequest, node_id: int) -> dict[str, Any]:
    """Return the editions of the campaign and how often units took them."""
    scope = caller(request).scope
    node = node_for(scope, node_id)
    editions = [
        edition
        for kind in handed_out.editions(node.campaign, LANGUAGE)
        for one in kind.by_language
        for edition in (one.newest, *one.earlier)
    ]
    below = handed_out.pulls_below(node) if handouts.sees_below(scope, node) else []
    return {"editions": editions, "own": handed_out.own_pulls(node, LANGUAGE), "below": below}


@participation_router.get(
    "/handouts/{edition_id}/file",
    response=NO,
    openapi_extra=A_FILE,
    summary="The file of an edition of the whole campaign",
)
def handout(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Hand out an edition."""
    row = handouts.version(caller(request).scope, edition_id)
    name = f"{row.kind}-{row.language}-b{row.number}.{ending(HandoutKind(row.kind))}"
    answer = HttpResponse(bytes(row.content), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = attachment_header(name)
    return answer


public_figures_router = Router(auth=ByToken(TokenScope.READ))


@of_row(
    PublicFigures,
    "id day state content text sha256 prepared_by prepared_at published_by published_at "
    "withdrawn_by withdrawn_at reason",
)
class PublicFiguresOut(Schema):
    """Figures as they stood on `day`; `content` is what everybody sees, hidden ones are null."""

    content: dict[str, Any]


@public_figures_router.get(
    "/campaigns/{campaign_id}/public-figures",
    response={200: Part[PublicFiguresOut], **NO},
    summary="Figures for the public: prepared, published, withdrawn",
)
def public_figures(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the figures of a campaign, to its lead office."""
    campaign = own_campaign(caller(request).scope, campaign_id)
    return part_of(figures_actions.history_of(campaign).defer("kept"), paged)
