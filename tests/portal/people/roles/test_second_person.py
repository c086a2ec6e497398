"""Two accounts of one hand are no two people."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Invitation, Role
from quetsach_portal.people.roles import actions, invitations
from quetsach_portal.people.roles.second_person import LATELY, hands_of, refuse_same_hand
from quetsach_portal.web.acts import Refused
from tests.portal.world import World, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(world: World) -> User:
    return world.user("TC", Role.LEAD_OWNER)


def let_in(world: World, by: User | None, name: str) -> User:
    """Return somebody who got the owner's role from `by` just now."""
    user = User.objects.create_user(f"{name}@thu.example", None, name=name)
    Assignment.objects.create(user=user, unit=world.units["TC"], role=Role.LEAD_OWNER, given_by=by)
    return user


@pytest.mark.asvs("V2.3.5")
def test_who_was_let_in_by_the_first_is_no_second(world: World, owner: User) -> None:
    second = let_in(world, owner, "hai")
    with pytest.raises(Refused, match="3"):
        refuse_same_hand(owner.pk, second)
    with pytest.raises(Refused):
        refuse_same_hand(second.pk, owner)


def test_nor_through_others_nor_two_who_were_let_in_by_one(world: World, owner: User) -> None:
    second = let_in(world, owner, "hai")
    third = let_in(world, second, "ba")
    assert hands_of(third.pk) == {owner.pk, second.pk, third.pk}
    for one, other in ((owner, third), (let_in(world, owner, "tu"), third)):
        with pytest.raises(Refused):
            refuse_same_hand(one.pk, other)


def test_after_some_days_and_from_the_server_a_second_is_a_second(
    world: World, owner: User
) -> None:
    refuse_same_hand(owner.pk, let_in(world, None, "may-chu"))
    second = let_in(world, owner, "hai")
    long_ago = timezone.now() - LATELY - timedelta(hours=1)
    Assignment.objects.filter(user=second).update(created_at=long_ago)
    refuse_same_hand(owner.pk, second)


def test_an_account_that_was_taken_over_by_a_link_is_the_same_hand(
    world: World, owner: User
) -> None:
    other = make_user(world.units["TC"], Role.LEAD_OWNER, "khac@coquan.example")
    refuse_same_hand(owner.pk, other)
    done = invitations.link_to_account(user=other, unit=world.units["TC"], actor=owner)
    refuse_same_hand(owner.pk, other)
    invitations.accept(done.invitation, password="con mèo nhỏ leo cây cau")
    with pytest.raises(Refused):
        refuse_same_hand(owner.pk, other)


def test_who_acts_for_somebody_is_no_second_to_them(world: World) -> None:
    signer, clerk = world.user("TC", Role.SIGNER), world.user("TC", Role.CLERK)
    refuse_same_hand(signer.pk, clerk)
    today = timezone.localdate()
    seat = Assignment.objects.get(user=signer)
    actions.lend(seat, to=clerk, first_day=today, last_day=today, actor=signer)
    with pytest.raises(Refused):
        refuse_same_hand(signer.pk, clerk)


@pytest.mark.asvs("V6.4.4")
def test_nobody_takes_the_factors_and_makes_the_link(world: World, owner: User) -> None:
    other = make_user(world.units["TC"], Role.COMPILER, "khac@coquan.example")
    unit = world.units["TC"]
    actions.drop_factors(other, actor=owner, unit_path=unit.path)
    with pytest.raises(Refused):
        invitations.link_to_account(user=other, unit=unit, actor=owner)
    assert not Invitation.objects.filter(user=other).exists()
    third = make_user(unit, Role.LEAD_OWNER, "ba@coquan.example")
    invitations.link_to_account(user=other, unit=unit, actor=third)
    with pytest.raises(Refused):
        actions.drop_factors(other, actor=third, unit_path=unit.path)
    with pytest.raises(Refused):
        refuse_same_hand(owner.pk, other)


def test_where_mail_works_a_link_to_an_account_is_seen_by_its_owner_alone(
    world: World, client_of, settings
) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, smtp_host="mail.example")
    clerk = world.user("TC01", Role.CLERK)
    page = client_of("TC01", Role.FOCAL_POINT).post(f"/people/person/{clerk.pk}/link")
    assert page.status_code == 200
    assert "/account/invitation/" not in page.content.decode()


def test_an_operator_manages_no_account(world: World, client_of) -> None:
    operator = client_of("TC", Role.OPERATOR)
    for person in (world.user("TC", Role.LEAD_OWNER), world.user("TC01", Role.CLERK)):
        for act in ("link", "off", "on", "factors"):
            assert operator.post(f"/people/person/{person.pk}/{act}").status_code in (403, 404)


def test_dropped_factors_of_long_ago_bind_nobody(world: World, owner: User) -> None:
    other = make_user(world.units["TC"], Role.COMPILER, "khac@coquan.example")
    with transaction.atomic():
        record("user.factors-dropped", actor=None, kind="user", object_id=other.pk)
    refuse_same_hand(owner.pk, other)


def test_A3_who_left_lets_nobody_in_behind(world: World, owner: User) -> None:
    unit = world.units["TC"]
    done = invitations.invite(
        unit=unit, email="sau@x.example", role=Role.COMPILER, last_day=None, actor=owner
    )
    Assignment.objects.filter(user=owner).update(valid_to=timezone.localdate())
    with pytest.raises(Refused):
        invitations.accept(done.invitation, name="Sau", password="con mèo nhỏ leo cây cau")
    assert not User.objects.filter(email="sau@x.example").exists()
