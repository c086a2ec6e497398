"""A phase that is over keeps its totals, whoever is left out or taken in afterwards."""

from datetime import timedelta

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.tree.correcting import leave_out, take_in
from quetsach_portal.campaigns.units import PlannedNode
from tests.portal.world import World, make_unit


def test_only_phases_that_are_not_over_change(world: World) -> None:
    Phase.objects.update(locks_at=timezone.now() - timedelta(days=1))
    root = world.nodes["TC"]
    revision = world.campaign.tree_rev
    before = ReportCounter.objects.get(node=root).expected
    node = world.nodes["TC02"]
    assert leave_out(node, "ngoài hệ") == []
    assert ExpectedReport.objects.get(node=node).state == ExpectedReportState.OPEN
    unit = make_unit("TC03", world.units["TC"])
    planned = PlannedNode(unit.pk, root.unit_id, 1, unit.name, 5)
    fresh = take_in(world.campaign, planned, root)
    assert not fresh.slots.exists()
    assert ReportCounter.objects.get(node=root).expected == before
    world.campaign.refresh_from_db()
    assert world.campaign.tree_rev == revision + 2
    assert NodeCounter.objects.get(node=fresh).units == 1
