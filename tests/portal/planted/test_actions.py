"""Places are added and ended by the unit's people, in the trail, and refused in words."""

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.models.roles import Role
from quetsach_portal.planted.actions import MOST_PLACES, add_place, end_place
from quetsach_portal.planted.models import PlantedPlace
from quetsach_portal.web.acts import Refused
from tests.portal.world import World


def test_a_place_is_added_and_ended_once(world: World) -> None:
    unit, actor = world.units["TC01"], world.user("TC01", Role.TECHNICIAN)
    place = add_place(unit, "  Một   cửa ", "10.1.2.9/24", actor=actor)
    assert (place.name, place.subnet) == ("Một cửa", "10.1.2.0/24")
    for name, subnet in (("Một cửa", ""), (" ", ""), ("KT", "10.1.2"), ("KT", "a/b")):
        with pytest.raises(Refused):
            add_place(unit, name, subnet, actor=actor)
    end_place(place, actor=actor)
    with pytest.raises(Refused):
        end_place(place, actor=actor)
    add_place(unit, "Một cửa", "2001:db8::/64", actor=actor)
    acts = AuditEvent.objects.filter(action__startswith="planted.")
    assert acts.count() == 3


def test_there_is_an_end_to_places(world: World) -> None:
    unit, actor = world.units["TC01"], world.user("TC01", Role.TECHNICIAN)
    PlantedPlace.objects.bulk_create(
        PlantedPlace(unit=unit, name=str(number), added_by=actor) for number in range(MOST_PLACES)
    )
    with pytest.raises(Refused):
        add_place(unit, "one more", "", actor=actor)
