"""Sessions are read at each request, shown to their owner, and ended."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.signing_in import through_the_door
from tests.portal.world import PASSWORD, World

pytestmark = pytest.mark.django_db


def test_a_session_that_was_ended_elsewhere_opens_nothing(world: World, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    assert client.get("/").status_code == 200
    Session.objects.all().delete()
    assert client.get("/").status_code == 302


def test_a_session_past_its_time_opens_nothing(world: World, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    assert client.get("/").status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/").status_code == 302


def test_a_locked_account_and_a_changed_password_open_nothing(world: World, client_of) -> None:
    user = world.user("TC01", Role.FOCAL_POINT)
    client = client_of("TC01", Role.FOCAL_POINT)
    assert client.get("/").status_code == 200
    user.is_active = False
    user.save()
    assert client.get("/").status_code == 302
    user.is_active = True
    user.set_password("mot cau mat khau khac han")
    user.save()
    assert client.get("/").status_code == 302


def test_sessions_are_shown_with_address_and_browser_and_ended(user: User) -> None:
    phone = Client(headers={"user-agent": "Điện thoại"}, REMOTE_ADDR="192.0.2.7")
    phone.post("/account/login/", {"login": user.email, "password": PASSWORD})
    desk = through_the_door(user, PASSWORD)
    shown = desk.get("/account/sessions/").content.decode()
    assert "192.0.2.7" in shown
    assert "thiết bị này" in shown
    desk.post("/account/sessions/")
    assert phone.get("/people/").url.startswith("/account/login/")
    assert desk.get("/people/").status_code == 200
    assert UserSession.objects.filter(user=user).count() == 1


def test_a_session_of_somebody_else_is_neither_shown_nor_ended(user: User, world: World) -> None:
    other = Client(REMOTE_ADDR="198.51.100.9")
    signer = world.user("TC01", Role.SIGNER)
    other.post("/account/login/", {"login": signer.email, "password": PASSWORD})
    mine = through_the_door(user, PASSWORD)
    assert "198.51.100.9" not in mine.get("/account/sessions/").content.decode()
    mine.post("/account/sessions/")
    assert other.get("/people/").status_code == 200


def test_the_cookie_of_the_session_is_for_the_browser_alone(user: User) -> None:
    client = through_the_door(user, PASSWORD)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert re.fullmatch(r"[a-z0-9]{32,}", cookie.value)


def test_signing_in_changes_the_number_of_the_session(user: User) -> None:
    client = Client()
    client.get("/account/2fa/authenticate/")
    session = client.session
    session["before"] = "1"
    session.save()
    before = client.cookies["sessionid"].value
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert client.cookies["sessionid"].value != before
