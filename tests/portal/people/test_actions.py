"""Accounts are switched off and on by who manages them."""

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people import actions as people
from quetsach_portal.people.actions import change_profile, open_account
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.web.acts import Refused
from tests.portal.signing_in import through_the_door
from tests.portal.world import PASSWORD, World

pytestmark = pytest.mark.django_db


@pytest.mark.asvs("V7.4.2", "V7.4.5")
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
    said = AuditEvent.objects.filter(object_kind="user").exclude(action="user.signed-in")
    assert list(said.values_list("action", flat=True).order_by("seq")) == [
        "user.disabled",
        "user.enabled",
    ]


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


def test_disabling_twice_is_refused(world: World) -> None:
    clerk, focal = world.user("TC01", Role.CLERK), world.user("TC01", Role.FOCAL_POINT)
    people.disable(clerk, actor=focal)
    with pytest.raises(Refused):
        people.disable(clerk, actor=focal)


@pytest.mark.asvs("V1.3.3")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("  Lê\u00a0 Văn\tB\nC ", "Lê Văn B C"),
        ("An\u202etxe.exe", "Antxe.exe"),
        ("\u2066An\u2069\u200b\u00ad\x00\x1b[31m", "An[31m"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
    ],
)
def test_names_hold_no_sign_that_controls_or_turns_the_text_beside_it(
    world: World, typed: str, kept: str
) -> None:
    user = world.user("TC01", Role.CLERK)
    change_profile(user, name=typed, language="vi")
    user.refresh_from_db()
    assert user.name == kept
    opened = open_account(email="moi@coquan.example", name=typed, password=None)
    assert opened.name == kept
