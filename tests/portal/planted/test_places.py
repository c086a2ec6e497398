"""Places are added and ended by the unit's people, in the trail, and refused in words."""

import pytest
from django.http import Http404

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.planted.models import PlantedPlace
from quetsach_portal.planted.places import MOST_PLACES, add_place, end_place, node_for, place_for
from quetsach_portal.web.acts import Refused
from tests.portal.planted.planting import place
from tests.portal.world import World


def test_a_place_is_added_and_ended_once(world: World) -> None:
    unit, actor = world.units["TC01"], world.user("TC01", Role.TECHNICIAN)
    added = add_place(unit, "  Một   cửa ", "10.1.2.9/24", actor=actor)
    assert (added.name, added.subnet) == ("Một cửa", "10.1.2.0/24")
    for name, subnet in (("Một cửa", ""), (" ", ""), ("KT", "10.1.2"), ("KT", "a/b")):
        with pytest.raises(Refused):
            add_place(unit, name, subnet, actor=actor)
    end_place(added, actor=actor)
    with pytest.raises(Refused):
        end_place(added, actor=actor)
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


def test_workers_of_the_unit_alone(world: World) -> None:
    row = place(world)
    node = world.nodes["TC01"]
    own = scope_of(world.user("TC01", Role.FOCAL_POINT))
    assert (node_for(own, node.pk).pk, place_for(own, row.pk)) == (node.pk, row)
    for code, role in (("TC02", Role.TECHNICIAN), ("TC", Role.COMPILER)):
        other = scope_of(world.user(code, role))
        with pytest.raises(Http404):
            node_for(other, node.pk)
        with pytest.raises(Http404):
            place_for(other, row.pk)
