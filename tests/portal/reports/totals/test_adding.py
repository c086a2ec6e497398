"""Adding up: the root is the sum of its leaves, whatever was corrected, moved or merged."""

import random

import pytest
from django.utils import timezone

from quetsach.api.reports import FigureGrade, form_json, shipped_form
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
from quetsach_portal.campaigns.tree.waiting import WaitingChange
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.expected import RELATED, child_slots, figures_of, parent_id_in
from quetsach_portal.reports.models.report import (
    FigureAlarm,
    InputUsed,
    ReportFigure,
    ReportVersion,
)
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.queries import public_version_at
from quetsach_portal.reports.status import before_of
from quetsach_portal.reports.totals.adding import below_of
from quetsach_portal.reports.totals.recount import check_version, recount, suspicious
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing import submitting
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    PEOPLE,
    above,
    accepted,
    fresh,
    handed_in,
    numbers,
    signed,
    slot_of,
    submitted,
    total,
    written,
)
from tests.portal.reports.unguarded import Unguarded
from tests.portal.world import World, make_unit


def test_total_is_own_and_children_and_adjustment_with_missing_named(world: World) -> None:
    accepted(world, "TC01A", numbers(people="5"))
    accepted(world, "TC01", numbers(people="3"))
    slot, author = written(world, "TC", numbers(people="2")), world.user("TC", Role.FOCAL_POINT)
    less = {PEOPLE: (-1, "một người báo hai nơi")}
    draft = writing_draft.adjust(slot, less, revision=slot.draft.revision, actor=author)
    version = handed_in(draft.slot, author)
    row = version.figures.get(key=PEOPLE)
    assert (row.own, row.children, row.adjust, row.total) == (2, 8, -1, 9)
    used = {one.child_slot.node.unit.code: one.used for one in version.inputs.all()}
    assert used == {"TC01": InputUsed.YES, "TC02": InputUsed.MISSING}
    assert figures_of(version)[PEOPLE].total.grade is FigureGrade.DECLARED


def test_adjustment_and_leaving_out_need_a_reason(world: World) -> None:
    slot, author = written(world, "TC"), world.user("TC", Role.FOCAL_POINT)
    for wrong in ({PEOPLE: (1, " ")}, {"assessment": (1, "x")}):
        with pytest.raises(Refused):
            writing_draft.adjust(slot, wrong, revision=slot.draft.revision, actor=author)
    with pytest.raises(Refused):
        writing_draft.leave_out(slot, slot_of(world, "TC02"), " ", actor=author)


def test_report_left_out_is_not_in_the_total_and_says_why(world: World) -> None:
    accepted(world, "TC02", numbers(people="50"))
    slot, author = written(world, "TC", numbers(people="2")), world.user("TC", Role.FOCAL_POINT)
    child = slot_of(world, "TC02")
    draft = writing_draft.leave_out(slot, child, "chờ xác minh", actor=author)
    draft = writing_draft.take_in(draft.slot, child, actor=author)
    assert draft.left_out == {}
    draft = writing_draft.leave_out(slot, child, "chờ xác minh", actor=author)
    version = handed_in(draft.slot, author)
    assert total(version) == 2
    assert version.inputs.get(used="excluded").reason == "chờ xác minh"


def test_only_accepted_reports_go_in(world: World) -> None:
    submitted(world, "TC02", numbers(people="50"))
    assert [one.used for one in below_of(slot_of(world, "TC"))] == [InputUsed.MISSING] * 2


