"""A report on paper counts by the stamp on it, which a scan shows."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.expected_reports import excuse, report_in, sign
from quetsach_portal.campaigns.models.campaign import (
    ExpectedReport,
    ExpectedReportState,
    ReportCounter,
)
from quetsach_portal.followup.models import PaperReport
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.paper import PaperForm, correct_paper, record_paper, undo_paper
from quetsach_portal.web.acts import Refused
from tests.portal.campaigns.acting import pdf
from tests.portal.followup.acting import slot, text_file
from tests.portal.intake.rows import make_file
from tests.portal.reports.acting import (
    above,
    slot_of,
    submitted,
)
from tests.portal.signing_in import signed_in
from tests.portal.world import World

pytestmark = pytest.mark.django_db

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def over(world: World) -> World:
    """The phase of 2022, whose deadline has passed."""
    world.phase.opens_at = datetime(2022, 9, 12, tzinfo=HERE)
    world.phase.due_at = datetime(2022, 9, 29, tzinfo=HERE)
    world.phase.save()
    ExpectedReport.objects.update(due_at=world.phase.due_at)
    return world


def record(world: World, came_at: datetime, **changed) -> PaperReport:
    given = {"is_nil": False, "is_signed": True, "note": "", **changed}
    return record_paper(
        slot(world, "TC01"),
        given.pop("proof", None) or pdf(),
        came_at=came_at,
        actor=world.user("TC", Role.COMPILER),
        **given,
    )


@pytest.mark.parametrize(
    ("came_at", "on_time"),
    [
        (datetime(2022, 9, 28, 23, 59, 59, 900_000, tzinfo=HERE), 1),
        (datetime(2022, 9, 29, tzinfo=HERE), 0),
        # A clock that is set to another zone names the same instant.
        (datetime(2022, 9, 28, 16, 59, 59, tzinfo=ZoneInfo("UTC")), 1),
        (datetime(2022, 9, 28, 17, tzinfo=ZoneInfo("UTC")), 0),
    ],
)
def test_B6_the_last_instant_before_the_deadline_is_in_time(over, came_at, on_time) -> None:
    record(over, came_at)
    tally = ReportCounter.objects.get(node=over.nodes["TC"])
    assert (tally.reported, tally.on_time, tally.signed) == (1, on_time, 1)
    assert recount(over.campaign) == []


@pytest.mark.parametrize(("day", "on_time"), [("2022-09-28", True), ("2022-09-29", False)])
def test_B6_a_stamp_without_a_time_counts_as_the_end_of_its_day(over, day, on_time) -> None:
    form = PaperForm({"day": day, "hour": ""}, {"proof": pdf()})
    assert form.is_valid(), form.errors
    assert record(over, form.came_at()).slot.is_on_time is on_time


def test_nil_counts_as_reported(over: World) -> None:
    record(over, datetime(2022, 9, 20, tzinfo=HERE), is_nil=True, is_signed=False)
    tally = ReportCounter.objects.get(node=over.nodes["TC"])
    assert (tally.reported, tally.nil, tally.signed) == (1, 1, 0)


@pytest.mark.parametrize("days", [1, -9000])
def test_a_stamp_of_no_day_of_the_phase_is_refused(over: World, days: int) -> None:
    with pytest.raises(Refused):
        record(over, timezone.now() + timedelta(days=days))


def test_without_a_scan_there_is_no_record(over: World) -> None:
    with pytest.raises(Refused):
        record(over, datetime(2022, 9, 20, tzinfo=HERE), proof=text_file())
    assert slot(over, "TC01").reported_at is None


def test_E4_a_second_record_is_refused(over: World) -> None:
    record(over, datetime(2022, 9, 20, tzinfo=HERE))
    with pytest.raises(Refused):
        record(over, datetime(2022, 9, 21, tzinfo=HERE))
    assert PaperReport.objects.count() == 1


def test_an_excused_unit_owes_nothing(over: World) -> None:
    excuse(slot(over, "TC01"), "bão")
    with pytest.raises(Refused):
        record(over, datetime(2022, 9, 20, tzinfo=HERE))


def test_a_locked_phase_needs_more_time_first(over: World) -> None:
    over.phase.locks_at = datetime(2022, 10, 5, tzinfo=HERE)
    over.phase.save()
    with pytest.raises(Refused):
        record(over, datetime(2022, 9, 28, tzinfo=HERE))


def test_a_record_made_in_error_is_undone_and_stays_readable(over: World) -> None:
    held = record(over, datetime(2022, 9, 20, tzinfo=HERE))
    undo_paper(held, "nhầm xã", actor=over.user("TC", Role.COMPILER))
    with pytest.raises(Refused):
        undo_paper(held, "lần nữa", actor=over.user("TC", Role.COMPILER))
    page = signed_in(over.user("TC", Role.COMPILER)).get(f"/followup/units/{held.slot.node_id}/")
    assert "nhầm xã" in page.content.decode()
    assert slot(over, "TC01").state == ExpectedReportState.OPEN
    tally = ReportCounter.objects.get(node=over.nodes["TC"])
    assert (tally.reported, tally.on_time, tally.signed) == (0, 0, 0)
    assert recount(over.campaign) == []


def test_a_wrong_stamp_is_put_right_by_another_record(over: World) -> None:
    held = record(over, datetime(2022, 9, 30, tzinfo=HERE))
    actor, right = over.user("TC", Role.COMPILER), datetime(2022, 9, 27, tzinfo=HERE)
    for odd in (datetime(2022, 9, 1, tzinfo=HERE), timezone.now() + timedelta(days=1)):
        with pytest.raises(Refused):
            correct_paper(held, odd, "đọc nhầm dấu", actor=actor)
    made = correct_paper(held, right, "đọc nhầm dấu", actor=actor)
    assert (made.proof, made.is_signed) == (held.proof, True)
    tally = ReportCounter.objects.get(node=over.nodes["TC"])
    assert (tally.reported, tally.on_time, tally.signed) == (1, 1, 1)
    assert recount(over.campaign) == []


@pytest.mark.parametrize(
    ("code", "role", "status"),
    [
        ("TC", Role.COMPILER, 302),
        ("TC", Role.LEAD_OWNER, 403),
        ("TC01", Role.COMPILER, 403),
        ("TC02", Role.COMPILER, 404),
        ("KH", Role.COMPILER, 404),
    ],
)
def test_A1_the_compiler_above_records(over, client_of, code, role, status) -> None:
    address = f"/followup/units/{over.nodes['TC01'].pk}/paper/{over.phase.pk}/"
    form = {"day": "2022-09-20", "hour": "", "is_signed": "on", "note": "", "proof": pdf()}
    assert client_of(code, role).post(address, form).status_code == status


def on_paper(world: World, code: str) -> PaperReport:
    """Return the record that a unit's report came on paper two days ago, signed, with nothing."""
    slot = slot_of(world, code)
    row = PaperReport.objects.create(
        slot=slot,
        came_at=timezone.now() - timedelta(days=2),
        is_nil=True,
        is_signed=True,
        proof=make_file(world, code),
        by=above(world, code),
    )
    report_in(slot, row.came_at, is_nil=True)
    sign(slot, row.came_at)
    return row


