"""Signing in by another system opens an invited account, and makes none."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit
from urllib.request import build_opener

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.config.environment import origins_of
from quetsach_portal.people.actions import disable
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.people.identity_provider import (
    INVITED,
    SIGN_IN,
    NoRedirect,
    Provider,
    is_signed_in,
    sign_in,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_an_invited_account_is_opened(provider: Provider, invited: User) -> None:
    client = Client()
    assert sign_in(client).url == "/"
    assert is_signed_in(client)
    assert client.get("/account/profile/").context["user"] == invited
    assert SocialAccount.objects.get().user == invited
    invited.refresh_from_db()
    assert invited.check_password("x" * 20)


def test_the_way_back_is_the_public_address_whatever_a_request_says(
    provider: Provider, invited: User, settings
) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, public_url="https://qs.example")
    there = Client().post(SIGN_IN, headers={"host": "127.0.0.1:81"})
    (back,) = parse_qs(urlsplit(there["Location"]).query)["redirect_uri"]
    assert back == "https://qs.example/account/oidc/sso/login/callback/"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "1", "email": "nguoi.la@khac.example", "email_verified": True},
        {"sub": "1", "email": INVITED, "email_verified": False},
        {"sub": "1", "email": INVITED},
        {"sub": "1"},
    ],
)
def test_nobody_else_gets_in_and_no_account_is_made(
    provider: Provider, invited: User, claims
) -> None:
    provider.claims = claims
    client = Client()
    shown = sign_in(client)
    assert not is_signed_in(client)
    assert shown.status_code == 200
    assert "chỉ mở theo lời mời" in shown.content.decode()
    assert list(User.objects.filter(email__in=[INVITED, "nguoi.la@khac.example"])) == [invited]
    assert not SocialAccount.objects.exists()


def test_a_disabled_account_stays_closed(provider: Provider, invited: User) -> None:
    disable(invited, actor=invited)
    client = Client()
    assert sign_in(client).url == "/account/inactive/"
    assert not is_signed_in(client)


@pytest.mark.asvs("V9.2.3", "V10.5.4")
@pytest.mark.parametrize("field", ["issuer", "audience"])
def test_a_token_for_somebody_else_is_refused(
    provider: Provider, invited: User, field: str
) -> None:
    setattr(provider, field, "https://ke.xau.example")
    client = Client()
    assert "Chưa đăng nhập được" in sign_in(client).content.decode()
    assert not is_signed_in(client)


@pytest.mark.asvs("V10.1.2")
def test_an_answer_that_nobody_asked_for_is_refused(provider: Provider, invited: User) -> None:
    asked = Client().post(SIGN_IN).url
    with build_opener(NoRedirect).open(asked) as back:
        location = urlsplit(back.headers["Location"])
    other = Client()
    other.get(f"{location.path}?{location.query}")
    assert not is_signed_in(other)


@pytest.mark.asvs("V7.6.2", "V10.2.1")
def test_A7_the_way_there_begins_by_a_form_and_carries_a_proof(
    provider: Provider, invited: User
) -> None:
    assert Client().get(SIGN_IN).status_code == 200
    asked = parse_qs(urlsplit(Client().post(SIGN_IN).url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 16


@pytest.mark.asvs("V6.3.4", "V6.8.4")
def test_a_second_factor_is_asked_for_here_as_well(provider: Provider, invited: User) -> None:
    TOTP.activate(invited, "JBSWY3DPEHPK3PXP")
    client = Client()
    assert sign_in(client).url == "/account/2fa/authenticate/"
    assert not is_signed_in(client)


def test_the_button_is_there_when_it_is_set_and_not_otherwise(provider: Provider, settings) -> None:
    assert "Đăng nhập bằng Đăng nhập một cửa" in Client().get("/account/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "/oidc/" not in Client().get("/account/login/").content.decode()


def test_the_policy_of_the_page_lets_the_form_go_there_and_nowhere_else() -> None:
    assert origins_of({}) == []
    assert origins_of({"server_url": "https://sso.gov.example:8443/realms/x"}) == [
        "https://sso.gov.example:8443"
    ]


# Whose account it is, after the first sign-in: issuer and `sub`, and no address.


@pytest.mark.asvs("V6.8.1", "V10.5.2")
def test_after_the_first_sign_in_the_address_opens_nothing_to_another_person(
    provider: Provider, invited: User
) -> None:
    assert sign_in(Client()).url == "/"
    provider.claims = {"sub": "78", "email": INVITED, "email_verified": True}
    another = Client()
    assert sign_in(another).status_code == 200
    assert not is_signed_in(another)
    assert SocialAccount.objects.count() == 1


@pytest.mark.asvs("V10.5.2")
def test_the_same_person_is_let_in_with_another_address(provider: Provider, invited: User) -> None:
    sign_in(Client())
    provider.claims = {"sub": "77", "email": "ten.moi@coquan.example", "email_verified": False}
    client = Client()
    assert sign_in(client).url == "/"
    assert client.get("/account/profile/").context["user"] == invited


@pytest.mark.asvs("V6.8.1")
def test_the_same_number_at_another_issuer_is_another_person(
    provider: Provider, invited: User, world: World
) -> None:
    sign_in(Client())
    account = SocialAccount.objects.get()
    other = world.user("TC01", Role.SIGNER)
    SocialAccount.objects.filter(pk=account.pk).update(
        user=other, uid="77", extra_data={"id_token": {"iss": "https://cu.example", "sub": "77"}}
    )
    client = Client()
    assert sign_in(client).url == "/"
    assert client.get("/account/profile/").context["user"] == invited


def test_who_was_bound_by_an_earlier_version_stays_bound(provider: Provider, invited: User) -> None:
    sign_in(Client())
    SocialAccount.objects.update(uid="77")
    client = Client()
    assert sign_in(client).url == "/"
    assert is_signed_in(client)
    assert len(SocialAccount.objects.get().uid) == 64


@pytest.mark.asvs("V10.5.2")
@pytest.mark.parametrize("said", ["true", "True", 1, "false", [True], None])
def test_only_true_itself_is_a_verified_address(provider: Provider, invited: User, said) -> None:
    provider.claims = {"sub": "77", "email": INVITED, "email_verified": said}
    client = Client()
    sign_in(client)
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.asvs("V16.3.1")
def test_a_sign_in_by_the_other_system_stands_in_the_trail(
    provider: Provider, invited: User
) -> None:
    sign_in(Client())
    rows = AuditEvent.objects.filter(actor_id=invited.pk, action__startswith="user.")
    acts = list(rows.order_by("seq").values_list("action", "detail"))
    assert ("user.signed-in", {"by": ["socialaccount"]}) in acts
    assert "user.bound-elsewhere" in [action for action, _detail in acts]