def test_B8_moved_node_stays_with_its_old_parent_in_the_phases_before(world: World) -> None:
    slot = slot_of(world, "TC01A")
    accepted(world, "TC01A", numbers(people="5"))
    node, old, new = (world.nodes[one] for one in ("TC01A", "TC01", "TC02"))
    CampaignNode.objects.filter(pk=node.pk).update(parent=new, path=f"{new.path}{node.pk}/")
    assert [one.pk for one in child_slots(slot_of(world, "TC02"))] == [slot.pk]
    _moved(world, node, old, from_phase=2)
    assert child_slots(slot_of(world, "TC02")) == []
    assert [one.pk for one in child_slots(slot_of(world, "TC01"))] == [slot.pk]
    assert parent_id_in(slot_of(world, "TC01A").node, world.phase) == old.pk
    # In the next phase it stands below its new parent, and there alone.
    later = Phase.objects.create(
        campaign=world.campaign, no=2, opens_at=timezone.now(), due_at=world.phase.due_at
    )
    slots = {
        code: ExpectedReport.objects.create(
            phase=later, node=world.nodes[code], due_at=later.due_at
        )
        for code in ("TC01", "TC02", "TC01A")
    }
    assert child_slots(slots["TC01"]) == []
    assert child_slots(slots["TC02"]) == [slots["TC01A"]]


def test_B10_late_report_of_a_moved_node_is_counted_where_its_phase_is(world: World) -> None:
    node, old, new = (world.nodes[one] for one in ("TC01A", "TC01", "TC02"))
    CampaignNode.objects.filter(pk=node.pk).update(parent=new, path=f"{new.path}{node.pk}/")
    _moved(world, node, old, from_phase=2)
    submitted(world, "TC01A")
    tallies = ReportCounter.objects.filter(phase=world.phase, node__in=[old, new])
    assert {one.node_id: one.reported for one in tallies} == {old.pk: 1, new.pk: 0}


def test_B8_what_one_total_counts_no_other_does(world: World) -> None:
    accepted(world, "TC01A", numbers(people="5"))
    assert total(submitted(world, "TC01", numbers(people="1"))) == 6
    node, new = world.nodes["TC01A"], world.nodes["TC02"]
    CampaignNode.objects.filter(pk=node.pk).update(
        parent=new, path=f"{new.path}{node.pk}/", from_event=1
    )
    version = submitted(world, "TC02", numbers(people="2"))
    assert total(version) == 2
    assert "Một" in version.inputs.get().reason


def test_B8_merged_node_whose_report_was_set_aside_is_no_child(world: World) -> None:
    accepted(world, "TC01", numbers(people="5"))
    ExpectedReport.objects.filter(node=world.nodes["TC01"]).update(
        state=ExpectedReportState.EXCUSED
    )
    CampaignNode.objects.filter(pk=world.nodes["TC01"].pk).update(state=NodeState.MERGED)
    version = submitted(world, "TC", numbers(people="1"))
    assert total(version) == 1
    assert [one.child_slot.node.unit.code for one in version.inputs.all()] == ["TC02"]


def test_merged_unit_begins_with_what_those_before_it_wrote(world: World) -> None:
    for code, people in (("TC01", "5"), ("TC02", "7")):
        written(world, code, numbers(people=people))
    heir = _merged(world, "TC01", "TC02")
    slot = ExpectedReport.objects.select_related(*RELATED).get(node=heir)
    assert [one.name for one in before_of(slot)] == [
        world.nodes[code].name_at_freeze for code in ("TC02", "TC01")
    ]
    draft = writing_draft.open_draft(slot, actor=world.user("TC", Role.FOCAL_POINT))
    assert draft.own[PEOPLE]["value"]["count"] == 12


def test_changed_figure_is_found_shown_and_never_repaired(world: World) -> None:
    accepted(world, "TC01A", numbers(people="5"))
    version = signed(world, "TC01", numbers(people="3"))
    assert recount(world.campaign) == []
    with Unguarded("reports_reportfigure_no_update"):
        ReportFigure.objects.filter(version=version, key=PEOPLE).update(total=80)
    alarms = recount(world.campaign)
    assert [(one.key, one.stored, one.computed) for one in alarms] == [(PEOPLE, "80", "8")]
    assert total(version) == 80
    assert FigureAlarm.objects.count() == len(check_version(fresh(version))) == 1
    with Unguarded("reports_reportfigure_no_update"):
        ReportFigure.objects.filter(version=version, key=PEOPLE).update(total=8)
    assert recount(world.campaign) == []
    assert FigureAlarm.objects.get().closed_at is not None


