"""A link to a new password, used again, by machines, in another's browser, and twice at once."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.portal.people.test_sign_in_forms import GOOD, ask, link
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db

OTHER = "hai con voi đi chợ sớm"


@pytest.fixture
def clerk(world: World) -> User:
    return world.user("TC01", Role.CLERK)


def typed(password: str = GOOD) -> dict[str, str]:
    return {"password1": password, "password2": password}


def is_password(user: User, password: str) -> bool:
    return User.objects.get(pk=user.pk).check_password(password)


def test_a_scanner_of_mails_that_opens_the_link_does_not_use_it_up(clerk: User, sink) -> None:
    ask(clerk.email)
    path = link(sink)
    for _time in range(3):
        assert Client().head(path).status_code == 302
        assert Client().get(path, follow=True).status_code == 200
        assert Client().get(path, headers={"Sec-Purpose": "prefetch"}).status_code == 302
    browser = Client()
    form = browser.get(path).url
    assert browser.post(form, typed()).url == "/account/password/reset/key/done/"
    assert is_password(clerk, GOOD)


@pytest.mark.asvs("V6.4.1")
def test_two_browsers_at_the_form_set_one_password(clerk: User, sink) -> None:
    ask(clerk.email)
    path = link(sink)
    first, second = Client(), Client()
    forms = [browser.get(path).url for browser in (first, second)]
    assert first.post(forms[0], typed()).status_code == 302
    page = second.post(forms[1], typed(OTHER))
    assert page.status_code == 200
    assert "hết hạn" in page.content.decode()
    assert is_password(clerk, GOOD)


@pytest.mark.asvs("V6.4.1")
def test_a_password_changed_meanwhile_ends_all_links(clerk: User, sink) -> None:
    paths = []
    for _time in range(2):
        ask(clerk.email)
        paths.append(link(sink))
    clerk.set_password(OTHER)
    clerk.save()
    for path in paths:
        assert "hết hạn" in Client().get(path).content.decode()


def test_with_two_links_the_use_of_one_ends_the_other(clerk: User, sink) -> None:
    paths = []
    for _time in range(2):
        ask(clerk.email)
        paths.append(link(sink))
    browser = Client()
    browser.post(browser.get(paths[1]).url, typed())
    for path in paths:
        assert "hết hạn" in Client().get(path).content.decode()


def test_in_the_browser_of_somebody_else_it_changes_its_own_account_alone(
    clerk: User, world: World, sink
) -> None:
    ask(clerk.email)
    path = link(sink)
    focal = world.user("TC01", Role.FOCAL_POINT)
    before, browser = focal.password, signed_in(focal)
    browser.post(browser.get(path).url, typed())
    focal.refresh_from_db()
    assert focal.password == before
    assert is_password(clerk, GOOD)
    assert browser.session.get("_auth_user_id") in (None, str(focal.pk)), "nobody is changed into"


def test_the_link_of_one_person_with_the_number_of_another_opens_nothing(
    clerk: User, world: World, sink
) -> None:
    ask(clerk.email)
    key = link(sink).rstrip("/").rpartition("/")[2]
    ask(world.user("TC01", Role.SIGNER).email)
    other = link(sink).rstrip("/").rpartition("/")[2]
    mixed = f"{other.partition('-')[0]}-{key.partition('-')[2]}"
    page = Client().get(f"/account/password/reset/key/{mixed}/", follow=True)
    assert "hết hạn" in page.content.decode()


@pytest.mark.asvs("V3.4.5")
def test_the_form_stands_at_an_address_without_the_key_and_tells_no_site(clerk: User, sink) -> None:
    ask(clerk.email)
    path = link(sink)
    browser = Client()
    there = browser.get(path)
    key = path.rstrip("/").rpartition("-")[2]
    assert key not in there.url
    page = browser.get(there.url)
    assert page["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert "no-store" in page["Cache-Control"]
    text = page.content.decode()
    assert key not in text
    hosts = {urlsplit(one).netloc for one in text.split('"') if one.startswith("http")}
    assert hosts <= {"", "testserver", "127.0.0.1"}
