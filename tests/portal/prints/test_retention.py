"""Answers go with the archiving."""

import pytest
from django.db import transaction

from quetsach_portal.intake.queries import rules_of
from quetsach_portal.operations.act_names import ACTS
from quetsach_portal.people.models.roles import Role
from quetsach_portal.prints.models import PrintMatch, PrintQuestion
from quetsach_portal.prints.retention import kinds_of, purge
from tests.portal.prints.asked import asked
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_each_kind_that_is_destroyed_has_an_act_with_a_name(world: World) -> None:
    kinds = kinds_of(world.campaign)
    assert [kind.days for kind in kinds] == [rules_of(world.campaign).keep_raw_days, 180, None]
    assert all(kind.act in ACTS for kind in kinds)


def test_nothing_is_left(world: World) -> None:
    asked(world.campaign, world.nodes["TC01"], world.user("TC", Role.LEAD_OWNER))
    with transaction.atomic():
        assert purge(world.campaign) == {"print_questions": 1}
    assert not PrintMatch.objects.exists()
    assert not PrintQuestion.objects.exists()
