"""A unit is left out or added: reports that came stay, counters agree with a slow recount."""

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.expected_reports import report_in
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeState,
)
from quetsach_portal.campaigns.queries import corrections_of
from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.lifecycle.correcting import units
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.units.models import Headcount, UnitKind
from quetsach_portal.web.acts import Refused
from tests.portal.lifecycle.correcting.correctable import corrected, differences
from tests.portal.signing_in import signed_in
from tests.portal.world import World, make_unit


def asked(world: World, act: str, code: str) -> dict[str, object]:
    return {"act": act, "unit": world.units[code].pk}


def state_of(world: World, code: str) -> tuple[str, str]:
    node = CampaignNode.objects.get(pk=world.nodes[code].pk)
    return node.state, ExpectedReport.objects.get(node=node).state


def test_a_unit_that_is_left_out_owes_nothing_and_comes_back(world: World) -> None:
    assert differences(world) == []
    done = corrected(world, "unit", asked(world, units.LEAVE_OUT, "TC02"), reason="Không thuộc hệ")
    assert state_of(world, "TC02") == (NodeState.EXCUSED, ExpectedReportState.EXCUSED)
    slot = ExpectedReport.objects.get(node=world.nodes["TC02"])
    assert (slot.excuse_reason, done.facts["waiting"]) == ("Không thuộc hệ", 1)
    assert differences(world) == []
    with pytest.raises(Refused):
        units.plan(world.campaign, asked(world, units.LEAVE_OUT, "TC02"))
    corrected(world, "unit", asked(world, units.ADD, "TC02"))
    assert state_of(world, "TC02") == (NodeState.ACTIVE, ExpectedReportState.OPEN)
    assert differences(world) == []


def test_what_a_unit_sent_before_it_was_left_out_stays(world: World) -> None:
    slot = ExpectedReport.objects.select_related("node").get(node=world.nodes["TC02"])
    report_in(slot, timezone.now())
    plan = units.plan(world.campaign, asked(world, units.LEAVE_OUT, "TC02"))
    assert (plan.facts["waiting"], plan.facts["sent"]) == (0, 1)
    corrected(world, "unit", asked(world, units.LEAVE_OUT, "TC02"))
    assert state_of(world, "TC02") == (NodeState.EXCUSED, ExpectedReportState.SUBMITTED)
    assert differences(world) == []


def test_a_unit_of_the_register_is_added_below_its_office(world: World) -> None:
    school = make_unit("TC01Z", world.units["TC01"], UnitKind.SCHOOL, "Trường Z")
    Headcount.objects.create(unit=school, staff_count=12, as_of=timezone.localdate())
    unit = units.unit_written(world.campaign, "trường z")
    assert unit == school
    done = corrected(world, "unit", {"act": units.ADD, "unit": unit.pk})
    node = CampaignNode.objects.get(unit=school)
    assert (node.parent, node.depth, node.staff) == (world.nodes["TC01"], 2, 12)
    assert node.path == f"{world.nodes['TC01'].path}{node.pk}/"
    slot = ExpectedReport.objects.get(node=node)
    assert slot.due_at == ExpectedReport.objects.get(node=world.nodes["TC01A"]).due_at
    assert done.facts["reports"] == 1
    assert differences(world) == []


def test_what_cannot_be_left_out_or_added_is_refused(world: World) -> None:
    closed = CampaignNode.objects.filter(pk=world.nodes["TC01A"].pk)
    for act, code in ((units.LEAVE_OUT, "TC"), (units.LEAVE_OUT, "TC01"), (units.ADD, "TC01")):
        with pytest.raises(Refused):
            units.plan(world.campaign, asked(world, act, code))
    with pytest.raises(Refused):
        units.plan(world.campaign, asked(world, units.ADD, "KH"))
    closed.update(state=NodeState.MERGED)
    with pytest.raises(Refused):
        units.plan(world.campaign, asked(world, units.ADD, "TC01A"))
    for word in ("KH", "không có", ""):
        with pytest.raises(Refused):
            units.unit_written(world.campaign, word)


def test_why_a_unit_was_left_out_is_read_by_itself_and_above_it_and_by_no_other(
    world: World,
) -> None:
    why = "Máy chủ đã bị chiếm quyền"
    corrected(world, "unit", asked(world, units.LEAVE_OUT, "TC02"), reason=why)
    readers = {
        ("TC", Role.LEAD_ANALYST): True,
        ("TC", Role.CLERK): True,
        ("TC02", Role.FOCAL_POINT): True,
        ("TC01", Role.FOCAL_POINT): False,
        ("TC01A", Role.FOCAL_POINT): False,
    }
    for (code, role), reads in readers.items():
        client = signed_in(world.user(code, role))
        page = client.get(f"/campaigns/{world.campaign.pk}/")
        assert page.status_code == 200
        assert (why in page.content.decode()) is reads, code
        seats = node_scope(scope_of(world.user(code, role)), world.campaign)
        assert corrections_of(world.campaign, seats).exists() is reads, code