def test_what_is_suspected_is_what_the_rows_say_row_by_row(world: World) -> None:
    """The slow twin goes through all rows of all versions; the database is asked for sums."""
    form = form_json(shipped_form("phu-luc-mo-rong", ("connections",))).decode()
    Campaign.objects.filter(pk=world.campaign.pk).update(form_definition=form)
    world.campaign.refresh_from_db()
    for code in ("TC01A", "TC01", "TC02"):
        # One that is not added up over units, and that each unit says of itself.
        accepted(world, code, numbers(people="5") | {"indicators_met": TypedAnswer(text="3")})
    version = submitted(world, "TC", numbers(people="1"))
    assert list(suspicious(world.campaign)) == _suspected_slowly(world) == []
    rows = ReportFigure.objects.filter(version__slot__node__campaign=world.campaign)
    below = rows.get(version__slot__node=world.nodes["TC01A"], key=PEOPLE)
    for change in (
        {"children": 11},
        {"children": None},
        {"own": 9},
        {"overlap": 1},
        {"total": 4},
        {"total": None, "absent": "missing"},
    ):
        for row in (below, version.figures.get(key=PEOPLE)):
            with Unguarded("reports_reportfigure_no_update"):
                rows.filter(pk=row.pk).update(**change)
                found = sorted(set(suspicious(world.campaign)))
                assert found == _suspected_slowly(world)
                rows.filter(pk=row.pk).update(
                    **{key: getattr(row, key) for key in change},
                )


def _suspected_slowly(world: World) -> list[int]:
    found = set()
    for version in ReportVersion.objects.filter(slot__node__campaign=world.campaign):
        added = {entry.id for entry, how in form_of(version.form).added() if how is not None}
        used = version.inputs.filter(used__in=["yes", "late"])
        totals = [dict(one.child_version.figures.values_list("key", "total")) for one in used]
        for row in version.figures.filter(key__in=added):
            told = [one[row.key] for one in totals if one.get(row.key) is not None]
            below = sum(told) if told else None
            made = (row.own or 0) + (row.children or 0) + row.adjust - row.overlap
            if row.children != below or (row.total is not None and row.total != made):
                found.add(version.pk)
    return sorted(found)


def test_changed_payload_is_found(world: World) -> None:
    version = signed(world, "TC01A")
    with Unguarded("reports_reportversion_no_update"):
        type(version).objects.filter(pk=version.pk).update(
            payload=version.payload.replace('"count":5', '"count":6')
        )
    assert [one.key for one in recount(world.campaign)] == ["*"]


def test_as_known_on_a_day(world: World) -> None:
    before = timezone.now()
    first = accepted(world, "TC02", numbers(people="5"))
    between = timezone.now()
    slot, author = slot_of(world, "TC02"), first.author
    from quetsach_portal.reports import deciding

    draft = deciding.begin(
        slot, kind="correction", reason_code="other", reason="đếm lại", actor=author
    )
    writing_draft.save(slot, numbers(people="6"), revision=draft.revision, actor=author)
    second = handed_in(slot_of(world, "TC02"), author)
    waiting = timezone.now()
    deciding.accept(second, actor=above(world, "TC02"))
    assert public_version_at(slot, before) is None
    assert public_version_at(slot, between) == first
    assert public_version_at(slot, waiting) == first
    assert public_version_at(slot, timezone.now()) == second


@pytest.mark.parametrize("seed", range(3))
def test_B7_root_total_is_the_sum_of_all_that_units_said(world: World, seed: int) -> None:
    """Random trees with corrections, late and missing reports, adjustments and ways of nothing."""
    chance = random.Random(seed)
    _grow(world, chance)
    says: dict[str, int | None] = {}
    codes = sorted(world.nodes, key=lambda code: -world.nodes[code].depth)
    for code in codes:
        if code != "TC" and chance.random() < 0.15:
            continue
        says |= _report_somehow(world, code, chance)
    expected = sum(number for code, number in says.items() if _reaches_the_root(world, code, says))
    root = (
        handed_in(written(world, "TC", numbers(people="0")), world.user("TC", Role.FOCAL_POINT))
        if "TC" not in says
        else slot_of(world, "TC").versions.order_by("n").last()
    )
    assert total(root) == expected
    assert list(suspicious(world.campaign)) == []
    assert recount(world.campaign) == []


