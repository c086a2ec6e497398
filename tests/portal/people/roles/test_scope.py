"""A role counts from the next request on, and no longer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.units.models import OrgUnit
from tests.portal.people.roles.lending import lend, seat_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.asvs("V8.3.2")
def test_A3_a_role_that_is_ended_is_gone_at_the_next_request(world: World, client_of) -> None:
    clerk = world.user("TC01", Role.CLERK)
    page = f"/people/unit/{world.units['TC01'].pk}/"
    theirs = client_of("TC01", Role.CLERK)
    assert theirs.get(page).status_code == 200
    seat = seat_of(clerk)
    manager = client_of("TC01", Role.FOCAL_POINT)
    assert manager.get(f"/people/role/{seat.pk}/end").status_code == 200
    assert theirs.get(page).status_code == 200
    manager.post(f"/people/role/{seat.pk}/end")
    assert theirs.get(page).status_code == 404
    assert Assignment.objects.filter(pk=seat.pk, valid_to=timezone.localdate()).exists()


def test_A3_a_role_that_is_given_counts_at_the_next_request(world: World, client_of) -> None:
    theirs = client_of("TC02", Role.CLERK)
    page = f"/people/unit/{world.units['TC01'].pk}/"
    assert theirs.get(page).status_code == 404
    Assignment.objects.create(
        user=world.user("TC02", Role.CLERK), unit=world.units["TC01"], role=Role.TECHNICIAN
    )
    assert theirs.get(page).status_code == 200


def test_who_acts_for_somebody_has_the_role_and_shows_it(world: World) -> None:
    lend(world, days=3)
    unit, clerk = world.units["TC01"], world.user("TC01", Role.CLERK)
    scope = scope_of(clerk)
    assert scope.has_role_in(unit, Role.SIGNER)
    assert scope.lent_by(unit, Role.SIGNER) == "Người ký TC01"
    assert scope.lent_by(unit, Role.CLERK) == ""
    assert scope.lent_by(unit, Role.CLERK, Role.SIGNER) == ""
    last = timezone.localdate() + timedelta(days=2)
    assert scope_of(clerk, on=last).has_role_in(unit, Role.SIGNER)
    assert not scope_of(clerk, on=last + timedelta(days=1)).has_role_in(unit, Role.SIGNER)
    assert scope_of(world.user("TC01", Role.SIGNER)).has_role_in(unit, Role.SIGNER)


def test_a_role_that_ended_or_began_counts_at_once(world: World, client_of) -> None:
    ladder = f"/followup/campaigns/{world.campaign.pk}/ladder/"
    client = client_of("TC", Role.LEAD_OWNER)
    assert client.get(ladder).status_code == 200
    mine = Assignment.objects.filter(user=world.user("TC", Role.LEAD_OWNER))
    mine.update(valid_to=timezone.localdate())
    assert client.get(ladder).status_code == 404
    mine.update(valid_to=None)
    assert client.get(ladder).status_code == 200


def test_units_that_several_roles_show_are_asked_for_once(world: World) -> None:
    user, units = world.user("TC01", Role.FOCAL_POINT), world.units
    for code in ("TC", "TC01", "TC02"):
        for role in (Role.LEAD_OWNER, Role.FOCAL_POINT, Role.COMPILER):
            Assignment.objects.get_or_create(user=user, unit=units[code], role=role)
    condition = scope_of(user).visible()
    assert str(condition).count("path__gte") == 1
    assert set(OrgUnit.objects.filter(condition)) == set(
        OrgUnit.objects.filter(path__startswith=units["TC"].path)
    )
