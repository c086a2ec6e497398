"""What was planted goes with its campaign; the places of the unit stay."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.planted.models import PlantedName, PlantedPlace, SubnetSeen
from quetsach_portal.planted.observing import take_swept
from quetsach_portal.planted.retention import purge
from tests.portal.planted.planting import WEDNESDAY, at, node_of, place, planted
from tests.portal.working import run_ready
from tests.portal.world import World


def test_archiving_forgets_names_and_subnets(world: World) -> None:
    place(world)
    planted(world, WEDNESDAY)
    take_swept(node_of(world), [], {"10.1.2.0/24": 5}, at("15:00"))
    assert purge(world.campaign) == {"planted_names": 1, "subnets_seen": 1}
    assert not PlantedName.objects.exists()
    assert not SubnetSeen.objects.exists()
    assert PlantedPlace.objects.exists()


def test_what_is_old_is_forgotten(world: World) -> None:
    place(world)
    now = timezone.now()
    old, fresh = timezone.localdate() - timedelta(days=401), timezone.localdate()
    for day in (old, fresh):
        PlantedName.objects.create(
            node=node_of(world),
            place=PlantedPlace.objects.get(),
            day=day,
            name=f"{day}",
            address="",
        )
    SubnetSeen.objects.create(
        node=node_of(world), network="10.1.2.0/24", seen_at=now - timedelta(days=181)
    )
    enqueue("planted.forget", key="planted.forget:1")
    run_ready()
    assert not PlantedName.objects.filter(day=old).exists()
    assert PlantedName.objects.filter(day=fresh).exists()
    assert not SubnetSeen.objects.exists()