def _grow(world: World, chance: random.Random) -> None:
    for number in range(14):
        code = chance.choice(sorted(world.nodes))
        parent = world.nodes[code]
        if parent.depth > 3:
            continue
        unit = make_unit(f"R{number}", world.units[code])
        node = CampaignNode.objects.create(
            campaign=world.campaign,
            unit=unit,
            parent=parent,
            path="/0/",
            depth=parent.depth + 1,
            name_at_freeze=unit.name,
        )
        node.path = f"{parent.path}{node.pk}/"
        node.save(update_fields=["path"])
        world.units[unit.code], world.nodes[unit.code] = unit, node
        ExpectedReport.objects.create(phase=world.phase, node=node, due_at=world.phase.due_at)
        NodeCounter.objects.create(node=node, units=1)
        ReportCounter.objects.create(node=node, phase=world.phase, expected=1)


def _report_somehow(world: World, code: str, chance: random.Random) -> dict[str, int]:
    """Hand in a report of `code` after some returns and withdrawals; return what it adds."""
    author = world.user(code, Role.FOCAL_POINT)
    reader = world.user("TC", Role.LEAD_OWNER)
    amount, adjust = chance.randrange(100), chance.choice([0, 0, 3])
    slot = written(world, code, numbers(people=str(chance.randrange(100))))
    for way in chance.choices(["return", "withdraw"], k=chance.randrange(3)):
        version = handed_in(slot, author)
        if way == "return":
            deciding.return_version(version, {PEOPLE: "đếm lại"}, actor=reader)
        else:
            submitting.withdraw(version, "nhầm", actor=author)
        slot = slot_of(world, code)
    draft = writing_draft.save(
        slot, numbers(people=str(amount)), revision=slot.draft.revision, actor=author
    )
    adjustments = {PEOPLE: (adjust, "bổ sung")} if adjust else {}
    writing_draft.adjust(slot, adjustments, revision=draft.revision, actor=author)
    version = handed_in(slot_of(world, code), author)
    deciding.accept(version, actor=reader)
    return {code: amount + adjust}


def _reaches_the_root(world: World, code: str, says: dict[str, int | None]) -> bool:
    by_id = {node.pk: name for name, node in world.nodes.items()}
    chain = [by_id[int(one)] for one in world.nodes[code].path.strip("/").split("/")]
    return all(one in says for one in chain)


def _merged(world: World, *codes: str) -> CampaignNode:
    """Return a new node that continues those of `codes`, as a merger makes it."""
    unit = make_unit("TC09", world.units["TC"])
    parent = world.nodes["TC"]
    heir = CampaignNode.objects.create(
        campaign=world.campaign,
        unit=unit,
        parent=parent,
        path="/0/",
        depth=1,
        name_at_freeze=unit.name,
        from_event=1,
    )
    heir.path = f"{parent.path}{heir.pk}/"
    heir.save(update_fields=["path"])
    for code in codes:
        node = world.nodes[code]
        node.state, node.from_event = NodeState.MERGED, 1
        node.save(update_fields=["state", "from_event"])
        node.replaced_by.add(heir)
        ExpectedReport.objects.filter(node=node).update(state=ExpectedReportState.EXCUSED)
    ExpectedReport.objects.create(phase=world.phase, node=heir, due_at=world.phase.due_at)
    return heir


def _moved(world: World, node: CampaignNode, old: CampaignNode, from_phase: int) -> None:
    from quetsach_portal.units.models import OrgEvent

    event = OrgEvent.objects.create(
        kind="move",
        effective_on=timezone.localdate(),
        legal_doc="Quyết định 12/QĐ-UBND",
        proposed_by=world.user("TC", Role.LEAD_OWNER),
    )
    WaitingChange.objects.create(
        event=event,
        node=node,
        kind="move",
        old_parent=old,
        from_phase=from_phase,
        done_at=timezone.now(),
    )
