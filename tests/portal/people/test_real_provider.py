"""Signing in by a provider that is not ours: oidc-provider-mock, built on Authlib."""

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, build_opener

import oidc_provider_mock
import pytest
from django.test import Client

from quetsach_portal.config.environment import oidc_providers
from quetsach_portal.people.models.account import User
from tests.portal.people.identity_provider import INVITED, SIGN_IN, NoRedirect, is_signed_in

pytestmark = [
    pytest.mark.django_db,
    # The provider uses what its own libraries call old.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

PEOPLE = (
    oidc_provider_mock.User(sub="77", claims={"email": INVITED, "email_verified": True}),
    oidc_provider_mock.User(sub="78", claims={"email": INVITED, "email_verified": False}),
    oidc_provider_mock.User(
        sub="79", claims={"email": "la@coquan.example", "email_verified": True}
    ),
)


@pytest.fixture
def address(settings) -> Iterator[str]:
    """Return where the provider answers; the portal knows it as its other system."""
    with oidc_provider_mock.run_server_in_thread(require_nonce=True, user_claims=PEOPLE) as server:
        address = f"http://localhost:{server.server_port}"
        settings.SOCIALACCOUNT_PROVIDERS = oidc_providers(
            {"name": "SSO", "client_id": "quetsach", "secret": "s" * 20, "server_url": address}
        )
        yield address


def come_back(client: Client, person: str) -> Client:
    """Go the whole way as `person`, who says yes to the provider's page."""
    there = client.post(SIGN_IN)
    assert there.status_code == 302
    said_yes = Request(there.url, urlencode({"sub": person}).encode())
    with build_opener(NoRedirect).open(said_yes) as back:
        location = urlsplit(back.headers["Location"])
    client.get(f"{location.path}?{location.query}")
    return client


@pytest.mark.asvs("V10.5.1", "V9.1.1")
def test_a_person_of_a_real_provider_is_signed_in(address: str, invited: User) -> None:
    client = come_back(Client(), "77")
    assert is_signed_in(client)
    assert client.get("/account/profile/").context["user"] == invited


@pytest.mark.parametrize("person", ["78", "79"])
def test_who_is_not_proven_or_not_invited_stays_outside(
    address: str, invited: User, person: str
) -> None:
    assert not is_signed_in(come_back(Client(), person))


def test_who_says_no_there_is_not_signed_in(address: str, invited: User) -> None:
    client = Client()
    there = client.post(SIGN_IN)
    refused = Request(there.url, urlencode({"action": "deny", "sub": "77"}).encode())
    with build_opener(NoRedirect).open(refused) as back:
        location = urlsplit(back.headers["Location"])
    assert "error=access_denied" in location.query
    client.get(f"{location.path}?{location.query}")
    assert not is_signed_in(client)
