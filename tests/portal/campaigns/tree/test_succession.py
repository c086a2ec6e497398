"""Which node continues a node that ended."""

import pytest

from quetsach_portal.campaigns.tree.succession import continued_by
from quetsach_portal.units.models import OrgUnit, UnitKind
from quetsach_portal.units.tree_plan import NewUnit
from tests.portal.register.tree_events import Done, merge_both, node_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_codes_of_merged_nodes_lead_on_and_those_of_split_ones_ask(
    world: World, done: Done
) -> None:
    merge_both(world, done)
    assert continued_by(node_of("TC01")) == [node_of("X1")]
    parts = (
        NewUnit("Y1", "Xã Y Một", UnitKind.COMMUNE, staff=7),
        NewUnit("Y2", "Xã Y Hai", UnitKind.COMMUNE, staff=8),
    )
    school = world.units["TC01A"]
    done(
        "split", units=(OrgUnit.objects.get(code="X1").pk,), parts=parts, allot={str(school.pk): 1}
    )
    assert continued_by(node_of("TC01")) == [node_of("Y1"), node_of("Y2")]
    assert continued_by(node_of("TC01A")) == [node_of("TC01A")]
