"""Tokens: shown once, good for one unit and some purposes, and never more than who made them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.api.models import ApiToken
from quetsach_portal.api.tokens import end_token, make_token
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.web.acts import Refused
from tests.portal.api.asking import ask_with, token_of

pytestmark = pytest.mark.django_db


def test_a_token_reaches_its_unit_and_says_so(world) -> None:
    token, text = token_of(world)
    answer = ask_with(text)
    assert answer.status_code == 200
    assert answer.json()["unit"]["code"] == "TC01"
    token.refresh_from_db()
    assert token.used_on == timezone.localdate()


@pytest.mark.parametrize("text", ["", "qs_", "qs_" + "x" * 43, "x" * 5000, "Bearer", "qs_\x00"])
def test_a_token_that_is_none_is_refused(world, text: str) -> None:
    assert ask_with(text).status_code == 401


@pytest.mark.asvs("V9.2.1")
def test_a_token_over_or_ended_is_refused(world) -> None:
    token, text = token_of(world)
    ApiToken.objects.update(expires_on=timezone.localdate())
    assert ask_with(text).status_code == 401
    ApiToken.objects.update(expires_on=timezone.localdate() + timedelta(days=1))
    assert ask_with(text).status_code == 200
    end_token(token, actor=world.user("TC01", Role.FOCAL_POINT))
    assert ask_with(text).status_code == 401


def test_A3_a_token_ends_with_the_role_of_who_made_it(world) -> None:
    _token, text = token_of(world)
    Assignment.objects.filter(user=world.user("TC01", Role.FOCAL_POINT)).update(
        valid_to=timezone.localdate()
    )
    assert ask_with(text).status_code == 401


@pytest.mark.asvs("V9.2.2")
def test_a_token_is_for_its_purposes_alone(world) -> None:
    _token, text = token_of(world, scopes=("lists",))
    assert ask_with(text).status_code == 403


@pytest.mark.asvs("V8.4.1")
def test_A1_a_token_of_one_unit_finds_nothing_of_another(world) -> None:
    _token, text = token_of(world)
    for code in ("TC", "TC02", "TC01A", "KH"):
        assert ask_with(text, f"/api/v1/units/{world.units[code].pk}").status_code == 404
    for code in ("TC", "TC02", "TC01A"):
        for rest in ("", "/slots", "/participation"):
            assert ask_with(text, f"/api/v1/nodes/{world.nodes[code].pk}{rest}").status_code == 404
    assert ask_with(text, f"/api/v1/nodes/{world.nodes['TC01'].pk}").status_code == 200
    assert [one["code"] for one in ask_with(text, "/api/v1/units").json()["rows"]] == ["TC01"]


def test_a_compilers_token_sees_the_subtree(world) -> None:
    _token, text = token_of(world, "TC", Role.COMPILER)
    path = f"/api/v1/campaigns/{world.campaign.pk}/nodes?limit=3"
    first = ask_with(text, path).json()
    rest = ask_with(text, f"{path}&after={first['next']}").json()
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
