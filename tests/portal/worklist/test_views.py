"""The first page: in which campaign, and in how few queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quetsach_portal.people.models.roles import Role
from tests.portal.worklist.pages import SignIn, page
from tests.portal.world import World, make_campaign

pytestmark = pytest.mark.django_db


def test_of_several_campaigns_one_is_chosen(world: World, client_of: SignIn) -> None:
    first = world.campaign
    second = make_campaign(world)
    client = client_of("TC", Role.LEAD_OWNER)
    newest = page(client)
    assert f"/followup/campaigns/{second.pk}/ladder/" in newest
    assert f'<a href="?campaign={first.pk}">' in newest
    older = page(client, f"?campaign={first.pk}")
    assert f'<a href="?campaign={second.pk}">' in older
    assert f"/followup/campaigns/{first.pk}/ladder/" in older


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 400, "٣", "1 or 1=1", ""])
def test_a_campaign_that_is_none_is_not_asked_for(
    world: World, client_of: SignIn, asked: str
) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    assert f"/campaigns/{world.campaign.pk}/ladder/" in page(client, f"?campaign={asked}")


def test_A1_a_strangers_campaign_is_not_shown(world: World, client_of: SignIn) -> None:
    mine = world.campaign
    theirs = make_campaign(world, lead="KH")
    source = page(client_of("TC", Role.LEAD_OWNER), f"?campaign={theirs.pk}")
    assert f"/campaigns/{mine.pk}/ladder/" in source
    assert f"/campaigns/{theirs.pk}/" not in source


@pytest.mark.parametrize(
    ("code", "role", "path", "most"),
    [
        # The whole case, its report with the records behind it included.
        ("TC01A", Role.FOCAL_POINT, "/", 49),
        # One is the bell of the head; the last asks for withdrawals that wait for this person.
        ("TC01", Role.FOCAL_POINT, "/", 21),
        ("TC01A", Role.FOCAL_POINT, "/campaigns/", 5),
        # The last one asks for what another owner asked to change or correct.
        ("TC", Role.LEAD_OWNER, "/", 29),
    ],
)
def test_what_everybody_opens_first_costs_few_queries(
    world: World, client_of: SignIn, code: str, role: Role, path: str, most: int
) -> None:
    client = client_of(code, role)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    assert len(asked) <= most, "\n".join(one["sql"].partition(" FROM ")[2][:150] for one in asked)
