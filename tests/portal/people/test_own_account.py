"""One's own account: sessions shown and ended, password, name, language, and mails about it."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from quetsach_portal.people.models.account import AccountNotice, User
from quetsach_portal.people.models.roles import Role
from tests.portal.signing_in import through_the_door
from tests.portal.working import run_ready
from tests.portal.world import PASSWORD, World

pytestmark = pytest.mark.django_db

GOOD = "con mèo nhỏ leo cây cau"


@pytest.fixture
def user(world: World) -> User:
    return world.user("TC01", Role.CLERK)


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


def test_R4_a_made_up_address_is_not_believed(user: User) -> None:
    client = Client(headers={"x-forwarded-for": "203.0.113.99"}, REMOTE_ADDR="192.0.2.7")
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert UserSession.objects.get().ip == "192.0.2.7"


def test_a_new_password_asks_for_the_old_one_signs_others_out_and_is_told_by_mail(
    user: User, sink
) -> None:
    desk, phone = (through_the_door(user, PASSWORD) for _ in range(2))
    form = {"oldpassword": "sai", "password1": GOOD, "password2": GOOD}
    wrong = desk.post("/account/password/change/", form)
    assert "Hãy nhập mật khẩu hiện tại" in wrong.content.decode()
    desk.post("/account/password/change/", {**form, "oldpassword": PASSWORD})
    assert desk.get("/people/").status_code == 200
    assert phone.get("/people/").url.startswith("/account/login/")
    run_ready()
    [sent] = sink.messages()
    assert sent["To"] == user.email
    assert sent["Subject"] == "[quét sạch] Đã đổi mật khẩu"
    assert "Mật khẩu của bạn đã được đổi" in sent.get_content()
    assert GOOD not in sent.get_content()
    assert not AccountNotice.objects.exists()


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


def test_a_sign_in_leads_on_within_the_portal_alone(user: User) -> None:
    for given, leads in (
        ("/people/", "/people/"),
        ("https://x.example/", "/"),
        ("//x.example", "/"),
    ):
        form = {"login": user.email, "password": PASSWORD, "next": given}
        assert Client().post("/account/login/", form).url == leads


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
