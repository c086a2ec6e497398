"""Where codes lead: to the public page that is shown, and to no other."""

import pytest

from quetsach_portal.campaigns.public_page import (
    PublicPage,
    check_address,
    join_address,
    page_campaign,
    public_folder,
    shown_page,
)
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World

pytestmark = pytest.mark.django_db

HOST = "https://quetsach.example"


@pytest.mark.parametrize(
    ("fields", "joins", "checks"),
    [
        ({"address": HOST, "documents": f"{HOST}/check"}, True, True),
        ({"address": HOST, "documents": f"{HOST}/check/"}, True, True),
        ({"address": HOST, "documents": "https://other.example/check"}, True, False),
        ({"address": HOST}, True, False),
        ({"documents": f"{HOST}/check"}, False, False),
        ({"address": HOST, "documents": f"{HOST}/check", "is_shown": False}, False, False),
    ],
)
def test_codes_lead_to_the_page_that_is_shown(
    world: World, fields: dict[str, object], *, joins: bool, checks: bool
) -> None:
    owner = world.user("TC", Role.LEAD_OWNER)
    PublicPage.objects.create(campaign=world.campaign, changed_by=owner, **fields)
    number = world.campaign.pk
    assert join_address("abc", number) == (f"{HOST}/tham-gia?ma=abc" if joins else "")
    assert check_address(number) == (f"{HOST}/check" if checks else "")
    assert join_address("abc", number + 1) == check_address(number + 1) == ""


def test_without_a_page_nothing_leads_anywhere(world: World) -> None:
    assert shown_page() is None
    assert join_address("abc", world.campaign.pk) == ""


def test_the_plane_gets_the_fields_of_the_page() -> None:
    page = PublicPage(title="Chiến dịch", domains=["a.example", "b.example"], amnesty="Số 15")
    said = page_campaign(page)
    assert (said.title, said.domains, said.amnesty) == (
        "Chiến dịch",
        ("a.example", "b.example"),
        "Số 15",
    )


def test_the_public_folder_is_made_inside_the_portals_home(home) -> None:
    assert public_folder() == home / "public"
    assert public_folder().is_dir()
