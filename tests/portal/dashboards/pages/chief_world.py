"""What the tests of a chief's room put into the small world."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases.models.case import Case, CaseState, Device
from quetsach_portal.dashboards.models import CounterDay
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World


def room(world: World, client_of):
    return client_of("TC", Role.SIGNER).get("/")


def looked(world: World) -> None:
    """Count one look of TC01 in the district."""
    NodeCounter.objects.filter(node=world.nodes["TC"]).update(
        looked_full=1, machines_seen=1, machines=1, machines_sized=1
    )


def cases_of(world: World, *states: CaseState) -> None:
    """Open a case of each state in TC01."""
    node = world.nodes["TC01"]
    for number, state in enumerate(states):
        device = Device.objects.create(node=node, key=f"MAY-{number}")
        Case.objects.create(node=node, device=device, state=state)


def days_ago(world: World, days: int, **figures: int) -> None:
    day = timezone.localdate() - timedelta(days=days)
    CounterDay.objects.create(node=world.nodes["TC"], day=day, **figures)
