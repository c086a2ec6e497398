"""A move that waits for the next phase."""

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ReportCounter
from quetsach_portal.campaigns.tree.waiting import WaitingChange
from quetsach_portal.register import effects as tree_effects
from quetsach_portal.units.models import OrgUnit
from tests.portal.register.recount import differences
from tests.portal.register.tree_events import Done, later_phase, node_of, pks_of, report_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_move_waits_for_the_next_phase_and_this_one_keeps_its_totals(
    world: World, done: Done
) -> None:
    later = later_phase(world)
    report_in(world, "TC01A")
    done("move", units=pks_of(world, "TC01A"), parent=world.units["TC02"].pk)
    assert OrgUnit.objects.get(code="TC01A").parent == world.units["TC02"]
    assert node_of("TC01A").parent == world.nodes["TC01"]
    assert tree_effects.apply_due(world.campaign, timezone.now()) == 0
    assert differences(world.campaign) == []
    assert tree_effects.apply_due(world.campaign, later.opens_at) == 1
    assert tree_effects.apply_due(world.campaign, later.opens_at) == 0
    moved = node_of("TC01A")
    assert moved.parent == world.nodes["TC02"]
    assert moved.path == f"{world.nodes['TC02'].path}{moved.pk}/"
    kept = {
        one.node.unit.code: (one.expected, one.reported)
        for one in ReportCounter.objects.filter(phase=world.phase).select_related("node__unit")
    }
    assert kept == {"TC": (4, 1), "TC01": (2, 1), "TC02": (1, 0), "TC01A": (1, 1)}
    assert differences(world.campaign) == []
    change = WaitingChange.objects.get()
    assert (change.old_parent, change.from_phase) == (world.nodes["TC01"], 2)
