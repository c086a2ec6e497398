"""Tokens: shown once, good for one unit and some purposes, and never more than who made them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.api.models import ApiToken
from quetsach_portal.api.tokens import end_token, make_token
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.web.acts import Refused

pytestmark = pytest.mark.django_db


def token_of(world, code: str = "TC01", role: Role = Role.FOCAL_POINT, scopes=("read",)):
    day = timezone.localdate() + timedelta(days=10)
    return make_token(
        world.units[code], name="tường lửa", scopes=scopes, expires_on=day,
        actor=world.user(code, role),
    )  # fmt: skip


def ask(text: str, address: str = "/api/v1/me"):
    return Client().get(address, headers={"authorization": f"Bearer {text}"})


def test_a_token_reaches_its_unit_and_says_so(world) -> None:
    token, text = token_of(world)
    answer = ask(text)
    assert answer.status_code == 200
    assert answer.json()["unit"]["code"] == "TC01"
    token.refresh_from_db()
    assert token.used_on == timezone.localdate()


def test_A8_the_token_is_long_and_only_its_digest_is_kept(world) -> None:
    _token, text = token_of(world)
    assert len(text) >= 46
    row = ApiToken.objects.values().get()
    assert text not in str(row)
    assert text not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("text", ["", "qs_", "qs_" + "x" * 43, "x" * 5000, "Bearer", "qs_\x00"])
def test_a_token_that_is_none_is_refused(world, text: str) -> None:
    assert ask(text).status_code == 401


def test_a_token_over_or_ended_is_refused(world) -> None:
    token, text = token_of(world)
    ApiToken.objects.update(expires_on=timezone.localdate())
    assert ask(text).status_code == 401
    ApiToken.objects.update(expires_on=timezone.localdate() + timedelta(days=1))
    assert ask(text).status_code == 200
    end_token(token, actor=world.user("TC01", Role.FOCAL_POINT))
    assert ask(text).status_code == 401


def test_A3_a_token_ends_with_the_role_of_who_made_it(world) -> None:
    _token, text = token_of(world)
    Assignment.objects.filter(user=world.user("TC01", Role.FOCAL_POINT)).update(
        valid_to=timezone.localdate()
    )
    assert ask(text).status_code == 401


def test_a_token_is_for_its_purposes_alone(world) -> None:
    _token, text = token_of(world, scopes=("lists",))
    assert ask(text).status_code == 403


def test_A1_a_token_of_one_unit_finds_nothing_of_another(world) -> None:
    _token, text = token_of(world)
    for code in ("TC", "TC02", "TC01A", "KH"):
        assert ask(text, f"/api/v1/units/{world.units[code].pk}").status_code == 404
    for code in ("TC", "TC02", "TC01A"):
        for rest in ("", "/slots", "/participation"):
            assert ask(text, f"/api/v1/nodes/{world.nodes[code].pk}{rest}").status_code == 404
    assert ask(text, f"/api/v1/nodes/{world.nodes['TC01'].pk}").status_code == 200
    assert [one["code"] for one in ask(text, "/api/v1/units").json()["rows"]] == ["TC01"]


def test_a_compilers_token_sees_the_subtree(world) -> None:
    _token, text = token_of(world, "TC", Role.COMPILER)
    path = f"/api/v1/campaigns/{world.campaign.pk}/nodes?limit=3"
    first = ask(text, path).json()
    rest = ask(text, f"{path}&after={first['next']}").json()
    assert len(first["rows"]) == 3
    assert rest["next"] is None
    assert len(rest["rows"]) == 1


def test_a_token_needs_a_purpose_and_a_day_within_the_year(world) -> None:
    actor, unit = world.user("TC01", Role.FOCAL_POINT), world.units["TC01"]
    today = timezone.localdate()
    for scopes, day in [
        ((), today + timedelta(days=1)),
        (("root",), today + timedelta(days=1)),
        (("read",), today),
        (("read",), today + timedelta(days=400)),
    ]:
        with pytest.raises(Refused):
            make_token(unit, name="x", scopes=scopes, expires_on=day, actor=actor)


def test_the_pages_make_and_end_a_token(world, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    unit = world.units["TC01"].pk
    day = (timezone.localdate() + timedelta(days=10)).isoformat()
    page = client.post(
        f"/programs/units/{unit}/make", {"name": "x", "scopes": ["read"], "expires_on": day}
    )
    text = page.context["text"]
    assert ask(text).status_code == 200
    assert text not in client.get("/programs/").content.decode()
    token = ApiToken.objects.get()
    assert client.get(f"/programs/tokens/{token.pk}/end").status_code == 200
    assert ask(text).status_code == 200
    assert client.post(f"/programs/tokens/{token.pk}/end").status_code == 302
    assert ask(text).status_code == 401


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
