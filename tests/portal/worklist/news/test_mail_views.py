"""Which mails somebody gets: on one's own page, and by the link of a mail."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from quetsach_portal.mail.message import MailDraft
from quetsach_portal.people.models.news import MailSort
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.news.mail_choices import choices_of, is_off, with_way_out

pytestmark = pytest.mark.django_db

ADDRESS = "ubnd@xa.example"


def link(sort: MailSort = MailSort.DIGEST) -> str:
    return urlsplit(with_way_out(MailDraft("Tin", "…\n"), ADDRESS, sort).off_address).path


def test_a_link_that_a_scanner_opens_changes_nothing_and_one_press_switches_off() -> None:
    path, client = link(), Client(enforce_csrf_checks=True)
    for _time in range(2):
        page = client.get(path)
        assert page.status_code == 200
        assert "Lúc 07:30" in page.content.decode()
        assert ADDRESS not in page.content.decode()
    client.head(path)
    assert not is_off(ADDRESS, MailSort.DIGEST)
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert is_off(ADDRESS, MailSort.DIGEST)
    assert "Đã tắt loại thư này" in client.get(path).content.decode()
    client.post(path, {"act": "on"})
    assert not is_off(ADDRESS, MailSort.DIGEST)


def test_a_link_with_another_signature_is_not_there() -> None:
    path = link()
    wrong = path[:-2] + ("0" if path[-2] != "0" else "1") + "/"
    assert Client().get(wrong).status_code == 404
    assert Client().post(wrong, {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert not is_off(ADDRESS, MailSort.DIGEST)


def test_a_person_chooses_on_the_own_page(world, client_of) -> None:
    client = client_of("TC01", Role.TECHNICIAN)
    page = client.get("/account/mails/").content.decode()
    assert page.count('type="checkbox"') == page.count(" checked>") == len(MailSort)
    client.post("/account/mails/", {"sort": ["machines", "deadlines"]})
    chosen = choices_of(world.user("TC01", Role.TECHNICIAN).email)
    assert [sort for sort, wanted in chosen.items() if wanted] == ["machines", "deadlines"]
    assert client.get("/account/mails/").content.decode().count(" checked>") == 2


def test_the_page_of_choices_is_for_who_is_signed_in() -> None:
    answer = Client().get("/account/mails/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
