"""Only the unit's own people reach its places."""

import pytest
from django.http import Http404

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.planted.access import node_for, place_for
from tests.portal.planted.planting import place
from tests.portal.world import World


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
