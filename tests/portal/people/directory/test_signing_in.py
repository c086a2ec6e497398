"""A sign-in by a real directory is counted, written down and confirmed as one with a password."""

import pytest
from django.test import Client

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.login_delay import FREE_TRIES
from quetsach_portal.people.models.account import AccountNotice, User
from tests.portal.people.directory.browsing import LOCAL_PASSWORD, sign_in, text_of
from tests.portal.people.directory.slapd_server import (
    PASSWORD,
    Slapd,
)
from tests.portal.people.identity_provider import INVITED, is_signed_in
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


@pytest.mark.asvs("V16.3.1")
def test_it_stands_in_the_trail_and_its_person_is_told(directory: Slapd, invited: User) -> None:
    client = Client()
    sign_in(client)
    client.post("/account/logout/")
    assert not is_signed_in(client)
    rows = AuditEvent.objects.filter(actor_id=invited.pk, action__startswith="user.")
    acts = list(rows.order_by("seq").values_list("action", "detail"))
    assert ("user.signed-in", {"by": ["directory"]}) in acts
    assert {"user.bound-elsewhere", "user.signed-out"} <= {action for action, _detail in acts}
    assert "Danh bạ cơ quan" in AccountNotice.objects.get().body


@pytest.mark.asvs("V6.3.1", "V16.3.1")
def test_a_wrong_password_stands_in_the_trail_and_is_slowed(
    directory: Slapd, invited: User
) -> None:
    sign_in(Client())
    texts = [text_of(sign_in(Client(), password="sai")) for _ in range(FREE_TRIES + 2)]
    assert all("chưa đúng" in text for text in texts[:FREE_TRIES])
    assert "chưa đúng" not in texts[-1]
    assert "quá nhiều" in texts[-1]
    assert "quá nhiều" in text_of(sign_in(Client(), login=" AN "))
    # Active Directory takes these for one name.
    assert "quá nhiều" in text_of(sign_in(Client(), login="Ấn"))
    run_ready()
    rows = AuditEvent.objects.filter(object_id=str(invited.pk), action="user.sign-in-failed")
    assert rows.count() == FREE_TRIES
    assert rows[0].detail == {"by": "directory"}
    assert AuditEvent.objects.filter(action="user.sign-in-slowed").exists()


def test_a_browser_that_is_known_there_counts_by_itself(directory: Slapd, invited: User) -> None:
    known = Client()
    sign_in(known)
    known.post("/account/logout/")
    for _ in range(FREE_TRIES + 1):
        sign_in(Client(), password="sai")
    assert not is_signed_in_by(Client())
    assert is_signed_in_by(known)


def is_signed_in_by(client: Client) -> bool:
    sign_in(client)
    return is_signed_in(client)


@pytest.mark.asvs("V6.3.8", "V1.2.6")
@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("an", "sai"),
        ("khong.ai", PASSWORD),
        ("*)(uid=*", PASSWORD),
        ("a*", PASSWORD),
        ("a\u00adn", PASSWORD),
        ("binh", "sai"),
        (INVITED, LOCAL_PASSWORD),
    ],
)
def test_all_who_are_refused_read_the_same(
    directory: Slapd, invited: User, login: str, password: str
) -> None:
    client = Client()
    shown = sign_in(client, login, password)
    assert shown.status_code == 200
    assert shown.context["form"].non_field_errors() == [
        "Tên đăng nhập hoặc mật khẩu chưa đúng, hoặc Danh bạ cơ quan không cho tài khoản này đăng "
        "nhập. Nếu mật khẩu ở đó đã hết hạn, hãy đổi ở đó trước."
    ]
    assert not is_signed_in(client)


@pytest.mark.asvs("V7.5.3")
def test_a_weighty_act_asks_for_the_password_of_the_directory(
    directory: Slapd, invited: User, later
) -> None:
    client = Client()
    sign_in(client)
    later(11)
    again = "/account/reauthenticate/?next=/account/sessions/"
    assert client.post("/account/sessions/").status_code == 302
    assert "Mật khẩu của bạn ở Danh bạ cơ quan." in text_of(client.get(again))
    for password in ("sai", LOCAL_PASSWORD):
        shown = client.post(again, {"password": password, "next": "/account/sessions/"})
        assert shown.status_code == 200, password
    later(20)
    assert (
        client.post(again, {"password": PASSWORD, "next": "/account/sessions/"}).status_code == 302
    )
    assert client.post("/account/sessions/").status_code in (200, 302)


def test_no_password_is_written_anywhere(directory: Slapd, invited: User, caplog, capsys) -> None:
    client = Client()
    sign_in(client, password="sai-mat-khau-that")
    sign_in(client)
    spoken = caplog.text + capsys.readouterr().err + str(dict(client.session.items()))
    spoken += str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert PASSWORD not in spoken
    assert "sai-mat-khau-that" not in spoken
