"""Planted names of a unit: the places, what was seen of each day, and what a zero is worth."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import NO
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.planted import observing, standing
from quetsach_portal.planted.models import PlantedPlace, SubnetSeen
from quetsach_portal.planted.places import node_for

planted_router = Router(auth=ByToken(TokenScope.READ))


@of_row(PlantedPlace, "id name subnet since added_at ended_at")
class PlantedPlaceOut(Schema):
    """A subnet or room of a unit at which one PC asks for planted names."""


@of_row(SubnetSeen, "network machines seen_at")
class SubnetSeenOut(Schema):
    """A subnet that the unit's logs show and at which nothing is planted."""


class PlantedNameOut(Schema):
    """What is known of a planted name; `state` is seen, blind, off, not-seen or waiting."""

    place: int
    day: date
    name: str
    address: str
    state: str
    asked_at: datetime | None
    seen_at: datetime | None
    source: str


class PowerOut(Schema):
    """How many planted contacts were seen, and with what confidence a zero is one.

    `a_day` is the least share of days on which a contact is seen, with 95 % confidence; `in_days`
    the same for `days` independent days.
    """

    seen: int
    planted: int
    confidence: float
    a_day: float
    days: int
    in_days: float


class PlantedOut(Schema):
    """Planted names of a unit in a campaign."""

    places: list[PlantedPlaceOut]
    names: list[PlantedNameOut]
    power: PowerOut
    subnets_without: list[SubnetSeenOut]


@planted_router.get(
    "/nodes/{node_id}/planted",
    response={200: PlantedOut, **NO},
    summary="Planted names: which the logs of a unit show, and what a zero is worth",
)
def planted_names(request: HttpRequest, node_id: int) -> dict[str, Any]:
    """Return places, names of the last 400 days, and the power of a zero."""
    node = node_for(caller(request).scope, node_id)
    names = standing.names_of(node, days=400)
    places = observing.places_of(node.unit_id)
    return {
        "places": places,
        "names": [
            {
                "place": name.place_id,
                "day": name.day,
                "name": name.name,
                "address": name.address,
                "state": names.state_of(name).value,
                "asked_at": name.asked_at,
                "seen_at": name.seen_at,
                "source": name.source,
            }
            for name in names.names
        ],
        "power": names.power().to_json(),
        "subnets_without": standing.bare_subnets(node, places),
    }
