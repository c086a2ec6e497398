"""Taking part: shares of the units below, codes, and what units hand out."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from quetsach_portal.api.by_app.sent import A_FILE
from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import NO
from quetsach_portal.api.signing_in import ByToken, caller
from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.files.names import attachment_header
from quetsach_portal.handouts import access as handouts
from quetsach_portal.handouts import queries as handed_out
from quetsach_portal.handouts.kinds import Kind
from quetsach_portal.handouts.versions import ending
from quetsach_portal.participation import access, queries
from quetsach_portal.participation.models import JoinCode

router = Router(auth=ByToken(TokenScope.READ))

LANGUAGE = "vi"
"""In which kinds are named, as the interface speaks no other."""


class ShareOut(Schema):
    """How many of a unit's staff take part; `name` is "" for the small units together."""

    name: str
    joined: int
    staff: int
    is_flagged: bool


class CodeOut(Schema):
    """A code of the unit, for one kind of people; `shown` is the one to type."""

    id: int
    kind: str
    code: str
    shown: str


class EditionOut(Schema):
    """An edition of what the campaign as a whole hands out."""

    id: int
    kind: str
    language: str
    number: int
    day: date
    sha256: str
    size: int


class TakenOut(Schema):
    """How often something was made here, and fetched from the public page by the unit's code."""

    name: str
    here: int
    public: int


class HandoutsOut(Schema):
    """Editions of the campaign, what the unit itself took, and what each unit below took."""

    editions: list[EditionOut]
    own: list[TakenOut]
    below: list[TakenOut]


@router.get(
    "/nodes/{node_id}/shares",
    response={200: list[ShareOut], **NO},
    summary="Units directly below by the share of their staff that takes part",
)
def shares(request: HttpRequest, node_id: int) -> list[queries.Share]:
    """Return the shares; small units stand together."""
    return queries.ranking(node_for(caller(request).scope, node_id))


@router.get(
    "/nodes/{node_id}/codes",
    response={200: list[CodeOut], **NO},
    summary="The codes by which people take part, for who hands them out",
)
def codes(request: HttpRequest, node_id: int) -> list[JoinCode]:
    """Return the open codes of a unit."""
    return list(queries.open_codes(access.own_node(caller(request).scope, node_id)))


@router.get(
    "/nodes/{node_id}/handouts",
    response={200: HandoutsOut, **NO},
    summary="What is handed out, and how often it was taken",
)
def handout_list(request: HttpRequest, node_id: int) -> dict[str, Any]:
    """Return the editions of the campaign and how often units took them."""
    scope = caller(request).scope
    node = node_for(scope, node_id)
    found = [
        edition
        for kind in handed_out.editions(node.campaign, LANGUAGE)
        for one in kind.by_language
        for edition in (one.newest, *one.earlier)
    ]
    below = handed_out.pulls_below(node) if handouts.sees_below(scope, node) else []
    return {"editions": found, "own": handed_out.own_pulls(node, LANGUAGE), "below": below}


@router.get(
    "/handouts/{edition_id}/file",
    response=NO,
    openapi_extra=A_FILE,
    summary="An edition as the campaign as a whole hands it out",
)
def handout(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Hand out an edition."""
    row = handouts.version(caller(request).scope, edition_id)
    name = f"{row.kind}-{row.language}-b{row.number}.{ending(Kind(row.kind))}"
    answer = HttpResponse(bytes(row.content), content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = attachment_header(name)
    return answer
