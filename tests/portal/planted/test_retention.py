"""What was planted goes with its campaign; the places of the unit stay."""

from quetsach_portal.planted.models import PlantedName, PlantedPlace, SubnetSeen
from quetsach_portal.planted.observing import take_swept
from quetsach_portal.planted.retention import purge
from tests.portal.planted.planting import WEDNESDAY, at, node_of, place, planted
from tests.portal.world import World


def test_archiving_forgets_names_and_subnets(world: World) -> None:
    place(world)
    planted(world, WEDNESDAY)
    take_swept(node_of(world), [], {"10.1.2.0/24": 5}, at("15:00"))
    assert purge(world.campaign) == {"planted_names": 1, "subnets_seen": 1}
    assert not PlantedName.objects.exists()
    assert not SubnetSeen.objects.exists()
    assert PlantedPlace.objects.exists()
