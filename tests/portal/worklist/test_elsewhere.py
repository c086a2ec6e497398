"""Other campaigns on the first page."""

import pytest
from django.test import Client

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.people.models.roles import Role
from tests.portal.worklist.pages import page
from tests.portal.world import World, make_campaign

pytestmark = pytest.mark.django_db


def test_another_campaign_stands_in_the_list_by_its_due_date(world: World, clerk: Client) -> None:
    first = world.campaign
    make_campaign(world)
    source = page(clerk)
    assert "Việc ở chiến dịch khác" in source
    assert f'href="?campaign={first.pk}">Xác nhận đã nhận công văn' in source


def test_a_start_that_waits_for_the_second_owner_stands_first(world: World, client_of) -> None:
    first = world.campaign
    newest = make_campaign(world)
    asker = world.user("TC", Role.LEAD_ANALYST)
    Campaign.objects.filter(pk=first.pk).update(state="ready", start_asked_by=asker)
    source = page(client_of("TC", Role.LEAD_OWNER))
    assert f'href="?campaign={first.pk}">Quyết định việc bắt đầu chiến dịch' in source
    chosen = client_of("TC", Role.LEAD_OWNER).get(f"/?campaign={first.pk}").content.decode()
    assert f'href="/campaigns/{first.pk}/start/"' in chosen
    Campaign.objects.filter(pk=first.pk).update(start_asked_by=world.user("TC", Role.LEAD_OWNER))
    assert "Quyết định việc bắt đầu" not in page(client_of("TC", Role.LEAD_OWNER))
    assert newest.pk != first.pk
