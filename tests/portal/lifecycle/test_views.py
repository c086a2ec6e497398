"""The pages of the end: they say what will happen and do nothing unseen."""

import pytest

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.people.models.roles import Role
from tests.portal.lifecycle.ends import state
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_the_first_page_does_nothing_and_leads_to_what_will_happen(
    world: World, client_of, address: str
) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    page = client.get(address).content.decode()
    assert f'href="{address}check/"' in page
    assert "<form method" not in page.partition("<main")[2].partition("</main")[0]
    assert client.post(address, {"step": "begin"}).status_code == 405
    assert state(world) == CampaignState.LIVE


@pytest.mark.asvs("V2.3.1")
@pytest.mark.parametrize("pressed", ["begin", "", "archive"])
def test_a_press_of_an_older_page_takes_no_step_that_was_not_shown(
    world: World, client_of, address: str, pressed: str
) -> None:
    Campaign.objects.update(state=CampaignState.CLOSING)
    client = client_of("TC", Role.LEAD_OWNER)
    page = client.post(f"{address}check/", {"step": pressed})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert 'name="step" value="close"' in page.content.decode(), "the next press is of this page"
    assert state(world) == CampaignState.CLOSING
