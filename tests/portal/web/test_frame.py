"""The menu: each role sees the places in which it has work, and may open each of them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.web.frame import MENU
from tests.portal.world import World

pytestmark = pytest.mark.django_db

SignIn = Callable[[str, Role], Client]


def shown(client: Client) -> list[str]:
    return [entry["address"] for entry in client.get("/account/profile/").context["menu"]]


@pytest.mark.parametrize("role", Role)
def test_A1_every_place_of_the_menu_opens_for_whom_it_is_shown(
    role: Role, client_of: SignIn
) -> None:
    client = client_of("TC01", role)
    addresses = shown(client)
    assert "/" in addresses
    for address in addresses:
        assert client.get(address, follow=True).status_code == 200, address


def test_a_clerk_is_not_sent_to_devices_and_a_technician_not_to_letters(
    client_of: SignIn,
) -> None:
    assert reverse("cases:index") not in shown(client_of("TC01", Role.CLERK))
    assert reverse("letters:index") in shown(client_of("TC01", Role.CLERK))
    assert reverse("letters:index") not in shown(client_of("TC01", Role.TECHNICIAN))
    assert reverse("cases:index") in shown(client_of("TC01", Role.TECHNICIAN))


def test_who_has_no_role_sees_only_what_is_everybodys(client_of: SignIn) -> None:
    client = client_of("TC01", Role.OPERATOR)
    Assignment.objects.all().delete()
    assert reverse("oversight:jobs") not in shown(client)


def test_signed_out_there_is_no_menu(world: World) -> None:
    assert Client().get("/account/login/").context["menu"] == []


def test_every_letter_of_a_role_in_the_menu_is_one() -> None:
    known = {role.value for role in Role}
    for place in MENU:
        assert place.roles is None or place.roles <= known, place.name


def test_every_place_of_the_menu_has_an_address() -> None:
    missing = []
    for place in MENU:
        try:
            reverse(place.name)
        except NoReverseMatch:
            missing.append(place.name)
    assert missing == []


def test_pages_of_the_campaign_with_addresses_of_their_own_show_where_one_is(
    client_of: SignIn, world: World
) -> None:
    assert world.campaign is not None
    client = client_of("TC", Role.COMPILER)
    for name in ("dashboards:show", "followup:ladder"):
        menu = client.get(reverse(name, args=[world.campaign.pk])).context["menu"]
        assert [one["address"] for one in menu if one["is_here"]] == [reverse("campaigns:index")]


def test_the_language_is_kept_with_the_person(world, client_of) -> None:
    client = client_of("TC", Role.COMPILER)
    assert 'lang="vi"' in client.get("/").content.decode()
    answer = client.post("/language", {"language": "en", "next": "/units/"})
    assert answer.headers["Location"] == "/units/"
    world.user("TC", Role.COMPILER).refresh_from_db()
    assert world.user("TC", Role.COMPILER).language == "en"
    assert '<html lang="en"' in client.get("/").content.decode()


def test_the_language_switch_leads_nowhere_else(world) -> None:
    for place in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = Client().post("/language", {"language": "en", "next": place})
        assert answer.headers["Location"] == "/"


def test_a_page_that_is_not_there_is_told_in_words(world, client_of) -> None:
    answer = client_of("TC", Role.COMPILER).get("/no/such/page")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.content.decode()
    told = Client().get("/api/v1/no-such-thing")
    assert (told.status_code, told.json()["detail"]) == (404, "not found")
