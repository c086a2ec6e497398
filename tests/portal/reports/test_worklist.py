"""Reports on people's desks: each where somebody has to do something, and gone when it is done."""

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.followup.tasks import tasks_of
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.reports import deciding
from quetsach_portal.reports.models.document import DocumentState, ReportDocument
from quetsach_portal.reports.worklist import (
    documents_for_clerk,
    for_clerk,
    for_office,
    for_signer,
    for_writer,
)
from tests.portal.reports.acting import PEOPLE, above, accepted, fresh, signed, submitted
from tests.portal.world import World


def node(world: World, code: str) -> CampaignNode:
    """Return the node of a unit, fresh from the table."""
    return CampaignNode.objects.select_related("campaign", "unit").get(pk=world.nodes[code].pk)


def office(world: World, code: str, role: Role = Role.COMPILER) -> list[CaseTask]:
    """Return what waits for the office of a unit, as one of its people sees it."""
    return for_office(node(world, code), scope_of(world.user(code, role)))


def test_office_above_reads_what_came_and_decides_on_what_changed(world: World) -> None:
    signed(world, "TC01")
    version = submitted(world, "TC01A")
    assert [one.hint for one in office(world, "TC01")] == ["1"]
    assert office(world, "TC02") == []
    deciding.accept(version, actor=above(world, "TC01A"))
    told = office(world, "TC01")
    assert len(told) == 1
    assert "/reports/changes/" in told[0].address
    # The owner reads reports, and decides on none of these changes: no dead end on the desk.
    assert office(world, "TC01", Role.LEAD_OWNER) == []


def test_second_person_of_the_lead_office_reads_the_root_s_report(world: World) -> None:
    version = submitted(world, "TC")
    assert for_office(node(world, "TC"), scope_of(version.author)) == []
    told = office(world, "TC", Role.LEAD_OWNER)
    assert [one.address for one in told] == [f"/reports/versions/{version.pk}/review/"]


def test_signer_and_clerk_find_their_step_alone(world: World) -> None:
    version = accepted(world, "TC01A")
    signer, clerk = (scope_of(world.user("TC01A", role)) for role in (Role.SIGNER, Role.CLERK))
    assert (len(for_signer(signer)), len(for_clerk(clerk))) == (1, 0)
    deciding.sign(version, actor=world.user("TC01A", Role.SIGNER))
    assert (len(for_signer(signer)), len(for_clerk(clerk))) == (0, 1)
    deciding.forward(fresh(version), actor=world.user("TC01A", Role.CLERK))
    assert for_clerk(clerk) == []


def test_clerk_finds_the_document_to_number_and_then_to_release(world: World) -> None:
    version = signed(world, "TC01A")
    clerk = world.user("TC01A", Role.CLERK)
    assert documents_for_clerk(scope_of(clerk)) == []
    made = {"version": version, "state": DocumentState.MADE, "asked_by": clerk}
    ReportDocument.objects.create(**made, seq=1)
    first = documents_for_clerk(scope_of(clerk))
    assert for_clerk(scope_of(clerk)) == []
    ReportDocument.objects.create(**made, seq=2, number=7)
    second = documents_for_clerk(scope_of(clerk))
    assert [one.hint for one in (*first, *second)] == ["Chờ cấp số", "Chờ phát hành"]
    assert second[0].address == f"/reports/documents/{version.pk}/"


def test_returned_report_is_the_unit_s_task_again(world: World) -> None:
    version = submitted(world, "TC01A")
    writer = scope_of(world.user("TC01A", Role.FOCAL_POINT))
    assert for_writer(writer) == []
    deciding.return_version(version, {PEOPLE: "đếm lại"}, actor=above(world, "TC01A"))
    assert len(for_writer(writer)) == 1
    report = next(one for one in tasks_of(node(world, "TC01A")).tasks if one.key == "report")
    assert (report.state, report.url) == ("todo", f"/reports/{version.slot_id}/")
