"""Units, campaigns, nodes, expected reports and participation, for a token's unit."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.parts import NO, Paged, Part, part_of
from quetsach_portal.api.shapes import (
    CampaignDetail,
    CampaignOut,
    DayOut,
    NodeDetail,
    NodeOut,
    SlotOut,
    UnitOut,
)
from quetsach_portal.api.signing_in import ByToken, caller
from quetsach_portal.campaigns.models import Campaign, CampaignNode
from quetsach_portal.campaigns.scope import campaign_for, campaigns_of, node_for, nodes_of
from quetsach_portal.participation.queries import by_day
from quetsach_portal.rights.scope import unit_for, units_of

router = Router(auth=ByToken(TokenScope.READ))


class MeOut(Schema):
    """Who this token acts for."""

    unit: UnitOut
    token: str
    scopes: list[str]
    expires_on: datetime | Any


@router.get("/me", response={200: MeOut, **NO}, summary="Who this token acts for")
def me(request: HttpRequest) -> dict[str, Any]:
    """Return the token's unit and purposes."""
    token = caller(request).token
    return {
        "unit": token.unit,
        "token": token.begins,
        "scopes": token.scopes,
        "expires_on": token.expires_on.isoformat(),
    }


@router.get("/units", response={200: Part[UnitOut], **NO}, summary="Units within reach")
def units(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the token's unit, and those below it where its role sees them."""
    return part_of(units_of(caller(request).scope), paged)


@router.get("/units/{unit_id}", response={200: UnitOut, **NO}, summary="One unit")
def unit(request: HttpRequest, unit_id: int) -> Any:
    """Return one unit."""
    return unit_for(caller(request).scope, unit_id)


@router.get("/campaigns", response={200: Part[CampaignOut], **NO}, summary="Campaigns")
def campaigns(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the campaigns in which the unit stands."""
    return part_of(campaigns_of(caller(request).scope).order_by(), paged)


@router.get(
    "/campaigns/{campaign_id}",
    response={200: CampaignDetail, **NO},
    summary="One campaign with its phases",
)
def campaign(request: HttpRequest, campaign_id: int) -> Campaign:
    """Return one campaign."""
    return campaign_for(caller(request).scope, campaign_id)


@router.get(
    "/campaigns/{campaign_id}/nodes",
    response={200: Part[NodeOut], **NO},
    summary="The units of a campaign, with their steps",
)
def nodes(request: HttpRequest, campaign_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the nodes within reach."""
    scope = caller(request).scope
    return part_of(nodes_of(scope, campaign_for(scope, campaign_id)), paged)


@router.get("/nodes/{node_id}", response={200: NodeDetail, **NO}, summary="One unit's place")
def node(request: HttpRequest, node_id: int) -> CampaignNode:
    """Return a node with the counters of its subtree."""
    return node_for(caller(request).scope, node_id)


@router.get(
    "/nodes/{node_id}/slots",
    response={200: list[SlotOut], **NO},
    summary="A unit's expected reports",
)
def slots(request: HttpRequest, node_id: int) -> list[dict[str, Any]]:
    """Return the expected reports of a node, by phase."""
    found = node_for(caller(request).scope, node_id)
    return [
        {
            "id": slot.pk,
            "phase_no": slot.phase.no,
            "state": slot.state,
            "due_at": slot.due_at,
            "reported_at": slot.reported_at,
            "signed_at": slot.signed_at,
        }
        for slot in found.slots.select_related("phase").order_by("phase__no")
    ]


@router.get(
    "/nodes/{node_id}/participation",
    response={200: list[DayOut], **NO},
    summary="Who took part, by day; numbers only",
)
def participation(request: HttpRequest, node_id: int) -> list[dict[str, Any]]:
    """Return a node's own counts by day."""
    found = node_for(caller(request).scope, node_id)
    return [{**vars(day), "day": day.day.isoformat()} for day in by_day(found)]
