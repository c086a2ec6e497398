"""One's own account: name, language, and no sign-up."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from quetsach_portal.people.models.account import User
from tests.portal.people.accounts import GOOD
from tests.portal.signing_in import signed_in, through_the_door
from tests.portal.world import PASSWORD

pytestmark = pytest.mark.django_db


def test_name_and_language_are_kept_and_nothing_else(user: User) -> None:
    client = through_the_door(user, PASSWORD)
    form = {"name": "Tên <b>Mới</b>", "language": "en", "email": "x@y.example", "is_active": ""}
    client.post("/account/profile/", form)
    after = User.objects.get(pk=user.pk)
    assert (after.name, after.language) == ("Tên <b>Mới</b>", "en")
    assert (after.email, after.is_active) == (user.email, True)
    shown = client.get("/account/profile/").content.decode()
    assert "My account" in shown
    assert "<b>Mới" not in shown


@pytest.mark.parametrize("address", ["signup/", "email/", "password/set/", "3rdparty/", "phone/"])
def test_nobody_signs_up_or_adds_an_address(user: User, address: str) -> None:
    for client in (Client(), through_the_door(user, PASSWORD)):
        form = {"email": "ke.la@x.example", "password1": GOOD, "action_add": ""}
        assert client.post(f"/account/{address}", form).status_code in (302, 404, 405)
    assert not User.objects.filter(email="ke.la@x.example").exists()
    assert User.objects.get(pk=user.pk).email == user.email


@pytest.mark.asvs("V3.7.2")
def test_a_sign_in_leads_on_within_the_portal_alone(user: User) -> None:
    for given, leads in (
        ("/people/", "/people/"),
        ("https://x.example/", "/"),
        ("//x.example", "/"),
    ):
        form = {"login": user.email, "password": PASSWORD, "next": given}
        assert Client().post("/account/login/", form).url == leads


@pytest.mark.asvs("V7.5.1")
@pytest.mark.parametrize(
    "address",
    [
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/add/",
        "/account/2fa/recovery-codes/generate/",
    ],
)
def test_who_changes_factors_proves_again_to_be_there(user: User, address: str) -> None:
    if "recovery" in address:
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    late = signed_in(user, minutes_ago=11)
    for answer in (late.get(address), late.post(address)):
        assert "/reauthenticate/" in answer.url
