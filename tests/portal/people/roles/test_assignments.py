"""Roles: ended, never deleted; lent for at most 60 days; a change counts at the next request."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people import actions as people
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles import actions
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.web.acts import Refused
from tests.portal.signing_in import signed_in, through_the_door
from tests.portal.world import PASSWORD, World, make_user

pytestmark = pytest.mark.django_db


def seat_of(user: User) -> Assignment:
    return Assignment.objects.get(user=user, acting_for__isnull=True)


def lend(world: World, *, days: int = 5, starts_in: int = 0) -> Assignment:
    signer = world.user("TC01", Role.SIGNER)
    first = timezone.localdate() + timedelta(days=starts_in)
    return actions.lend(
        seat_of(signer),
        to=world.user("TC01", Role.CLERK),
        first_day=first,
        last_day=first + timedelta(days=days - 1),
        actor=signer,
    )


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


def test_A5_a_disabled_user_is_signed_out_everywhere(world: World, client_of) -> None:
    clerk = world.user("TC01", Role.CLERK)
    phone, desk = (through_the_door(clerk, PASSWORD) for _ in range(2))
    manager = client_of("TC01", Role.FOCAL_POINT)
    assert phone.get("/people/").status_code == desk.get("/people/").status_code == 200
    manager.post(f"/people/person/{clerk.pk}/off")
    for device in (phone, desk):
        assert device.get("/people/").url.startswith("/account/login/")
        assert not device.session.keys()
    manager.post(f"/people/person/{clerk.pk}/on")
    assert phone.get("/people/").url.startswith("/account/login/")
    assert User.objects.get(pk=clerk.pk).is_active
    said = AuditEvent.objects.filter(object_kind="user").values_list("action", flat=True)
    assert list(said.order_by("seq")) == ["user.disabled", "user.enabled"]


def test_a_person_with_a_role_elsewhere_is_not_switched_off_from_here(
    world: World, client_of
) -> None:
    clerk = world.user("TC01", Role.CLERK)
    Assignment.objects.create(user=clerk, unit=world.units["TC"], role=Role.LEAD_OWNER)
    manager = client_of("TC01", Role.FOCAL_POINT)
    for act in ("link", "off", "factors"):
        assert manager.post(f"/people/person/{clerk.pk}/{act}").status_code == 403
    assert User.objects.get(pk=clerk.pk).is_active


def test_nobody_switches_themselves_off(world: World, client_of) -> None:
    focal = world.user("TC01", Role.FOCAL_POINT)
    own = client_of("TC01", Role.FOCAL_POINT)
    assert own.post(f"/people/person/{focal.pk}/off").status_code == 403


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


@pytest.mark.parametrize(("days", "works"), [(1, True), (60, True), (61, False), (4000, False)])
def test_a_role_is_lent_for_at_most_60_days(world: World, days: int, works: bool) -> None:
    if works:
        lent = lend(world, days=days)
        assert (lent.valid_to - lent.valid_from).days == days
    else:
        with pytest.raises(Refused):
            lend(world, days=days)


@pytest.mark.parametrize("role", [Role.LEAD_OWNER, Role.TECHNICIAN, Role.AUDITOR, Role.OPERATOR])
def test_other_roles_are_not_lent(world: World, role: Role) -> None:
    holder = world.user("TC01", role)
    day = timezone.localdate()
    with pytest.raises(Refused):
        actions.lend(
            seat_of(holder),
            to=world.user("TC01", Role.CLERK),
            first_day=day,
            last_day=day,
            actor=holder,
        )


def test_what_is_lent_is_not_passed_on_and_gives_no_rights_to_others(
    world: World, client_of
) -> None:
    focal = world.user("TC01", Role.FOCAL_POINT)
    day = timezone.localdate()
    lent = actions.lend(
        seat_of(focal),
        to=world.user("TC01", Role.TECHNICIAN),
        first_day=day,
        last_day=day,
        actor=focal,
    )
    with pytest.raises(Refused):
        actions.lend(
            lent,
            to=world.user("TC01", Role.CLERK),
            first_day=day,
            last_day=day,
            actor=world.user("TC01", Role.TECHNICIAN),
        )
    acting = client_of("TC01", Role.TECHNICIAN)
    assert acting.get(f"/people/unit/{world.units['TC01'].pk}/invite").status_code == 403


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


def test_the_page_hands_over_and_shows_it(world: World, client_of) -> None:
    owner, day = client_of("TC01", Role.SIGNER), timezone.localdate()
    clerk = world.user("TC01", Role.CLERK)
    form = {
        "seat": seat_of(world.user("TC01", Role.SIGNER)).pk,
        "to": clerk.pk,
        "first_day": day.isoformat(),
        "last_day": (day + timedelta(days=7)).isoformat(),
    }
    assert owner.post("/people/hand-over", form).status_code == 302
    shown = owner.get("/people/").content.decode()
    assert "làm thay Người ký TC01" in shown
    assert f"{day + timedelta(days=7):%d/%m/%Y}" in shown
    others_seat = seat_of(clerk).pk
    assert (
        "seat"
        in owner.post("/people/hand-over", {**form, "seat": others_seat}).context["form"].errors
    )
    stranger = world.user("KH", Role.CLERK).pk
    assert "to" in owner.post("/people/hand-over", {**form, "to": stranger}).context["form"].errors


def test_the_database_refuses_a_lent_role_without_an_end(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            user=world.user("TC01", Role.CLERK),
            unit=world.units["TC01"],
            role=Role.SIGNER,
            acting_for=world.user("TC01", Role.SIGNER),
        )


def test_a_link_for_a_forgotten_password_signs_out_and_keeps_the_factor(
    world: World, client_of
) -> None:
    clerk = world.user("TC01", Role.CLERK)
    old = through_the_door(clerk, PASSWORD)
    manager = client_of("TC01", Role.FOCAL_POINT)
    shown = manager.post(f"/people/person/{clerk.pk}/link").content.decode()
    link = shown.partition('one-time-link">')[2].partition("<")[0]
    assert old.get("/people/").status_code == 200
    path = "/account/invitation/" + link.rstrip("/").rpartition("/")[2] + "/"
    good = "con mèo nhỏ leo cây cau"
    assert old.post(path, {"password": good, "again": good}).status_code == 302
    assert old.get("/people/").url.startswith("/account/login/")
    assert User.objects.get(pk=clerk.pk).check_password(good)


def test_a_second_link_makes_the_first_useless(world: World, client_of) -> None:
    clerk, manager = world.user("TC01", Role.CLERK), client_of("TC01", Role.FOCAL_POINT)
    links = []
    for _ in range(2):
        shown = manager.post(f"/people/person/{clerk.pk}/link").content.decode()
        links.append(shown.partition('one-time-link">')[2].partition("<")[0])
    paths = ["/account/invitation/" + one.rstrip("/").rpartition("/")[2] + "/" for one in links]
    assert [signed_in(clerk).get(path).status_code for path in paths] == [410, 200]


def test_A11_no_page_or_act_lets_a_manager_set_a_password(world: World, client_of) -> None:
    clerk, manager = world.user("TC01", Role.CLERK), client_of("TC01", Role.FOCAL_POINT)
    before = User.objects.get(pk=clerk.pk).password
    for act in ("link", "off", "on", "factors"):
        manager.post(f"/people/person/{clerk.pk}/{act}", {"password": "x" * 20, "again": "x" * 20})
    assert User.objects.get(pk=clerk.pk).password == before


def test_disabling_twice_is_refused(world: World) -> None:
    clerk, focal = world.user("TC01", Role.CLERK), world.user("TC01", Role.FOCAL_POINT)
    people.disable(clerk, actor=focal)
    with pytest.raises(Refused):
        people.disable(clerk, actor=focal)


def test_who_ends_their_own_role_is_told_before_and_not_left_at_a_closed_door(
    world: World, client_of
) -> None:
    user = world.user("TC01", Role.FOCAL_POINT)
    held = Assignment.objects.get(user=user)
    client = client_of("TC01", Role.FOCAL_POINT)
    assert "vai trò của chính bạn" in client.get(f"/people/role/{held.pk}/end").content.decode()
    assert client.post(f"/people/role/{held.pk}/end").headers["Location"] == "/"
    assert client.get("/").status_code == 200
