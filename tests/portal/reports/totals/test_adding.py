"""Adding up: the root is the sum of its leaves, whatever was corrected, moved or merged."""

import random

import pytest

from quetsach.api.reports import FigureGrade
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
    NodeState,
    ReportCounter,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.models.report import (
    InputUsed,
)
from quetsach_portal.reports.queries import figures_of
from quetsach_portal.reports.totals.adding import below_of
from quetsach_portal.reports.totals.recount import recount, suspicious
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing import submitting
from tests.portal.reports.acting import (
    PEOPLE,
    accepted,
    handed_in,
    numbers,
    slot_of,
    submitted,
    total,
    written,
)
from tests.portal.world import World, make_unit
from tests.whole import daily


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


def test_only_accepted_reports_go_in(world: World) -> None:
    submitted(world, "TC02", numbers(people="50"))
    assert [one.used for one in below_of(slot_of(world, "TC"))] == [InputUsed.MISSING] * 2


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


@pytest.mark.parametrize("seed", daily(range(1), whole=range(3)))
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
