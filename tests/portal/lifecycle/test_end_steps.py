"""L18: each step of the end says what it does before it is taken, and none is taken unseen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, Phase
from quetsach_portal.lifecycle.end_steps import STEPS
from quetsach_portal.people.models.roles import Role
from tests.portal.campaigns.acting import second_owner
from tests.portal.lifecycle.ends import state
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "now", "then"),
    [
        ("begin", CampaignState.LIVE, CampaignState.CLOSING),
        ("close", CampaignState.CLOSING, CampaignState.CLOSED),
    ],
)
def test_a_step_is_told_whole_and_then_taken(
    world: World, client_of, address: str, name: str, now: str, then: str
) -> None:
    Campaign.objects.update(state=now)
    client = client_of("TC", Role.LEAD_OWNER)
    shown = client.get(f"{address}check/")
    page = shown.content.decode()
    assert all(str(one) in page for one in (*STEPS[name].happens, *STEPS[name].goes_on))
    assert f"<dd>{shown.context['open_count']}</dd>" in page
    assert state(world) == now
    assert client.post(f"{address}check/", {"step": name}).url == address
    assert state(world) == then


def test_before_its_time_a_step_is_told_with_its_day_and_not_offered(
    world: World, client_of, address: str
) -> None:
    due = timezone.now() + timedelta(days=3)
    Phase.objects.update(due_at=due)
    client = client_of("TC", Role.LEAD_OWNER)
    page = client.get(address).content.decode()
    assert f"{timezone.localtime(due):%H:%M %d/%m/%Y}" in page
    assert f"{address}check/" not in page
    assert client.post(f"{address}check/", {"step": "begin"}).url == address
    assert state(world) == CampaignState.LIVE


def test_archiving_is_asked_by_one_and_told_again_to_the_second(
    world: World, client_of, address: str
) -> None:
    ended = timezone.now() - timedelta(days=91)
    Campaign.objects.update(state=CampaignState.CLOSED, closed_at=ended)
    first = client_of("TC", Role.LEAD_OWNER)
    assert 'name="step" value="ask"' in first.get(f"{address}check/").content.decode()
    first.post(f"{address}check/", {"step": "ask"})
    assert first.get(f"{address}check/").url == address, "the one who asked does not confirm"
    asker = world.user("TC", Role.LEAD_OWNER)
    other = signed_in(second_owner(world))
    page = other.get(f"{address}check/").content.decode()
    assert str(asker) in page
    assert all(str(one) in page for one in STEPS["archive"].happens)
    other.post(f"{address}check/", {"step": "ask"})
    assert state(world) == CampaignState.CLOSED, "asking is not confirming"
    other.post(f"{address}check/", {"step": "archive"})
    assert state(world) == CampaignState.ARCHIVED
