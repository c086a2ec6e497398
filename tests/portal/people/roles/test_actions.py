"""Roles end for good and are lent for a while, within bounds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles import actions
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.web.acts import Refused
from tests.portal.people.roles.lending import lend, seat_of
from tests.portal.world import World, make_user

pytestmark = pytest.mark.django_db


def test_the_last_owner_stays(world: World) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    with pytest.raises(Refused):
        actions.end(seat_of(owner), actor=owner)
    second = make_user(world.units["TC"], Role.LEAD_OWNER, "hai@tc.example")
    actions.end(seat_of(owner), actor=owner)
    assert not scope_of(owner).seats
    with pytest.raises(Refused):
        actions.end(seat_of(second), actor=second)


def test_an_owner_who_is_switched_off_is_no_second_owner(world: World) -> None:
    second = make_user(world.units["TC"], Role.LEAD_OWNER, "hai@tc.example")
    User.objects.filter(pk=second.pk).update(is_active=False)
    owner = world.user("TC", Role.LEAD_OWNER)
    with pytest.raises(Refused):
        actions.end(seat_of(owner), actor=owner)


@pytest.mark.parametrize(("days", "works"), [(1, True), (60, True), (61, False), (4000, False)])
def test_a_role_is_lent_for_at_most_60_days(world: World, days: int, works: bool) -> None:
    if works:
        lent = lend(world, days=days)
        assert (lent.valid_to - lent.valid_from).days == days
    else:
        with pytest.raises(Refused):
            lend(world, days=days)


def test_a_role_is_lent_within_the_unit_alone_and_not_to_oneself(world: World) -> None:
    signer, day = world.user("TC01", Role.SIGNER), timezone.localdate()
    for other in (signer, world.user("TC02", Role.CLERK), world.user("TC", Role.CLERK)):
        with pytest.raises(Refused):
            actions.lend(seat_of(signer), to=other, first_day=day, last_day=day, actor=signer)


def test_what_was_lent_ends_with_the_role_it_came_from(world: World) -> None:
    today, later = lend(world), None
    later = actions.lend(
        seat_of(world.user("TC01", Role.SIGNER)),
        to=world.user("TC01", Role.TECHNICIAN),
        first_day=timezone.localdate() + timedelta(days=9),
        last_day=timezone.localdate() + timedelta(days=12),
        actor=world.user("TC01", Role.SIGNER),
    )
    actions.end(
        seat_of(world.user("TC01", Role.SIGNER)), actor=world.user("TC01", Role.FOCAL_POINT)
    )
    for lent in (today, later):
        lent.refresh_from_db()
        assert lent.valid_to <= max(lent.valid_from, timezone.localdate())
        assert not scope_of(lent.user, on=lent.valid_from).has_role_in(
            world.units["TC01"], Role.SIGNER
        )


def test_who_lent_a_role_takes_it_back(world: World, client_of) -> None:
    lent = lend(world)
    owner = client_of("TC01", Role.SIGNER)
    assert owner.post(f"/people/role/{lent.pk}/end").status_code == 302
    assert not scope_of(lent.user).has_role_in(world.units["TC01"], Role.SIGNER)
