"""The small world before any campaign."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Phase
from tests.portal.world import World, make_world


@pytest.fixture
def register(db: None) -> World:
    return make_world(live=False)


@pytest.fixture
def address(world: World) -> str:
    past = timezone.now() - timedelta(days=1)
    Phase.objects.update(opens_at=past - timedelta(days=9), due_at=past, locks_at=None)
    return f"/campaigns/{world.campaign.pk}/end/"