def test_a_wrong_record_of_paper_goes_and_the_report_that_was_handed_in_counts_by_itself(
    world: World,
) -> None:
    row, actor = on_paper(world, "TC01"), above(world, "TC01")
    version = submitted(world, "TC01")
    assert slot_of(world, "TC01").reported_at == row.came_at
    earlier = correct_paper(row, row.came_at - timedelta(hours=1), "đọc nhầm dấu", actor=actor)
    assert slot_of(world, "TC01").reported_at == earlier.came_at
    undo_paper(earlier, "nhầm xã", actor=actor)
    slot = slot_of(world, "TC01")
    assert (slot.reported_at, slot.state) == (
        version.events.get().at,
        ExpectedReportState.SUBMITTED,
    )
    assert (slot.is_nil, slot.signed_at) == (False, None)
    assert [one.undone_why for one in slot.papers.order_by("pk")] == ["đọc nhầm dấu", "nhầm xã"]
    assert recount(world.campaign) == []


def test_a_report_on_paper_waits_for_its_figures_and_for_nobody_to_send_it(
    world: World, client_of
) -> None:
    on_paper(world, "TC01")
    compiler = client_of("TC", Role.COMPILER)
    told = compiler.get(f"/reports/{slot_of(world, 'TC01').pk}/").content.decode()
    assert "Báo cáo đã đến bằng giấy" in told
    assert "Bước 4/5" not in told
    below = compiler.get(f"/reports/{slot_of(world, 'TC').pk}/below/").content.decode()
    assert "bằng giấy, chưa nhập số liệu" in below
    submitted(world, "TC01")
    told = compiler.get(f"/reports/{slot_of(world, 'TC01').pk}/").content.decode()
    assert "Báo cáo đã đến bằng giấy" not in told


def test_a_record_of_paper_undone_under_a_returned_report_leaves_it_returned(world: World) -> None:
    row = on_paper(world, "TC01")
    deciding.return_version(submitted(world, "TC01"), {"": "xem lại"}, actor=above(world, "TC01"))
    undo_paper(row, "nhầm xã", actor=above(world, "TC01"))
    slot = slot_of(world, "TC01")
    assert (slot.reported_at, slot.state) == (None, ExpectedReportState.RETURNED)
    assert recount(world.campaign) == []


def test_a_record_of_paper_put_right_beside_a_returned_report_leaves_it_returned(
    world: World,
) -> None:
    row, actor = on_paper(world, "TC01"), above(world, "TC01")
    deciding.return_version(submitted(world, "TC01"), {"": "xem lại"}, actor=actor)
    made = correct_paper(row, row.came_at + timedelta(hours=1), "đọc nhầm", actor=actor)
    slot = slot_of(world, "TC01")
    assert (slot.reported_at, slot.state) == (made.came_at, ExpectedReportState.RETURNED)
    assert recount(world.campaign) == []
