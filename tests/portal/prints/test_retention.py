"""Answers go with the archiving."""

import pytest
from django.db import transaction

from quetsach_portal.people.models.roles import Role
from quetsach_portal.prints.models import PrintHit, PrintQuestion
from quetsach_portal.prints.retention import purge
from tests.portal.prints.asked import asked
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_nothing_is_left(world: World) -> None:
    asked(world.campaign, world.nodes["TC01"], world.user("TC", Role.LEAD_OWNER))
    with transaction.atomic():
        assert purge(world.campaign) == {"print_questions": 1}
    assert not PrintHit.objects.exists()
    assert not PrintQuestion.objects.exists()
