"""The pages of the help, as each role and as nobody."""

import re
from html import unescape

import pytest
from django.test import Client

from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import DeskRole, UnitContact
from quetsach_portal.worklist.guide.content import help_roles, help_subjects, help_words

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a href="([^"]+)">Mở: ')


@pytest.mark.parametrize("role", list(Role))
def test_the_page_of_a_role_leads_to_pages_that_open_to_it(world, client_of, role) -> None:
    client = client_of("TC", role)
    key = next(page.key for page in help_roles().values() if role.value in page.roles)
    addresses = LINK.findall(client.get(f"/help/{key}/").content.decode())
    assert addresses
    for address in dict.fromkeys(addresses):
        assert client.get(address).status_code == 200, address


def test_one_s_own_page_stands_first_and_another_role_s_page_has_no_links(world, client_of) -> None:
    client = client_of("TC01", Role.TECHNICIAN)
    page = client.get("/help/").content.decode()
    assert page.index("/help/ky-thuat/") < page.index("Các vai trò khác")
    assert page.index("/help/van-thu/") > page.index("Các vai trò khác")
    assert not LINK.findall(client.get("/help/chu-tri/").content.decode())


def test_whom_to_call_is_the_office_above_and_who_is_not_signed_in_hears_no_number(
    world, client_of
) -> None:
    for code, phone in (("TC", "0294 111 222"), ("TC01", "0294 333 444"), ("KH", "0294 555 666")):
        unit = world.units[code]
        UnitContact.objects.create(unit=unit, role=DeskRole.CLERK, person="Lê A", phone=phone)
    page = client_of("TC01", Role.CLERK).get("/help/").content.decode()
    assert page.index("0294 111 222") < page.index("0294 333 444")
    assert "0294 555 666" not in page
    assert "Lê A" not in page
    for address in ("/help/", "/help/van-thu/", "/help/subjects/", "/help/words/"):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert "0294" not in answer.content.decode()


def test_without_a_telephone_the_page_says_so(world, client_of) -> None:
    page = client_of("TC01", Role.CLERK).get("/help/").content.decode()
    assert "chưa đăng ký số điện thoại nào" in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_subject_and_word_has_its_anchor_once(client_of, world, language) -> None:
    client = client_of("TC01", Role.CLERK)
    client.post("/language", {"language": language, "next": "/"})
    subjects = unescape(client.get("/help/subjects/").content.decode())
    words = unescape(client.get("/help/words/").content.decode())
    for key, subject in help_subjects().items():
        assert subjects.count(f'id="{key}"') == 1
        shown = subject.text.english if language == "en" else subject.text.vietnamese
        assert shown in subjects
    for anchor in help_words():
        assert words.count(f'id="{anchor}"') == 1
    links = re.findall(r'href="/help/words/#([\w-]+)"', subjects)
    assert set(links) <= help_words().keys()


def test_a_page_that_is_none_is_not_there(world, client_of) -> None:
    assert client_of("TC01", Role.CLERK).get("/help/khac/").status_code == 404
