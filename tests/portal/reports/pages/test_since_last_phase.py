"""A total held against the phase before: differences, marks where units changed, missing phases."""

import io
from datetime import timedelta

import openpyxl
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    Phase,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.pages.since_last_phase import describe_changes, difference, since_last
from quetsach_portal.units.models import EventSide, EventState, EventUnit, OrgEvent
from tests.portal.reports.acting import (
    INFORMED,
    PEOPLE,
    above,
    accepted,
    handed_in,
    numbers,
    slot_of,
    written,
)
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def next_phase(world: World) -> None:
    """Let a further phase follow, due ten days later, with a report expected of every unit."""
    last, campaign = world.phase, world.campaign
    assert last is not None
    assert campaign is not None
    world.phase = Phase.objects.create(
        campaign=campaign,
        no=last.no + 1,
        opens_at=timezone.now() - timedelta(hours=1),
        due_at=last.due_at + timedelta(days=10),
    )
    for node in CampaignNode.objects.filter(campaign=campaign):
        ExpectedReport.objects.create(phase=world.phase, node=node, due_at=world.phase.due_at)


def merged(world: World, kind: str = "merge") -> OrgEvent:
    """Return a merger of both communes that took effect between the first two phases."""
    assert world.phase is not None
    event = OrgEvent.objects.create(
        kind=kind,
        state=EventState.APPLIED,
        effective_on=timezone.localtime(world.phase.due_at).date() - timedelta(days=3),
        legal_doc="NQ 7",
        path=world.units["TC"].path,
        proposed_by=world.user("TC", Role.LEAD_OWNER),
        decided_by=world.user("TC", Role.COMPILER),
    )
    EventUnit.objects.create(event=event, unit=world.units["TC02"], side=EventSide.BEFORE)
    EventUnit.objects.create(event=event, unit=world.units["TC01"], side=EventSide.AFTER)
    return event


def test_a_difference_says_its_share_in_whole_per_cent() -> None:
    assert difference(130, 120) == "+10 (+8 %)"
    assert difference(1_200, 1_201) == "−1"
    assert difference(0, 40) == "−40 (−100 %)"
    assert difference(5, 0) == "+5"


def test_a_total_is_held_against_the_last_report_and_phases_between_are_named(
    world: World,
) -> None:
    accepted(world, "TC01A", numbers(people="40"))
    next_phase(world)
    assert since_last(slot_of(world, "TC01A")).gaps == []
    next_phase(world)
    slot = slot_of(world, "TC01A")
    assert since_last(slot).gaps == ["Đợt 2: không có báo cáo nào được nộp."]
    ExpectedReport.objects.filter(node=slot.node, phase__no=2).update(
        state=ExpectedReportState.EXCUSED, excuse_reason="bão"
    )
    assert since_last(slot).gaps == ["Đợt 2: không phải báo cáo (bão)."]
    none = since_last(slot_of(world, "TC02"))
    assert none.phase is None
    assert len(none.gaps) == 2


def test_the_page_and_file_of_a_total_show_differences_and_mark_changed_units(
    world: World,
) -> None:
    accepted(world, "TC01A", numbers(people="40"))
    written(world, "TC01", numbers(people="60"))
    deciding.accept(
        handed_in(slot_of(world, "TC01"), world.user("TC01", Role.FOCAL_POINT)),
        actor=above(world, "TC01"),
    )
    next_phase(world)
    accepted(world, "TC01A", numbers(people="50"))
    slot = written(world, "TC01", numbers(people="55"))
    browser = signed_in(world.user("TC01", Role.COMPILER))
    page = browser.get(f"/reports/{slot.pk}/total/")
    assert "+5 (+5 %)" in page.content.decode()
    assert not page.context["since"].is_broken
    merged(world)
    page = browser.get(f"/reports/{slot.pk}/total/")
    assert page.context["since"].is_broken
    assert "NQ 7" in page.content.decode()
    sheet = browser.get(f"/reports/{slot.pk}/total.xlsx").content
    table = openpyxl.load_workbook(io.BytesIO(sheet)).active
    assert table is not None
    heads = [cell.value for cell in table[1]]
    assert len(set(heads)) == len(heads), "no two columns are called alike"
    rows = {row[0]: row for row in table.iter_rows(min_row=2, values_only=True)}
    assert rows[PEOPLE][8:12] == (105, 1, 100, 5)
    assert "NQ 7" in str(rows[INFORMED][12])


def test_units_directly_below_in_one_total_alone_are_named(world: World) -> None:
    accepted(world, "TC02", numbers(people="7"))
    written(world, "TC", numbers(people="1"))
    handed_in(slot_of(world, "TC"), world.user("TC", Role.FOCAL_POINT))
    next_phase(world)
    ExpectedReport.objects.filter(node=world.nodes["TC02"], phase=world.phase).update(
        state=ExpectedReportState.EXCUSED
    )
    since = since_last(slot_of(world, "TC"))
    assert list(since.gone) == [world.nodes["TC02"].name_at_freeze]
    assert describe_changes(since) == [
        "Đơn vị cấp dưới phải báo cáo đợt kia mà đợt này không phải: "
        f"{world.nodes['TC02'].name_at_freeze}."
    ]


def test_reports_from_below_stand_beside_what_their_units_said_before(world: World) -> None:
    accepted(world, "TC01", numbers(people="40"))
    next_phase(world)
    accepted(world, "TC01", numbers(people="30"))
    slot = slot_of(world, "TC")
    browser = signed_in(world.user("TC", Role.COMPILER))
    page = browser.get(f"/reports/{slot.pk}/below/?figure={PEOPLE}")
    lines = {line.child.slot.node_id: line for line in page.context["lines"]}
    mine = lines[world.nodes["TC01"].pk]
    assert (mine.now, mine.last, mine.change) == ("30", "40", "−10 (−25 %)")
    assert not mine.is_broken
    merged(world)
    page = browser.get(f"/reports/{slot.pk}/below/?figure={PEOPLE}")
    assert all(one.is_broken for one in page.context["lines"] if one.change)
