"""A draft is opened, saved, adjusted; an old page changes nothing."""

import pytest

from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeState,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.queries import RELATED
from quetsach_portal.reports.status import before_of
from quetsach_portal.reports.writing import draft
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    PEOPLE,
    accepted,
    handed_in,
    numbers,
    slot_of,
    total,
    written,
)
from tests.portal.world import World, make_unit


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


def test_E3_old_tab_is_told_and_changes_nothing(world: World) -> None:
    slot, author = written(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    with pytest.raises(draft.StaleError) as told:
        draft.save(slot, numbers(people="7"), revision=slot.draft.revision - 1, actor=author)
    assert told.value.draft.own[PEOPLE]["value"]["count"] == 5
    slot = slot_of(world, "TC01A")
    assert slot.draft.own[PEOPLE]["value"]["count"] == 5
