"""Who may open the pages of the app `calendars`."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.campaigns.calendar.actions import make_feed
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import ALL, SUBTREE, Row
from tests.portal.world import World

SEES = {"own": ALL, "child": SUBTREE}


def _unit(world: World, code: str) -> Mapping[str, Any]:
    return {"unit_id": world.units[code].pk}


def _made(world: World, code: str) -> Any:
    actor = world.user("KH" if code != "KH" else "TC02", Role.AUDITOR)
    return make_feed(world.units[code], name="văn phòng", actor=actor)


def _feed(world: World, code: str) -> Mapping[str, Any]:
    return {"feed_id": _made(world, code)[0].pk}


def _secret(world: World, code: str) -> Mapping[str, Any]:
    # An address lives as long as its maker has a role in the unit.
    actor = world.user(code, Role.AUDITOR)
    return {"secret": make_feed(world.units[code], name="văn phòng", actor=actor)[1]}


ROWS = (
    Row(
        "calendars:unit",
        make=_unit,
        get=ALL,
        post=ALL,
        seen=SEES,
        data={"name": "văn phòng"},
    ),
    Row("calendars:end", make=_feed, get=None, post="LO CO FP", seen=SEES),
    # The address is the right.
    Row(
        "calendar_feed",
        make=_secret,
        personal=True,
        get=ALL,
        public=True,
        without_seat=200,
        notes=("campaigns.CalendarFeed",),
    ),
)
