"""Plans of events that cannot be carried out are refused."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReportState
from quetsach_portal.units.models import OrgEdge
from quetsach_portal.web.acts import Refused
from tests.portal.register.tree_events import Done, pks_of, slot_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_unit_with_others_below_it_is_not_dissolved(world: World, done: Done) -> None:
    with pytest.raises(Refused):
        done("close", units=pks_of(world, "TC01"))
    done("close", units=pks_of(world, "TC01", "TC01A"), final_report=True)
    assert slot_of(world, "TC01").state == ExpectedReportState.OPEN


def test_a_move_below_itself_and_a_second_parent_are_impossible(world: World, done: Done) -> None:
    with pytest.raises(Refused):
        done("move", units=pks_of(world, "TC01"), parent=world.units["TC01A"].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrgEdge.objects.create(
            child=world.units["TC01"], parent=world.units["KH"], valid_from=timezone.localdate()
        )
