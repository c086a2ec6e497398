"""Pages of the people of a unit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from tests.portal.people.roles.lending import seat_of
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


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


def test_who_ends_their_own_role_is_told_before_and_not_left_at_a_closed_door(
    world: World, client_of
) -> None:
    user = world.user("TC01", Role.FOCAL_POINT)
    held = Assignment.objects.get(user=user)
    client = client_of("TC01", Role.FOCAL_POINT)
    assert "vai trò của chính bạn" in client.get(f"/people/role/{held.pk}/end").content.decode()
    assert client.post(f"/people/role/{held.pk}/end").headers["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.asvs("V1.1.2", "V1.2.1")
def test_a_hostile_name_is_shown_as_text(world: World, client_of) -> None:
    User.objects.filter(pk=world.user("TC01", Role.CLERK).pk).update(
        name="<script>alert(1)</script>"
    )
    shown = client_of("TC01", Role.FOCAL_POINT).get("/people/").content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_somebody_without_a_role_is_told_whom_to_ask(world: World) -> None:
    nobody = User.objects.create_user("khong@x.example", "x" * 20)
    page = signed_in(nobody).get("/people/")
    assert page.status_code == 200
    assert "không có vai trò" in page.content.decode()


def test_a_number_that_nobody_can_have_is_nobody(world: World, client_of) -> None:
    browser = client_of("TC", Role.LEAD_OWNER)
    assert browser.get(f"/people/person/{10**25}/").status_code == 404
