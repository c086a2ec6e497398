"""Invitations that may not be are refused beside their field."""

import pytest

from quetsach_portal.people.models.roles import Invitation, Role
from tests.portal.people.accounts import ADDRESS
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("email", {"email": "fp.tc01@coquan.example", "role": "FP", "last_day": ""}),
        ("email", {"email": "khong phai thu", "role": "FP", "last_day": ""}),
        ("last_day", {"email": ADDRESS, "role": "CK", "last_day": "2020-01-01"}),
        ("role", {"email": ADDRESS, "role": "CO", "last_day": ""}),
        ("role", {"email": ADDRESS, "role": "LO", "last_day": ""}),
        ("role", {"email": ADDRESS, "role": "XX", "last_day": ""}),
    ],
)
def test_an_invitation_that_may_not_be_is_refused(world: World, client_of, field, form) -> None:
    page = client_of("TC01", Role.FOCAL_POINT).post(
        f"/people/unit/{world.units['TC01'].pk}/invite", form
    )
    assert field in page.context["form"].errors
    assert not Invitation.objects.exists()
