"""Places of a unit, and days on which something was planted there."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.people.models.roles import Role
from quetsach_portal.planted.models import PlantedName, PlantedPlace
from quetsach_portal.planted.observing import plant
from quetsach_portal.planted.places import add_place
from tests.portal.world import World

WEDNESDAY = date(2026, 12, 2)


def at(clock: str, day: date = WEDNESDAY) -> datetime:
    """Return a moment here."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def place(world: World, name: str = "VP", code: str = "TC01", subnet: str = "") -> PlantedPlace:
    """Return a new place that has names since long ago."""
    row = add_place(world.units[code], name, subnet, actor=world.user(code, Role.TECHNICIAN))
    row.since = WEDNESDAY - timedelta(days=100)
    row.save()
    return row


def node_of(world: World, code: str = "TC01") -> CampaignNode:
    """Return the unit's node with what the functions need."""
    return CampaignNode.objects.select_related("campaign", "unit").get(pk=world.nodes[code].pk)


def planted(world: World, day: date, code: str = "TC01", **known: Any) -> list[PlantedName]:
    """Return what is planted in the unit on a day; `known` is written to all of it."""
    node = node_of(world, code)
    plant(node, [day])
    PlantedName.objects.filter(node=node, day=day).update(**known)
    return list(PlantedName.objects.filter(node=node, day=day).order_by("place_id"))


def working_days(count: int, last: date = WEDNESDAY) -> list[date]:
    """Return so many working days before `last`, the latest last."""
    days = (last - timedelta(days=number) for number in range(1, 3 * count + 5))
    return sorted([day for day in days if day.weekday() < 5][:count])
