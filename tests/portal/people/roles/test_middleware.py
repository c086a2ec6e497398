"""Roles that decide for others set up a second factor before anything else."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.test import Client, RequestFactory

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.middleware import client_address
from tests.portal.signing_in import signed_in, through_the_door
from tests.portal.world import PASSWORD, World

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

NEEDS = {Role.LEAD_OWNER, Role.COMPILER, Role.SIGNER}


@pytest.fixture(autouse=True)
def required(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def code_now(secret: str = SECRET) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.mark.asvs("V6.3.3")
@pytest.mark.parametrize("role", list(Role))
def test_who_needs_one_is_led_to_it_from_every_page(world: World, role: Role) -> None:
    client = signed_in(world.user("TC01", role))
    unit = f"/people/unit/{world.units['TC01'].pk}/"
    for page in ("/", "/people/", unit, "/campaigns/"):
        answer = client.get(page)
        if role in NEEDS:
            assert (answer.status_code, answer.url) == (302, "/account/second-factor/")
        else:
            assert answer.status_code == 200
    assert client.get("/account/second-factor/").status_code == 200
    assert client.get("/account/2fa/totp/activate/").status_code == 200


@pytest.mark.asvs("V6.3.4")
def test_posts_are_led_there_too_and_change_nothing(world: World) -> None:
    client = signed_in(world.user("TC", Role.COMPILER))
    unit = world.units["TC"]
    form = {"email": "a@b.example", "role": "FP", "last_day": ""}
    answer = client.post(f"/people/unit/{unit.pk}/invite", form)
    assert answer.url == "/account/second-factor/"
    assert not unit.invitations.exists()


def test_somebody_may_be_told_to_have_one_whatever_the_role(world: World) -> None:
    user = world.user("TC01", Role.TECHNICIAN)
    user.must_use_second_factor = True
    user.save()
    assert signed_in(user).get("/people/").url == "/account/second-factor/"


def test_the_setting_off_is_stated_on_the_page(world: World, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client = signed_in(world.user("TC", Role.COMPILER))
    assert client.get("/people/").status_code == 200
    assert "không bắt buộc yếu tố thứ hai" in client.get("/account/profile/").content.decode()


def test_setting_an_app_up_opens_the_portal_and_the_next_sign_in_asks_for_its_code(
    world: World,
) -> None:
    user = world.user("TC", Role.COMPILER)
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "data:image/svg+xml;base64," in page.content.decode()
    wrong = client.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert "Mã không đúng" in wrong.content.decode()
    done = client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    assert done.url == "/account/2fa/recovery-codes/"
    assert client.get("/people/").status_code == 200

    other = Client()
    first = other.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert first.url == "/account/2fa/authenticate/"
    assert other.get("/people/").url.startswith("/account/login/")
    assert other.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    spare = client.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    assert other.post("/account/2fa/authenticate/", {"code": spare}).url == "/"
    assert other.get("/people/").status_code == 200
    third = Client()
    third.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert third.post("/account/2fa/authenticate/", {"code": spare}).status_code == 200


def test_the_database_holds_no_secret_that_makes_codes(world: World) -> None:
    user = world.user("TC", Role.COMPILER)
    TOTP.activate(user, SECRET)
    assert SECRET not in repr(list(Authenticator.objects.values_list("data")))
    assert Authenticator.objects.get().wrap().validate_code(code_now())


def test_guessing_codes_is_slowed(world: World) -> None:
    user = world.user("TC", Role.COMPILER)
    TOTP.activate(user, SECRET)
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    for _ in range(6):
        answer = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "quá nhiều lần" in answer.content.decode()
    right = client.post("/account/2fa/authenticate/", {"code": code_now()})
    assert right.status_code == 200


@pytest.mark.asvs("V6.4.4", "V6.5.6")
def test_lost_factors_are_dropped_and_set_up_anew(world: World, settings) -> None:
    signer = world.user("TC01", Role.SIGNER)
    TOTP.activate(signer, SECRET)
    manager = signed_in(world.user("TC01", Role.FOCAL_POINT))
    theirs = through_the_door(signer, PASSWORD)
    theirs.post("/account/2fa/authenticate/", {"code": code_now()})
    assert theirs.get("/people/").status_code == 200
    manager.post(f"/people/person/{signer.pk}/factors")
    assert not Authenticator.objects.exists()
    assert theirs.get("/people/").url.startswith("/account/login/")
    assert signed_in(signer).get("/people/").url == "/account/second-factor/"


@pytest.mark.asvs("V4.1.3", "V15.3.4")
def test_R4_a_forwarded_address_is_believed_from_our_own_proxy_alone(settings) -> None:
    forged = RequestFactory().get(
        "/", REMOTE_ADDR="198.51.100.9", HTTP_X_FORWARDED_FOR="203.0.113.1", HTTP_X_REAL_IP="::1"
    )
    assert client_address(forged) == "198.51.100.9"
    from dataclasses import replace

    settings.QUETSACH = replace(settings.QUETSACH, trusted_proxies=("198.51.100.9",))
    assert client_address(forged) == "203.0.113.1"


def test_who_is_not_signed_in_is_asked_to(world) -> None:
    answer = Client().get("/units/?q=x")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/account/login/?next=/units/%3Fq%3Dx"


def test_R4_a_made_up_address_is_not_believed(user: User) -> None:
    client = Client(headers={"x-forwarded-for": "203.0.113.99"}, REMOTE_ADDR="192.0.2.7")
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert UserSession.objects.get().ip == "192.0.2.7"
