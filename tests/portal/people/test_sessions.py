"""Sessions are read at each request, shown to their owner, and ended."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

import quetsach_portal
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.signing_in import through_the_door
from tests.portal.world import PASSWORD, World

pytestmark = pytest.mark.django_db


@pytest.mark.asvs("V7.4.1")
def test_a_session_that_was_ended_elsewhere_opens_nothing(world: World, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    assert client.get("/").status_code == 200
    Session.objects.all().delete()
    assert client.get("/").status_code == 302


@pytest.mark.asvs("V7.2.1")
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


@pytest.mark.asvs("V7.5.2")
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


@pytest.mark.asvs("V7.5.2")
def test_other_sessions_are_ended_by_who_proves_to_be_there(user: User, later) -> None:
    phone, desk = through_the_door(user, PASSWORD), through_the_door(user, PASSWORD)
    later(11)
    asked = desk.post("/account/sessions/")
    assert asked.url == "/account/reauthenticate/?next=%2Faccount%2Fsessions%2F"
    assert phone.get("/people/").status_code == 200
    desk.post(asked.url, {"password": PASSWORD})
    assert phone.get("/people/").status_code == 302


def test_a_session_of_somebody_else_is_neither_shown_nor_ended(user: User, world: World) -> None:
    other = Client(REMOTE_ADDR="198.51.100.9")
    signer = world.user("TC01", Role.SIGNER)
    other.post("/account/login/", {"login": signer.email, "password": PASSWORD})
    mine = through_the_door(user, PASSWORD)
    assert "198.51.100.9" not in mine.get("/account/sessions/").content.decode()
    mine.post("/account/sessions/")
    assert other.get("/people/").status_code == 200


@pytest.mark.asvs("V3.3.4", "V7.2.2", "V7.2.3")
def test_the_cookie_of_the_session_is_for_the_browser_alone(user: User) -> None:
    client = through_the_door(user, PASSWORD)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert re.fullmatch(r"[a-z0-9]{32,}", cookie.value)


@pytest.mark.asvs("V7.2.4")
def test_signing_in_changes_the_number_of_the_session(user: User) -> None:
    client = Client()
    client.get("/account/2fa/authenticate/")
    session = client.session
    session["before"] = "1"
    session.save()
    before = client.cookies["sessionid"].value
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert client.cookies["sessionid"].value != before


@pytest.mark.asvs("V7.2.4")
def test_proving_again_who_is_there_changes_the_number_of_the_session(user: User) -> None:
    client = through_the_door(user, PASSWORD)
    before = client.cookies["sessionid"].value
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.cookies["sessionid"].value != before
    stolen = Client()
    stolen.cookies["sessionid"] = before
    assert stolen.get("/people/").status_code == 302
    assert UserSession.objects.get(user=user).session_key == client.cookies["sessionid"].value


@pytest.mark.asvs("V6.2.10")
def test_a_password_is_good_after_years(user: User, later) -> None:
    later(60 * 24 * 365 * 3)
    assert through_the_door(user, PASSWORD).get("/people/").status_code == 200


@pytest.mark.asvs("V6.2.8")
@pytest.mark.parametrize(
    "almost", [PASSWORD.upper(), PASSWORD[:-1], f"{PASSWORD} ", f" {PASSWORD}", f"{PASSWORD}x"]
)
def test_a_password_is_checked_sign_by_sign(user: User, almost: str) -> None:
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": almost})
    assert client.get("/people/").status_code == 302


@pytest.mark.asvs("V6.2.6", "V6.4.2")
@pytest.mark.parametrize(
    "address", ["/account/login/", "/account/password/change/", "/account/reauthenticate/"]
)
def test_a_password_is_not_shown_while_it_is_typed_and_nothing_is_asked_instead(
    user: User, address: str
) -> None:
    client = Client() if "login" in address else through_the_door(user, PASSWORD)
    shown = client.get(address, follow=True).content.decode()
    fields = dict(re.findall(r'<input type="(\w+)" name="(\w*(?:password|login)\w*)"', shown))
    assert fields.get("password", "").startswith(("password", "oldpassword"))
    assert not re.search(r'type="text" name="\w*password', shown)
    names = set(re.findall(r'name="(\w+)"', shown))
    others = {"csrfmiddlewaretoken", "next", "language", "q", "viewport", "remember"}
    assert names <= {"login", "password", "oldpassword", "password1", "password2"} | others | {
        "color",
    }


@pytest.mark.asvs("V6.5.4")
def test_spare_codes_have_eight_signs(user: User) -> None:
    codes = RecoveryCodes.activate(user).generate_codes()
    assert len(set(codes)) == len(codes) == 10
    assert all(re.fullmatch(r"[0-9a-f]{8}|[0-9]{8}", code) for code in codes)  # 26 bits and more


# How long a session lasts.


@pytest.mark.asvs("V7.3.1", "V7.4.1")
@pytest.mark.parametrize(("role", "idle_min"), [(Role.LEAD_OWNER, 30), (Role.FOCAL_POINT, 120)])
def test_a_session_ends_when_nobody_asks_for_so_long(world: World, later, role, idle_min) -> None:
    unit = "TC" if role == Role.LEAD_OWNER else "TC01"
    client = through_the_door(world.user(unit, role), PASSWORD)
    for _request in range(3):
        later(idle_min - 1)
        assert client.get("/account/profile/").status_code == 200
    later(idle_min + 1)
    assert client.get("/account/profile/").status_code == 302


@pytest.mark.asvs("V7.3.2")
def test_no_session_lasts_longer_than_twelve_hours(world: World, later) -> None:
    client = through_the_door(world.user("TC01", Role.FOCAL_POINT), PASSWORD)
    for _quarter in range(4 * 12 - 1):
        later(15)
        assert client.get("/account/profile/").status_code == 200
    later(16)
    assert client.get("/account/profile/").status_code == 302


@pytest.mark.asvs("V7.3.2")
def test_a_proof_of_who_is_there_or_a_new_password_gives_no_more_time(world: World, later) -> None:
    client = through_the_door(world.user("TC01", Role.FOCAL_POINT), PASSWORD)
    for _quarter in range(4 * 11):
        later(15)
        client.get("/account/profile/")
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    new = "mot cau mat khau khac han"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", form).status_code == 302
    later(55)
    assert client.get("/account/profile/").status_code == 200
    later(6)
    assert client.get("/account/profile/").status_code == 302


def test_a_session_is_written_at_most_once_a_minute(world: World, later) -> None:
    client = through_the_door(world.user("TC01", Role.FOCAL_POINT), PASSWORD)
    later(2)
    ends = []
    for _second in range(5):
        client.get("/account/profile/")
        ends.append(Session.objects.latest("expire_date").expire_date)
        later(0.2)
    assert len(set(ends)) == 1


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/account/profile/", {"accept": "text/event-stream"}),
        ("/account/profile/?again=1", {}),
        ("/account/profile/?page=2&again=1", {}),
    ],
)
def test_a_page_that_asks_by_itself_keeps_no_session(world: World, later, path, headers) -> None:
    client = through_the_door(world.user("TC", Role.LEAD_OWNER), PASSWORD)
    for _request in range(2):
        later(14)
        client.get(path, headers=headers)
    later(3)
    assert client.get("/account/profile/").status_code == 302


def test_a_form_sent_from_a_page_that_reloaded_itself_keeps_the_session(
    world: World, later
) -> None:
    client = through_the_door(world.user("TC", Role.LEAD_OWNER), PASSWORD)
    for _request in range(2):
        later(20)
        answer = client.post("/language?again=1", {"language": "vi", "next": "/"})
        assert answer["Location"] == "/"
    assert client.get("/account/profile/").status_code == 200


def test_all_pages_that_reload_themselves_bear_the_mark() -> None:
    templates = Path(quetsach_portal.__file__).parent.rglob("*.html")
    bare = [path.name for path in templates if 'http-equiv="refresh"' in path.read_text("utf-8")]
    assert bare == ["reload.html"]
