"""Nodes that move, with their counters."""

import pytest

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.units.models import OrgEdge
from tests.portal.register.recount import differences
from tests.portal.register.tree_events import Done, node_of, pks_of, report_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_move_now_takes_the_running_phase_along(world: World, done: Done) -> None:
    report_in(world, "TC01A")
    rev = Campaign.objects.get().tree_rev
    done("move", units=pks_of(world, "TC01A"), parent=world.units["TC02"].pk, at_once=True)
    assert node_of("TC01A").parent == world.nodes["TC02"]
    assert Campaign.objects.get().tree_rev == rev + 1
    assert differences(world.campaign) == []


def test_B8_a_second_line_changes_no_path_and_counts_nothing_twice(
    world: World, done: Done
) -> None:
    before = list(CampaignNode.objects.values_list("pk", "path"))
    done("move", units=pks_of(world, "TC01A"), parent=world.units["TC02"].pk, line="sector")
    assert OrgEdge.objects.filter(child=world.units["TC01A"], valid_to__isnull=True).count() == 2
    assert list(CampaignNode.objects.values_list("pk", "path")) == before
    assert differences(world.campaign) == []
