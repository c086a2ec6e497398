"""What another system says is believed only as it signed it, for the question that was asked."""

import time

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from quetsach_portal.people.models.account import User
from quetsach_portal.people.other_system import ALGORITHMS
from tests.portal.people.identity_provider import (
    KEY,
    SIGN_IN,
    Provider,
    is_signed_in,
    sign_in,
    signed,
)

pytestmark = pytest.mark.django_db


def _by_another_key(told) -> str:
    return signed(told, ec.generate_private_key(ec.SECP256R1()))


def _by_the_public_key_as_a_secret(told) -> str:
    # The confusion of kinds: who knows the public key would sign for the system. PyJWT takes no
    # PEM as a secret, so it is the raw point here.
    raw = KEY.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return signed(told, raw, "HS256")


def _by_nobody(told) -> str:
    return signed(told, None, "none")


def _changed_after_signing(told) -> str:
    head, _body, end = signed(told).split(".")
    return ".".join((head, signed({**told, "sub": "78"}).split(".")[1], end))


@pytest.mark.asvs("V6.8.2", "V9.1.1", "V9.1.2", "V9.1.3", "V9.2.2")
@pytest.mark.parametrize(
    "signs",
    [
        _by_another_key,
        _by_the_public_key_as_a_secret,
        _by_nobody,
        _changed_after_signing,
        lambda told: "khong.phai.token",
        lambda told: None,
        lambda told: 7,
    ],
)
def test_a_word_that_the_system_did_not_sign_is_refused(
    provider: Provider, invited: User, signs
) -> None:
    provider.signs = signs
    client = Client()
    assert "Chưa đăng nhập được" in sign_in(client).content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_no_signature_by_a_shared_secret_counts() -> None:
    assert not any(name.startswith(("HS", "none")) for name in ALGORITHMS)


@pytest.mark.asvs("V9.2.1")
def test_a_token_that_is_over_is_refused(provider: Provider, invited: User) -> None:
    provider.signs = lambda told: signed({**told, "exp": int(time.time()) - 1})
    client = Client()
    sign_in(client)
    assert not is_signed_in(client)


@pytest.mark.asvs("V10.5.1")
@pytest.mark.parametrize("nonce", ["", "cua-lan-khac"])
def test_a_token_of_another_sign_in_is_refused(
    provider: Provider, invited: User, nonce: str
) -> None:
    provider.nonce = nonce
    client = Client()
    assert "Chưa đăng nhập được" in sign_in(client).content.decode()
    assert not is_signed_in(client)


@pytest.mark.asvs("V10.5.3", "V10.2.2")
def test_a_system_that_calls_itself_otherwise_is_refused(provider: Provider, invited: User) -> None:
    provider.about = {"issuer": "https://ke.xau.example"}
    shown = Client().post(SIGN_IN)
    assert shown.status_code == 401
    assert "Chưa đăng nhập được" in shown.content.decode()


def test_answers_about_two_people_are_refused(provider: Provider, invited: User) -> None:
    provider.signs = lambda told: signed({**told, "sub": "78"})
    client = Client()
    sign_in(client)
    assert not is_signed_in(client)


@pytest.mark.asvs("V16.5.2")
def test_a_system_that_is_away_or_answers_nonsense_is_told(
    provider: Provider, invited: User, settings
) -> None:
    (app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    for address in ("http://127.0.0.1:9", f"{provider.address}/keys/.well-known/khong"):
        app["settings"]["server_url"] = address
        shown = Client().post(SIGN_IN)
        assert shown.status_code == 401, address
        assert "Chưa đăng nhập được" in shown.content.decode()


@pytest.mark.asvs("V10.1.1")
def test_the_tokens_of_the_other_system_are_kept_nowhere(provider: Provider, invited: User) -> None:
    client = Client()
    assert sign_in(client).url == "/"
    assert is_signed_in(client)
    assert not SocialToken.objects.exists()
    assert "access_token" not in str(dict(client.session.items()))


def test_a_system_that_nobody_named_has_no_page() -> None:
    assert Client().post("/account/oidc/khac/login/").status_code == 404


@pytest.mark.asvs("V7.6.1")
def test_a_session_that_began_there_ends_as_all_others_do(
    provider: Provider, invited: User, later
) -> None:
    client = Client()
    sign_in(client)
    later(119)
    assert is_signed_in(client)
    later(121)
    assert not is_signed_in(client)
