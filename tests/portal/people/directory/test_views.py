"""The page on which somebody signs in with their account in a real directory."""

from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from quetsach_portal.people.actions import disable, open_account
from quetsach_portal.people.models.account import SignInDelay, User
from quetsach_portal.people.models.roles import Role
from tests.portal.people.directory.browsing import LOCAL, LOCAL_PASSWORD, PAGE, sign_in, text_of
from tests.portal.people.directory.slapd_server import (
    GROUP,
    PASSWORD,
    Slapd,
    running_slapd,
)
from tests.portal.people.identity_provider import INVITED, is_signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("login", "password"), [("an", ""), ("an", "\0"), ("", PASSWORD)])
def test_what_is_empty_never_gets_there(
    directory: Slapd, invited: User, login: str, password: str
) -> None:
    client = Client()
    assert sign_in(client, login, password).status_code == 200
    assert not is_signed_in(client)
    assert not SignInDelay.objects.exists()


def test_who_was_not_invited_is_told_which_address_it_takes(
    directory: Slapd, invited: User
) -> None:
    client = Client()
    shown = text_of(sign_in(client, "binh"))
    assert not is_signed_in(client)
    assert "binh@coquan.example" in shown
    assert "Cán Bộ binh" in shown
    assert not User.objects.filter(email="binh@coquan.example").exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.asvs("V16.5.2")
def test_while_the_directory_is_away_local_accounts_work(
    tmp_path: Path, certificate: Path, use: Callable[..., Slapd], invited: User, world: World
) -> None:
    owner = world.user("TC01", Role.CLERK)
    with running_slapd(tmp_path, certificate) as server:
        use(server)
        server.stop()
        client = Client()
        shown = sign_in(client)
        assert shown.status_code == 503
        assert "Danh bạ cơ quan tạm thời không trả lời" in text_of(shown)
        assert not shown.context["form"].errors
        # Nobody guessed: nothing counts.
        assert not SignInDelay.objects.filter(failures__gt=0).exists()
        sign_in(client, INVITED, LOCAL_PASSWORD, LOCAL)
        assert is_signed_in(client)
        assert owner.pk != invited.pk


def test_a_disabled_account_stays_closed(directory: Slapd, invited: User) -> None:
    disable(invited, actor=invited)
    client = Client()
    assert sign_in(client).url == "/account/inactive/"
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_only_members_of_the_group_get_in(
    slapd: Slapd, use: Callable[..., Slapd], invited: User
) -> None:
    use(slapd, GROUP=GROUP)
    client = Client()
    assert "không cho dùng cổng này" in text_of(sign_in(client))
    assert not is_signed_in(client)
    open_account(email="trong@coquan.example", name="Trọng", password=LOCAL_PASSWORD)
    sign_in(client, "trong")
    assert client.get("/account/profile/").status_code == 200


def test_the_page_leads_on_to_where_somebody_wanted_to_go(directory: Slapd, invited: User) -> None:
    login = Client().get(f"{LOCAL}?next=/account/profile/")
    assert 'href="/account/directory/?next=/account/profile/"' in login.content.decode().replace(
        "%2F", "/"
    )
    assert "Đăng nhập bằng Danh bạ cơ quan" in text_of(login)
    client = Client()
    asked = {"login": "an", "password": PASSWORD, "next": "/account/profile/"}
    assert client.post(PAGE, asked).url == "/account/profile/"
    assert client.get(PAGE).url == "/"
    elsewhere = {"login": "an", "password": PASSWORD, "next": "https://ke.xau.example/"}
    assert Client().post(PAGE, elsewhere).url == "/"
