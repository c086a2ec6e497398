"""Pages about programs: a token is made and ended by the unit's own people."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.api.models import ApiToken
from quetsach_portal.api.tokens import make_token
from quetsach_portal.people.models.roles import Role
from tests.portal.api.asking import ask_with, token_of
from tests.portal.api.lists import fetch, made, token_for_lists

pytestmark = pytest.mark.django_db


def test_the_pages_make_and_end_a_token(world, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    unit = world.units["TC01"].pk
    day = (timezone.localdate() + timedelta(days=10)).isoformat()
    page = client.post(
        f"/programs/units/{unit}/make", {"name": "x", "scopes": ["read"], "expires_on": day}
    )
    text = page.context["text"]
    assert ask_with(text).status_code == 200
    assert text not in client.get("/programs/").content.decode()
    token = ApiToken.objects.get()
    assert client.get(f"/programs/tokens/{token.pk}/end").status_code == 200
    assert ask_with(text).status_code == 200
    assert client.post(f"/programs/tokens/{token.pk}/end").status_code == 302
    assert ask_with(text).status_code == 401


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        ("TC01", Role.TECHNICIAN, 403),
        ("TC", Role.COMPILER, 403),
        ("TC02", Role.FOCAL_POINT, 404),
        ("TC01A", Role.FOCAL_POINT, 404),
        ("KH", Role.LEAD_OWNER, 404),
    ],
)
def test_nobody_else_makes_or_ends_a_units_tokens(world, client_of, code, role, status) -> None:
    token, _text = token_of(world)
    client = client_of(code, role)
    assert client.get(f"/programs/units/{world.units['TC01'].pk}/make").status_code == status
    assert client.post(f"/programs/tokens/{token.pk}/end").status_code == status
    token.refresh_from_db()
    assert token.ended_at is None


@pytest.fixture
def text(world, tmp_path: Path) -> str:
    """A token for lists of TC01, in whose campaign there is a release."""
    return token_for_lists(world, tmp_path)


def test_basic_authentication_carries_the_token_too(world, text) -> None:
    made()
    pair = base64.b64encode(f"fw:{text}".encode()).decode()
    answer = Client().get(
        f"/lists/{world.campaign.pk}/edl-urls.txt", headers={"authorization": f"Basic {pair}"}
    )
    assert answer.status_code == 200


def test_nobody_gets_a_list_without_a_token_or_of_another_campaign(world, text) -> None:
    made()
    bare = Client().get(f"/lists/{world.campaign.pk}/edl-urls.txt")
    assert bare.status_code == 401
    assert "Basic" in bare.headers["WWW-Authenticate"]
    for written in ("Basic é", "Basic x", "Basic /w==", "Bearer"):
        address = f"/lists/{world.campaign.pk}/edl-urls.txt"
        odd = Client().get(address, HTTP_AUTHORIZATION=written)
        assert odd.status_code == 401, written
    assert fetch(world, text, "../secret.key").status_code == 404
    assert fetch(world, text, "edl-everything.txt").status_code == 404
    stranger = make_token(
        world.units["KH"],
        name="x",
        scopes=["lists"],
        expires_on=timezone.localdate() + timedelta(days=5),
        actor=world.user("KH", Role.FOCAL_POINT),
    )[1]
    assert fetch(world, stranger, "edl-urls.txt").status_code == 404
