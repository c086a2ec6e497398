"""Figures on pages: rates never pass 100 %, past days stay, small units stand together."""

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    NodeCounter,
    ReportCounter,
)
from quetsach_portal.dashboards.gathering import gather
from quetsach_portal.people.models.roles import Role
from tests.portal.cases.rows import make_case

pytestmark = pytest.mark.django_db


PAGES = ("", "coverage/", "ranking/", "map/", "trend/", "years/", "week/")


def test_every_page_opens_for_who_sits_in_the_campaign(world, client_of) -> None:
    make_case(world, "TC01")
    gather(world.campaign, timezone.localdate())
    client = client_of("TC", Role.LEAD_OWNER)
    for page in PAGES:
        assert client.get(f"/figures/{world.campaign.pk}/{page}").status_code == 200
    shown = client.get(f"/figures/{world.campaign.pk}/").content.decode()
    assert "Emotet" in shown


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_however_many_units(
    world, client_of, page, django_assert_max_num_queries
) -> None:
    parent = world.nodes["TC"]
    for number in range(40):
        node = CampaignNode.objects.create(
            campaign=world.campaign,
            unit=world.units["KH"] if number == 0 else _unit(number),
            parent=parent,
            path=f"{parent.path}{900 + number}/",
            depth=1,
            name_at_freeze=f"Xã {number}",
        )
        NodeCounter.objects.create(node=node, units=1, staff=20)
        ReportCounter.objects.create(node=node, phase=world.phase, expected=1)
    client = client_of("TC", Role.LEAD_OWNER)
    with django_assert_max_num_queries(32):
        client.get(f"/figures/{world.campaign.pk}/{page}?tree={world.campaign.pk}")


def _unit(number: int):
    from tests.portal.world import make_unit

    return make_unit(f"X{number}")


def test_what_a_picture_shows_opens_and_the_table_beside_it_opens_the_same(
    world, client_of
) -> None:
    make_case(world, "TC01")
    gather(world.campaign, timezone.localdate())
    office, node = client_of("TC", Role.COMPILER), world.nodes["TC"]
    pages = f"/figures/{world.campaign.pk}"
    seen = office.get(f"{pages}/").content.decode()
    today = timezone.localdate().isoformat()
    devices = f'href="{pages}/?under={node.pk}&amp;on={today}"'
    assert devices in seen
    assert f'{devices} tabindex="-1"' in seen
    for step in ("received", "deployed"):
        ladder = f"/followup/campaigns/{world.campaign.pk}/ladder/?under={node.pk}"
        assert f"{ladder}&amp;has={step}" in seen
        assert office.get(f"{ladder}&has={step}").status_code == 200
    below = world.nodes["TC01"].pk
    tiles = office.get(f"{pages}/map/?by=deployed").content.decode()
    assert f'href="?by=deployed&amp;under={below}" tabindex="-1"' in tiles
    strips = office.get(f"{pages}/coverage/").content.decode()
    assert f'href="?under={below}&amp;on={today}" tabindex="-1"' in strips
