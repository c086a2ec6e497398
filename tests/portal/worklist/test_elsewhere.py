"""Other campaigns on the first page."""

import pytest
from django.test import Client

from tests.portal.worklist.pages import page
from tests.portal.world import World, make_campaign

pytestmark = pytest.mark.django_db


def test_another_campaign_stands_in_the_list_by_its_due_date(world: World, clerk: Client) -> None:
    first = world.campaign
    make_campaign(world)
    source = page(clerk)
    assert "Việc ở chiến dịch khác" in source
    assert f'href="?campaign={first.pk}">Xác nhận đã nhận công văn' in source
