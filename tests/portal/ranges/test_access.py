"""The lead office keeps the table; a unit sees what it is asked, and nobody else does."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, scope_of
from quetsach_portal.ranges import access
from quetsach_portal.ranges.models import PublicRange
from tests.portal.ranges.asked import allotted, asked_of
from tests.portal.world import World


def _scope(world: World, code: str, role: Role) -> Scope:
    return scope_of(world.user(code, role))


def test_the_lead_offices_people_keep_its_table(world: World) -> None:
    row = PublicRange.objects.first()
    assert row is not None
    for role in access.KEEPERS:
        scope = _scope(world, "TC", role)
        access.keepers_only(scope)
        assert access.kept_offices(scope) == [world.units["TC"]]
        assert access.range_for(scope, row.pk) == row
        assert access.office_for(scope, world.units["TC"].pk) == world.units["TC"]
    for code, role in (("TC01", Role.FOCAL_POINT), ("TC", Role.COMPILER)):
        with pytest.raises(PermissionDenied):
            access.keepers_only(_scope(world, code, role))
    stranger = _scope(world, "KH", Role.LEAD_OWNER)
    for act, key in ((access.range_for, row.pk), (access.office_for, world.units["TC"].pk)):
        with pytest.raises(Http404):
            act(stranger, key)


def test_a_file_is_seen_by_its_office_and_a_part_by_its_unit(world: World) -> None:
    batch = allotted(world)
    forwarding = asked_of(world, batch, "TC01")
    lead, unit = (
        _scope(world, "TC", Role.LEAD_OWNER),
        _scope(world, "TC01", Role.TECHNICIAN),
    )
    assert access.allotted_batch_for(lead, batch.pk) == batch
    assert access.led_node_for(lead, world.nodes["TC"].pk) == world.nodes["TC"]
    assert access.led_nodes(lead) == [world.nodes["TC"]]
    assert access.forwarding_for(unit, forwarding.pk) == forwarding
    access.readers_only(unit)
    for scope, act, key in (
        (unit, access.allotted_batch_for, batch.pk),
        (lead, access.forwarding_for, forwarding.pk),
        (_scope(world, "TC02", Role.FOCAL_POINT), access.forwarding_for, forwarding.pk),
        (unit, access.led_node_for, world.nodes["TC01"].pk),
    ):
        with pytest.raises(Http404):
            act(scope, key)
    with pytest.raises(PermissionDenied):
        access.readers_only(_scope(world, "TC01", Role.CLERK))
