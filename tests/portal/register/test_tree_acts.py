"""Events of the tree do to units, nodes, reports and counters what campaign.md 3.4 says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.counters import add_slot, reach
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
    NodeState,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.tree.succession import continued_by
from quetsach_portal.campaigns.tree.waiting import WaitingChange
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.register import tree_acts, waiting
from quetsach_portal.units.dated import name_on
from quetsach_portal.units.models import (
    EventState,
    Headcount,
    OrgEdge,
    OrgEvent,
    OrgUnit,
    UnitContact,
    UnitKind,
)
from quetsach_portal.units.tree_plan import NewUnit, TreePlan, UnitMerge
from quetsach_portal.web.acts import Refused
from tests.portal.register.recount import differences
from tests.portal.world import World, make_user

pytestmark = pytest.mark.django_db

Done = Callable[..., Any]
NEW = NewUnit("X1", "Ủy ban nhân dân xã Mới", UnitKind.COMMUNE)


def _report(world: World, code: str, *, signed: bool = True) -> ExpectedReport:
    slot = ExpectedReport.objects.select_related("node").get(
        phase=world.phase, node=world.nodes[code]
    )
    slot.reported_at = timezone.now()
    slot.signed_at = slot.reported_at if signed else None
    slot.state = ExpectedReportState.SIGNED if signed else ExpectedReportState.SUBMITTED
    slot.save()
    add_slot(slot.node, slot.phase_id, reported=1, on_time=1, signed=int(signed))
    return slot


def _slot(world: World, code: str) -> ExpectedReport:
    return ExpectedReport.objects.get(phase=world.phase, node__unit__code=code)


def _node(code: str) -> CampaignNode:
    return CampaignNode.objects.get(unit__code=code)


def _pks(world: World, *codes: str) -> tuple[int, ...]:
    return tuple(world.units[code].pk for code in codes)


def _root(world: World) -> ReportCounter:
    return ReportCounter.objects.get(node=world.nodes["TC"], phase=world.phase)


def _merge(world: World, done: Done) -> None:
    done("merge", merges=(UnitMerge(units=_pks(world, "TC01", "TC02"), new=NEW),))


def _later_phase(world: World, days: int = 1) -> Phase:
    assert world.phase is not None
    now = timezone.now()
    phase = Phase.objects.create(
        campaign=world.campaign,
        no=2,
        opens_at=now + timedelta(days=days),
        due_at=now + timedelta(days=days + 30),
    )
    for node in world.nodes.values():
        ExpectedReport.objects.create(phase=phase, node=node, due_at=phase.due_at)
        below = CampaignNode.objects.filter(path__startswith=node.path)
        ReportCounter.objects.create(node=node, phase=phase, expected=below.count())
    return phase


def test_a_rename_keeps_slot_and_codes_and_old_days_keep_the_old_name(
    world: World, done: Done
) -> None:
    unit, before = world.units["TC01"], _slot(world, "TC01")
    done("rename", units=(unit.pk,), name="Ủy ban nhân dân phường Một", short_name="UBND p. Một")
    unit.refresh_from_db()
    today = timezone.localdate()
    assert (unit.name, unit.code) == ("Ủy ban nhân dân phường Một", "TC01")
    assert "phuong mot" in unit.search
    assert name_on(unit, today) == "Ủy ban nhân dân phường Một"
    assert name_on(unit, today - timedelta(days=1)) == "Ủy ban nhân dân xã Một"
    assert _slot(world, "TC01") == before
    assert _node("TC01").state == NodeState.ACTIVE


def test_a_merge_closes_the_open_slots_and_gives_the_new_unit_one(world: World, done: Done) -> None:
    Headcount.objects.bulk_create(
        Headcount(unit=world.units[code], staff_count=n, as_of=timezone.localdate())
        for code, n in (("TC01", 20), ("TC02", 22))
    )
    _merge(world, done)
    new = _node("X1")
    olds = [_node("TC01"), _node("TC02")]
    assert [one.state for one in olds] == [NodeState.MERGED] * 2
    assert [list(one.replaced_by.all()) for one in olds] == [[new], [new]]
    assert [_slot(world, one).state for one in ("TC01", "TC02", "X1")] == [
        ExpectedReportState.EXCUSED,
        ExpectedReportState.EXCUSED,
        ExpectedReportState.OPEN,
    ]
    assert "Nghị quyết" in _slot(world, "TC01").excuse_reason
    assert new.staff == 20
    assert OrgUnit.objects.get(code="X1").headcounts.get().staff_count == 42
    assert OrgUnit.objects.get(code="TC01").closed_on == timezone.localdate()
    assert differences(world.campaign) == []
    assert NodeCounter.objects.get(node=world.nodes["TC"]).staff == 40


def test_B8_a_merge_counts_either_the_old_units_or_the_new_one(world: World, done: Done) -> None:
    signed = _report(world, "TC01")
    _merge(world, done)
    signed.refresh_from_db()
    assert signed.signed_at is not None
    assert signed.reported_at is not None
    root = _root(world)
    assert (root.expected, root.reported, root.signed) == (3, 0, 0)
    assert differences(world.campaign) == []


def test_B8_where_all_had_signed_the_phase_keeps_them_and_the_new_unit_has_no_slot(
    world: World, done: Done
) -> None:
    first, second_slot = _report(world, "TC01"), _report(world, "TC02")
    later = _later_phase(world)
    _merge(world, done)
    for slot in (first, second_slot):
        slot.refresh_from_db()
        assert slot.state == ExpectedReportState.SIGNED
    assert not ExpectedReport.objects.filter(phase=world.phase, node__unit__code="X1").exists()
    assert (
        ExpectedReport.objects.get(phase=later, node__unit__code="X1").state
        == ExpectedReportState.OPEN
    )
    assert (_root(world).expected, _root(world).reported) == (4, 2)
    assert differences(world.campaign) == []


def test_a_merge_takes_children_contacts_and_steps_along_and_adds_nothing_twice(
    world: World, done: Done
) -> None:
    for code in ("TC01", "TC02"):
        reach(world.nodes[code], "received", timezone.now())
    reach(world.nodes["TC02"], "told", timezone.now())
    off = UnitContact.objects.create(
        unit=world.units["TC01"], mail="a@donvi.example", disabled_reason="550"
    )
    _merge(world, done)
    school = OrgUnit.objects.get(code="TC01A")
    new = OrgUnit.objects.get(code="X1")
    assert school.parent == new
    assert school.path == f"{new.path}{school.pk}/"
    assert OrgEdge.objects.get(child=school, valid_to__isnull=True).parent == new
    assert _node("TC01A").path.startswith(_node("X1").path)
    assert _node("X1").received_at is not None
    assert _node("X1").told_at is None
    copied = UnitContact.objects.get(unit=new)
    assert (copied.mail, copied.disabled_reason) == (off.mail, "550")
    assert differences(world.campaign) == []


def test_a_merge_into_a_unit_that_stands_already(world: World, done: Done) -> None:
    world.units["TC02"].refresh_from_db()
    merge = UnitMerge(units=_pks(world, "TC01"), into=world.units["TC02"].pk)
    done("merge", merges=(merge,))
    assert _node("TC02").staff == 20
    assert _node("TC02").state == NodeState.ACTIVE
    assert _node("TC01").state == NodeState.MERGED
    assert (_root(world).expected, _root(world).excused) == (3, 1)
    assert differences(world.campaign) == []


def test_codes_of_merged_nodes_lead_on_and_those_of_split_ones_ask(
    world: World, done: Done
) -> None:
    _merge(world, done)
    assert continued_by(_node("TC01")) == [_node("X1")]
    parts = (
        NewUnit("Y1", "Xã Y Một", UnitKind.COMMUNE, staff=7),
        NewUnit("Y2", "Xã Y Hai", UnitKind.COMMUNE, staff=8),
    )
    school = world.units["TC01A"]
    done(
        "split", units=(OrgUnit.objects.get(code="X1").pk,), parts=parts, allot={str(school.pk): 1}
    )
    assert continued_by(_node("TC01")) == [_node("Y1"), _node("Y2")]
    assert continued_by(_node("TC01A")) == [_node("TC01A")]


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
    assert _node("TC01").state == NodeState.SPLIT
    assert _node("TC01").received_at is not None
    assert [(_node(c).staff, _node(c).received_at) for c in ("Y1", "Y2")] == [(7, None), (0, None)]
    assert _node("TC01A").path.startswith(_node("Y2").path)
    assert [_slot(world, c).state for c in ("TC01", "Y1", "Y2")] == [
        ExpectedReportState.EXCUSED,
        ExpectedReportState.OPEN,
        ExpectedReportState.OPEN,
    ]
    assert differences(world.campaign) == []


def test_B10_closing_leaves_the_denominator_and_no_rate_passes_100(
    world: World, done: Done
) -> None:
    _report(world, "TC01A")
    reach(world.nodes["TC02"], "received", timezone.now())
    done("close", units=_pks(world, "TC02"))
    assert _slot(world, "TC02").state == ExpectedReportState.EXCUSED
    root, units = _root(world), NodeCounter.objects.get(node=world.nodes["TC"])
    assert (root.expected, root.reported) == (3, 1)
    assert (units.units, units.received) == (3, 0)
    done("close", units=_pks(world, "TC01A"))
    kept = _slot(world, "TC01A")
    assert (kept.state, kept.signed_at is not None) == (ExpectedReportState.SIGNED, True)
    assert _root(world).reported <= _root(world).expected
    assert differences(world.campaign) == []


def test_a_unit_with_others_below_it_is_not_dissolved(world: World, done: Done) -> None:
    with pytest.raises(Refused):
        done("close", units=_pks(world, "TC01"))
    done("close", units=_pks(world, "TC01", "TC01A"), final_report=True)
    assert _slot(world, "TC01").state == ExpectedReportState.OPEN


def test_people_of_a_closed_unit_read_for_30_days_and_do_nothing(world: World, done: Done) -> None:
    person = world.user("TC02", Role.FOCAL_POINT)
    done("close", units=_pks(world, "TC02"))
    unit = OrgUnit.objects.get(code="TC02")
    scope = scope_of(person)
    assert scope.visible() is not None
    assert OrgUnit.objects.filter(scope.visible()).get() == unit
    assert not scope.has_role_in(unit, Role.FOCAL_POINT)
    assert not scope.has_role(Role.FOCAL_POINT)
    later = timezone.localdate() + timedelta(days=30)
    assert scope_of(person, later).seats == ()
    assert Assignment.objects.get(user=person).valid_to == later


def test_a_move_waits_for_the_next_phase_and_this_one_keeps_its_totals(
    world: World, done: Done
) -> None:
    later = _later_phase(world)
    _report(world, "TC01A")
    done("move", units=_pks(world, "TC01A"), parent=world.units["TC02"].pk)
    assert OrgUnit.objects.get(code="TC01A").parent == world.units["TC02"]
    assert _node("TC01A").parent == world.nodes["TC01"]
    assert waiting.apply_due(world.campaign, timezone.now()) == 0
    assert differences(world.campaign) == []
    assert waiting.apply_due(world.campaign, later.opens_at) == 1
    assert waiting.apply_due(world.campaign, later.opens_at) == 0
    moved = _node("TC01A")
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


def test_move_now_takes_the_running_phase_along(world: World, done: Done) -> None:
    _report(world, "TC01A")
    rev = Campaign.objects.get().tree_rev
    done("move", units=_pks(world, "TC01A"), parent=world.units["TC02"].pk, at_once=True)
    assert _node("TC01A").parent == world.nodes["TC02"]
    assert Campaign.objects.get().tree_rev == rev + 1
    assert differences(world.campaign) == []


def test_a_move_below_itself_and_a_second_parent_are_impossible(world: World, done: Done) -> None:
    with pytest.raises(Refused):
        done("move", units=_pks(world, "TC01"), parent=world.units["TC01A"].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrgEdge.objects.create(
            child=world.units["TC01"], parent=world.units["KH"], valid_from=timezone.localdate()
        )


def test_B8_a_second_line_changes_no_path_and_counts_nothing_twice(
    world: World, done: Done
) -> None:
    before = list(CampaignNode.objects.values_list("pk", "path"))
    done("move", units=_pks(world, "TC01A"), parent=world.units["TC02"].pk, line="sector")
    assert OrgEdge.objects.filter(child=world.units["TC01A"], valid_to__isnull=True).count() == 2
    assert list(CampaignNode.objects.values_list("pk", "path")) == before
    assert differences(world.campaign) == []


@pytest.mark.parametrize("at_once", [True, False])
def test_a_level_is_abolished_and_taken_back(
    at_once: bool, world: World, done: Done, second: User
) -> None:
    later = _later_phase(world)
    before = list(OrgUnit.objects.order_by("pk").values_list("pk", "path", "parent", "closed_on"))
    nodes = list(CampaignNode.objects.order_by("pk").values_list("pk", "path", "state"))
    tallies = list(ReportCounter.objects.order_by("pk").values())
    person = world.user("TC01", Role.FOCAL_POINT)
    event, _effects = done("abolish", units=_pks(world, "TC01"), at_once=at_once)
    assert OrgUnit.objects.get(code="TC01A").parent == world.units["TC"]
    assert (_node("TC01").state == NodeState.CLOSED) is at_once
    assert (_node("TC01A").parent == world.nodes["TC"]) is at_once
    assert differences(world.campaign) == []
    tree_acts.reverse(event, actor=second)
    assert before == list(
        OrgUnit.objects.order_by("pk").values_list("pk", "path", "parent", "closed_on")
    )
    assert nodes == list(CampaignNode.objects.order_by("pk").values_list("pk", "path", "state"))
    assert tallies == list(ReportCounter.objects.order_by("pk").values())
    assert waiting.apply_due(world.campaign, later.opens_at) == 0
    assert Assignment.objects.get(user=person).valid_to is None
    with pytest.raises(Refused):
        tree_acts.reverse(event, actor=second)


def test_a_level_abolished_ends_with_the_next_phase_and_then_stays(
    world: World, done: Done, second: User
) -> None:
    later = _later_phase(world)
    event, effects = done("abolish", units=_pks(world, "TC01"))
    assert effects.moves == [(world.units["TC01A"].name, world.units["TC"].name)]
    Phase.objects.filter(pk=later.pk).update(opens_at=timezone.now())
    assert waiting.apply_due(world.campaign, timezone.now()) == 2
    assert _node("TC01").state == NodeState.CLOSED
    assert _slot(world, "TC01").state == ExpectedReportState.OPEN
    assert (
        ExpectedReport.objects.get(phase=later, node=world.nodes["TC01"]).state
        == ExpectedReportState.EXCUSED
    )
    assert differences(world.campaign) == []
    with pytest.raises(Refused):
        tree_acts.reverse(event, actor=second)


def test_a_preview_shows_the_change_and_changes_nothing(world: World) -> None:
    first = world.user("TC", Role.LEAD_OWNER)
    event = tree_acts.drafted(
        "merge",
        TreePlan(merges=(UnitMerge(units=_pks(world, "TC01", "TC02"), new=NEW),)),
        effective_on=timezone.localdate(),
        legal_doc="NQ 1",
        actor=first,
    )
    effects = tree_acts.effects_of(event)
    assert effects.successions[0][1] == ["Ủy ban nhân dân xã Mới"]
    assert (effects.campaigns[0].slots_ended, effects.campaigns[0].slots_made) == (2, 1)
    assert not OrgUnit.objects.filter(code="X1").exists()
    assert not OrgEvent.objects.exists()
    assert tree_acts.propose(event, actor=first).pk is not None


def test_nobody_approves_what_they_proposed_not_even_past_the_act(world: World) -> None:
    first = world.user("TC", Role.LEAD_OWNER)
    event = tree_acts.propose(
        tree_acts.drafted(
            "close",
            TreePlan(units=_pks(world, "TC02")),
            effective_on=timezone.localdate(),
            legal_doc="QĐ 5",
            actor=first,
        ),
        actor=first,
    )
    with pytest.raises(Refused):
        tree_acts.approve(event, note="", actor=first)
    assert OrgUnit.objects.get(code="TC02").closed_on is None
    assert not AuditEvent.objects.filter(action="tree.approved").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        OrgEvent.objects.filter(pk=event.pk).update(state=EventState.APPLIED, decided_by=first)


def test_an_event_is_done_once_and_not_before_its_day(
    world: World, second: User, done: Done
) -> None:
    event, _effects = done("close", units=_pks(world, "TC02"))
    with pytest.raises(Refused):
        tree_acts.approve(event, note="", actor=second)
    with pytest.raises(Refused):
        done("close", units=_pks(world, "TC02"))
    with pytest.raises(Refused):
        done(
            "close",
            day=timezone.localdate() + timedelta(days=1),
            units=_pks(world, "TC01A"),
        )


def test_a_stranger_campaign_is_not_touched(world: World, done: Done) -> None:
    make_user(world.units["KH"], Role.LEAD_OWNER)
    _merge(world, done)
    assert OrgUnit.objects.get(code="KH").closed_on is None
