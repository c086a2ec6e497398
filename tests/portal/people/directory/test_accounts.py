"""Whose account a person of a real directory has: bound once, by the directory's number alone."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from quetsach_portal.people.actions import open_account
from quetsach_portal.people.directory.accounts import unbind
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from tests.portal.people.directory.browsing import LOCAL, LOCAL_PASSWORD, PAGE, sign_in, text_of
from tests.portal.people.directory.slapd_server import (
    BASE,
    PASSWORD,
    Slapd,
    person,
    running_slapd,
)
from tests.portal.people.identity_provider import INVITED, is_signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.mark.asvs("V6.8.1", "V7.2.4")
def test_an_invited_account_is_opened_and_bound_by_the_lasting_number(
    directory: Slapd, invited: User
) -> None:
    client = Client()
    assert sign_in(client).url == "/"
    assert is_signed_in(client)
    assert client.get("/account/profile/").context["user"] == invited
    row = SocialAccount.objects.get()
    assert "Bạn đăng nhập bằng Danh bạ cơ quan; mật khẩu đổi ở đó" in text_of(
        client.get("/account/profile/")
    )
    assert (row.user, row.provider) == (invited, "ldap")
    assert re.fullmatch(r"entryUUID:[0-9a-f-]{36}", row.uid)
    # Nobody gets a right by it.
    assert Assignment.objects.filter(user=invited).count() == 1


@pytest.mark.asvs("V6.8.1")
def test_after_the_first_sign_in_the_address_opens_nothing_to_another(
    directory: Slapd, invited: User
) -> None:
    sign_in(Client())
    with directory.as_root() as line:
        dn = f"uid=moi,ou=people,{BASE}"
        entry = {**person("moi", INVITED), "userPassword": PASSWORD}
        assert line.add(dn, "inetOrgPerson", entry), line.result
        try:
            another = Client()
            assert "theo lời mời" in text_of(sign_in(another, "moi"))
            assert not is_signed_in(another)
            assert unbind(INVITED)
            assert not unbind(INVITED)
            assert sign_in(another, "moi").url == "/"
            assert is_signed_in(another)
            assert "theo lời mời" in text_of(sign_in(Client(), "an"))
        finally:
            line.delete(dn)


def test_the_same_person_is_let_in_with_another_address(
    tmp_path: Path, certificate: Path, use: Callable[..., Slapd], invited: User
) -> None:
    with running_slapd(tmp_path, certificate) as server:
        use(server)
        assert sign_in(Client()).url == "/"
        with server.as_root() as line:
            changed = {"mail": [("MODIFY_REPLACE", ["moi@coquan.example"])]}
            assert line.modify(f"uid=an,ou=people,{BASE}", changed), line.result
        client = Client()
        assert sign_in(client).url == "/"
        assert client.get("/account/profile/").context["user"] == invited
        # Who is gone there does not get in here again, by the old password neither.
        with server.as_root() as line:
            assert line.delete(f"uid=an,ou=people,{BASE}")
        gone = Client()
        assert "chưa đúng" in text_of(sign_in(gone))
        sign_in(gone, INVITED, LOCAL_PASSWORD, LOCAL)
        assert not is_signed_in(gone)


def test_who_is_bound_signs_in_there_alone_but_for_owners(
    directory: Slapd, invited: User, world: World, settings
) -> None:
    sign_in(Client())
    client = Client()
    shown = text_of(sign_in(client, INVITED, LOCAL_PASSWORD, LOCAL))
    assert "Tài khoản này đăng nhập bằng Danh bạ cơ quan" in shown
    assert not is_signed_in(client)
    # Only who knows the password learns it.
    assert "Danh bạ cơ quan." not in text_of(sign_in(Client(), INVITED, "sai", LOCAL))
    Assignment.objects.create(user=invited, unit=world.units["TC01"], role=Role.LEAD_OWNER)
    sign_in(client, INVITED, LOCAL_PASSWORD, LOCAL)
    assert is_signed_in(client)


def test_without_a_directory_the_password_of_the_portal_counts_again(
    directory: Slapd, invited: User, settings
) -> None:
    sign_in(Client())
    settings.QUETSACH = replace(settings.QUETSACH, directory=None)
    client = Client()
    sign_in(client, INVITED, LOCAL_PASSWORD, LOCAL)
    assert is_signed_in(client)
    assert client.get(PAGE).status_code == 404


@pytest.mark.asvs("V6.3.3", "V6.3.4")
def test_a_second_factor_is_asked_for_and_only_then_the_account_is_bound(
    directory: Slapd, invited: User
) -> None:
    TOTP.activate(invited, SECRET)
    client = Client()
    assert sign_in(client).url == "/account/2fa/authenticate/"
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    code = format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/account/2fa/authenticate/", {"code": code}).url == "/"
    assert is_signed_in(client)
    assert SocialAccount.objects.get().user == invited


def test_an_address_of_two_accounts_opens_neither(
    tmp_path: Path, certificate: Path, use: Callable[..., Slapd], invited: User
) -> None:
    open_account(email="binh@coquan.example", name="Bình", password=LOCAL_PASSWORD)
    with running_slapd(tmp_path, certificate) as server:
        use(server)
        with server.as_root() as line:
            both = {"mail": [("MODIFY_ADD", ["binh@coquan.example"])]}
            assert line.modify(f"uid=an,ou=people,{BASE}", both), line.result
        client = Client()
        assert "theo lời mời" in text_of(sign_in(client))
        assert not SocialAccount.objects.exists()
