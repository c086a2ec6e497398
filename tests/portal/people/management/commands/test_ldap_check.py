"""The check of the settings of a directory says what is found, and no password."""

from collections.abc import Callable
from io import StringIO

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.test import Client

from quetsach_portal.people.actions import disable
from quetsach_portal.people.management.commands import ldap_check
from quetsach_portal.people.models.account import User
from tests.portal.people.directory.conftest import certificate, slapd, use
from tests.portal.people.directory.slapd_server import BASE, GROUP, PASSWORD, Slapd

__all__ = ["certificate", "slapd", "use"]

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    out = StringIO()
    call_command("ldap_check", *words, stdout=out)
    return out.getvalue()


def test_it_says_who_is_meant_and_whose_account_that_is(
    slapd: Slapd, use: Callable[..., Slapd], invited: User
) -> None:
    use(slapd)
    text = said("an")
    assert f"Máy chủ: {slapd.secure}" in text
    assert f"uid=an,ou=people,{BASE}" in text
    assert "Tài khoản ở đây: can.bo@coquan.example, sẽ gắn ở lần đăng nhập đầu tiên" in text
    assert "Tài khoản ở đây: chưa có" in said("binh")
    Client().post("/account/directory/", {"login": "an", "password": PASSWORD})
    assert "can.bo@coquan.example, đã gắn" in said("an")
    disable(invited, actor=invited)
    assert "đã bị khóa" in said("an")
    assert "gỡ liên kết" in said(invited.email, "--unbind")
    assert not SocialAccount.objects.exists()


def test_it_says_why_nobody_would_be_let_in(
    slapd: Slapd, use: Callable[..., Slapd], settings
) -> None:
    with pytest.raises(CommandError, match="QUETSACH_LDAP_URIS"):
        said("an")
    use(slapd)
    with pytest.raises(CommandError, match="không có ai"):
        said("*")
    use(slapd, FILTER="(employeeNumber={login})")
    with pytest.raises(CommandError, match="QUETSACH_LDAP_FILTER"):
        said("7")
    use(slapd, GROUP=GROUP)
    assert "Thuộc nhóm: có" in said("trong")
    with pytest.raises(CommandError, match="không thuộc nhóm"):
        said("an")
    use(slapd, ID_ATTRIBUTE="nsUniqueId")
    with pytest.raises(CommandError, match="nsUniqueId"):
        said("an")
    use(slapd, URIS="ldaps://127.0.0.1:1")
    with pytest.raises(CommandError, match="E632"):
        said("an")
    with pytest.raises(CommandError):
        said("khong@coquan.example", "--unbind")


def test_a_password_is_asked_for_and_never_shown(
    slapd: Slapd, use: Callable[..., Slapd], invited: User, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    use(
        slapd,
        BASE="",
        BIND_DN="",
        BIND_FILE="",
        DN_TEMPLATE=f"uid={{login}},ou=people,{BASE}",
    )
    assert f"uid=an,ou=people,{BASE}" in said("an")
    monkeypatch.setattr(ldap_check, "getpass", lambda _question: PASSWORD)
    text = said("an", "--sign-in")
    assert "Mật khẩu đúng" in text
    assert "can.bo@coquan.example" in text
    monkeypatch.setattr(ldap_check, "getpass", lambda _question: "sai-mat-khau")
    with pytest.raises(CommandError, match="wrong"):
        said("an", "--sign-in")
    assert PASSWORD not in text + caplog.text
    assert not SocialAccount.objects.exists()
