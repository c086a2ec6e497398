"""Merges, splits and closings in a running campaign: reports and counters."""

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.counters import reach
from quetsach_portal.campaigns.models.campaign import (
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
    NodeState,
)
from quetsach_portal.units.models import Headcount, OrgUnit, UnitKind
from quetsach_portal.units.tree_plan import NewUnit
from quetsach_portal.web.acts import Refused
from tests.portal.register.recount import differences
from tests.portal.register.tree_events import (
    Done,
    later_phase,
    merge_both,
    node_of,
    pks_of,
    report_in,
    root_counter,
    slot_of,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_merge_closes_the_open_slots_and_gives_the_new_unit_one(world: World, done: Done) -> None:
    Headcount.objects.bulk_create(
        Headcount(unit=world.units[code], staff_count=n, as_of=timezone.localdate())
        for code, n in (("TC01", 20), ("TC02", 22))
    )
    merge_both(world, done)
    new = node_of("X1")
    olds = [node_of("TC01"), node_of("TC02")]
    assert [one.state for one in olds] == [NodeState.MERGED] * 2
    assert [list(one.replaced_by.all()) for one in olds] == [[new], [new]]
    assert [slot_of(world, one).state for one in ("TC01", "TC02", "X1")] == [
        ExpectedReportState.EXCUSED,
        ExpectedReportState.EXCUSED,
        ExpectedReportState.OPEN,
    ]
    assert "Nghị quyết" in slot_of(world, "TC01").excuse_reason
    assert new.staff == 20
    assert OrgUnit.objects.get(code="X1").headcounts.get().staff_count == 42
    assert OrgUnit.objects.get(code="TC01").closed_on == timezone.localdate()
    assert differences(world.campaign) == []
    assert NodeCounter.objects.get(node=world.nodes["TC"]).staff == 40


def test_B8_a_merge_counts_either_the_old_units_or_the_new_one(world: World, done: Done) -> None:
    signed = report_in(world, "TC01")
    merge_both(world, done)
    signed.refresh_from_db()
    assert signed.signed_at is not None
    assert signed.reported_at is not None
    root = root_counter(world)
    assert (root.expected, root.reported, root.signed) == (3, 0, 0)
    assert differences(world.campaign) == []


def test_B8_where_all_had_signed_the_phase_keeps_them_and_the_new_unit_has_no_slot(
    world: World, done: Done
) -> None:
    first, second_slot = report_in(world, "TC01"), report_in(world, "TC02")
    later = later_phase(world)
    merge_both(world, done)
    for slot in (first, second_slot):
        slot.refresh_from_db()
        assert slot.state == ExpectedReportState.SIGNED
    assert not ExpectedReport.objects.filter(phase=world.phase, node__unit__code="X1").exists()
    assert (
        ExpectedReport.objects.get(phase=later, node__unit__code="X1").state
        == ExpectedReportState.OPEN
    )
    assert (root_counter(world).expected, root_counter(world).reported) == (4, 2)
    assert differences(world.campaign) == []


def test_a_split_copies_nothing_and_asks_where_children_belong(world: World, done: Done) -> None:
    reach(world.nodes["TC01"], "received", timezone.now())
    parts = (
        NewUnit("Y1", "Xã Y Một", UnitKind.COMMUNE, staff=7),
        NewUnit("Y2", "Xã Y Hai", UnitKind.COMMUNE),
    )
    unit = world.units["TC01"]
    with pytest.raises(Refused):
        done("split", units=(unit.pk,), parts=parts)
    done("split", units=(unit.pk,), parts=parts, allot={str(world.units["TC01A"].pk): 1})
    assert node_of("TC01").state == NodeState.SPLIT
    assert node_of("TC01").received_at is not None
    assert [(node_of(c).staff, node_of(c).received_at) for c in ("Y1", "Y2")] == [
        (7, None),
        (0, None),
    ]
    assert node_of("TC01A").path.startswith(node_of("Y2").path)
    assert [slot_of(world, c).state for c in ("TC01", "Y1", "Y2")] == [
        ExpectedReportState.EXCUSED,
        ExpectedReportState.OPEN,
        ExpectedReportState.OPEN,
    ]
    assert differences(world.campaign) == []


def test_B10_closing_leaves_the_denominator_and_no_rate_passes_100(
    world: World, done: Done
) -> None:
    report_in(world, "TC01A")
    reach(world.nodes["TC02"], "received", timezone.now())
    done("close", units=pks_of(world, "TC02"))
    assert slot_of(world, "TC02").state == ExpectedReportState.EXCUSED
    root, units = root_counter(world), NodeCounter.objects.get(node=world.nodes["TC"])
    assert (root.expected, root.reported) == (3, 1)
    assert (units.units, units.received) == (3, 0)
    done("close", units=pks_of(world, "TC01A"))
    kept = slot_of(world, "TC01A")
    assert (kept.state, kept.signed_at is not None) == (ExpectedReportState.SIGNED, True)
    assert root_counter(world).reported <= root_counter(world).expected
    assert differences(world.campaign) == []
