"""A report from its first word to the receipt: once, whole, and at its own moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach.api.reports import AbsenceReason, GradedCount, digest_of, read_version
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.expected_reports import report_in, sign
from quetsach_portal.campaigns.models.campaign import (
    ExpectedReportState,
    NodeCounter,
)
from quetsach_portal.followup.models import PaperReport
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.expected import figures_of
from quetsach_portal.reports.models.report import (
    CampaignForm,
    ReportDraft,
    ReportFigure,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.pages.pages import check_page
from quetsach_portal.reports.paper import correct_paper, undo_paper
from quetsach_portal.reports.writing import draft, locking, submitting
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.web.acts import Refused
from tests.portal.intake.rows import make_file
from tests.portal.reports.acting import (
    DEPLOYED,
    INFORMED,
    PEOPLE,
    above,
    accepted,
    counter,
    fresh,
    handed_in,
    numbers,
    slot_of,
    submitted,
    total,
    written,
)
from tests.portal.world import World


def test_report_handed_in_is_kept_whole_and_moves_the_counters(world: World) -> None:
    version = submitted(world, "TC01A", numbers(people="1.234"))
    said = read_version(version.payload.encode())
    assert digest_of(said) == version.sha256
    assert (said.number, said.previous, total(version)) == (1, None, 1234)
    slot = slot_of(world, "TC01A")
    assert (slot.state, slot.is_on_time) == (ExpectedReportState.SUBMITTED, True)
    assert [counter(world, code).reported for code in ("TC", "TC01", "TC01A")] == [1, 1, 1]
    assert not ReportDraft.objects.exists()
    assert recount(world.campaign) == []


def test_B1_nothing_is_handed_in_without_its_check_page(world: World) -> None:
    slot, author = written(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    other = locking.make(slot_of(world, "TC02"), slot.draft.revision)
    for made_up in ("", "x:y:z", other, locking.make(slot, slot.draft.revision, "nil")):
        with pytest.raises(Refused, match="kiểm tra"):
            submitting.submit(slot, checked_with=made_up, actor=author)
    assert not ReportVersion.objects.exists()


def test_B1_no_signature_before_acceptance_and_no_forwarding_before_the_signature(
    world: World,
) -> None:
    version = submitted(world, "TC01A")
    with pytest.raises(Refused):
        deciding.sign(version, actor=world.user("TC01A", Role.SIGNER))
    deciding.accept(version, actor=above(world, "TC01A"))
    with pytest.raises(Refused):
        deciding.forward(version, actor=world.user("TC01A", Role.CLERK))
    deciding.sign(version, actor=world.user("TC01A", Role.SIGNER))
    deciding.forward(version, actor=world.user("TC01A", Role.CLERK))
    assert fresh(version).state == VersionState.FORWARDED
    assert slot_of(world, "TC01A").state == ExpectedReportState.FORWARDED
    assert counter(world, "TC").signed == 1
    assert recount(world.campaign) == []


def test_B3_who_hands_in_second_is_told_who_was_first(world: World) -> None:
    slot = written(world, "TC01A")
    first, second = (world.user("TC01A", role) for role in (Role.FOCAL_POINT, Role.COMPILER))
    tokens = [locking.make(slot, slot.draft.revision) for _person in range(2)]
    submitting.submit(slot, checked_with=tokens[0], actor=first)
    with pytest.raises(Refused, match=str(first)):
        submitting.submit(slot, checked_with=tokens[1], actor=second)
    assert ReportVersion.objects.count() == 1


def test_E4_pressed_twice_makes_one_version(world: World) -> None:
    slot, author = written(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    once = locking.make(slot, slot.draft.revision)
    made = [submitting.submit(slot, checked_with=once, actor=author) for _press in range(2)]
    assert made[0] == made[1]
    assert ReportVersion.objects.count() == 1
    assert counter(world, "TC").reported == 1


@pytest.mark.parametrize(
    ("moment", "is_late"),
    [
        (datetime(2022, 9, 28, 16, 59, 59, 900_000, tzinfo=UTC), False),
        (datetime(2022, 9, 28, 17, 0, 0, tzinfo=UTC), True),
    ],
)
def test_B6_the_deadline_is_an_exclusive_instant(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: datetime, is_late: bool
) -> None:
    slot = written(world, "TC01A")
    slot.due_at = datetime(2022, 9, 28, 17, 0, tzinfo=UTC)
    slot.save(update_fields=["due_at"])
    slot.phase.opens_at = datetime(2022, 9, 9, tzinfo=UTC)
    slot.phase.save(update_fields=["opens_at"])
    once = locking.make(slot, slot.draft.revision)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    version = submitting.submit(
        slot, checked_with=once, actor=world.user("TC01A", Role.FOCAL_POINT)
    )
    assert version.is_late is is_late
    assert slot_of(world, "TC01A").is_on_time is not is_late
    assert counter(world, "TC").on_time == int(not is_late)


def test_locked_phase_takes_no_first_report_until_more_time_is_given(world: World) -> None:
    slot = written(world, "TC01A")
    past = timezone.now() - timedelta(hours=1)
    world.phase.locks_at = world.phase.due_at = slot.due_at = past
    world.phase.save()
    slot.save()
    once, author = locking.make(slot, slot.draft.revision), world.user("TC01A", Role.FOCAL_POINT)
    with pytest.raises(Refused):
        submitting.submit(slot, checked_with=once, actor=author)
    slot.due_at = timezone.now() + timedelta(days=1)
    slot.save()
    assert not submitting.submit(slot, checked_with=once, actor=author).is_late


@pytest.mark.parametrize("text", ["1.234", "1,234", "1 234", " 1234 ", "１２３４"])
def test_B5_ways_to_write_a_number(world: World, text: str) -> None:
    slot = written(world, "TC01A", numbers(people=text))
    assert slot.draft.own[PEOPLE]["value"]["count"] == 1234


@pytest.mark.parametrize("text", ["12a", "-1", "1e3", "1.5"])
def test_B5_what_is_no_number_is_kept_as_typed_and_not_handed_in(world: World, text: str) -> None:
    slot = written(world, "TC01A", numbers(people=text))
    assert slot.draft.typed == {PEOPLE: text}
    with pytest.raises(Refused):
        handed_in(slot, world.user("TC01A", Role.FOCAL_POINT))


def test_B5_nothing_written_is_not_zero(world: World) -> None:
    slot = written(world, "TC01A", {**numbers(), PEOPLE: TypedAnswer(text="")})
    with pytest.raises(Refused):
        handed_in(slot, world.user("TC01A", Role.FOCAL_POINT))


def test_B4_more_people_than_staff_needs_a_reason(world: World) -> None:
    odd = {**numbers(), PEOPLE: TypedAnswer(text="11")}
    slot, author = written(world, "TC01A", odd), world.user("TC01A", Role.FOCAL_POINT)
    with pytest.raises(Refused):
        handed_in(slot, author)
    slot = draft.save(
        slot,
        {PEOPLE: TypedAnswer(text="11", reason="có cộng tác viên")},
        revision=slot.draft.revision,
        actor=author,
    ).slot
    assert handed_in(slot, author).n == 1
    assert NodeCounter.objects.get(node=slot.node).staff == 10


def test_B9_five_ways_of_no_number_stay_apart(world: World) -> None:
    given = {
        INFORMED: TypedAnswer(instead="zero"),
        DEPLOYED: TypedAnswer(instead="nil"),
        PEOPLE: TypedAnswer(instead="not_collected"),
    }
    version = submitted(world, "TC01A", {k: _with_reason(one) for k, one in given.items()})
    rows = {one.key: (one.total, one.absent) for one in version.figures.all()}
    assert rows[INFORMED] == (0, "")
    assert rows[DEPLOYED] == (None, "nil")
    assert rows[PEOPLE] == (None, "not_collected")
    assert rows["assessment"] == (None, "missing")


def _with_reason(answer: TypedAnswer) -> TypedAnswer:
    return TypedAnswer(instead=answer.instead, reason="không có sổ")


def test_nil_report_counts_as_reported(world: World) -> None:
    slot, author = slot_of(world, "TC02"), world.user("TC02", Role.FOCAL_POINT)
    once = locking.make(slot, 0, "nil")
    made = [submitting.submit_nil(slot, checked_with=once, actor=author) for _press in range(2)]
    assert made[0] == made[1]
    assert {one.total for one in figures_of(made[0]).values()} >= {AbsenceReason.NIL}
    assert (counter(world, "TC").reported, counter(world, "TC").nil) == (1, 1)
    assert recount(world.campaign) == []


def test_nil_that_was_returned_and_filled_in_is_nil_no_more(world: World) -> None:
    slot, author = slot_of(world, "TC02"), world.user("TC02", Role.FOCAL_POINT)
    nil = submitting.submit_nil(slot, checked_with=locking.make(slot, 0, "nil"), actor=author)
    deciding.return_version(nil, {"": "Có máy đã xử lý."}, actor=above(world, "TC02"))
    slot = slot_of(world, "TC02")
    draft.save(slot, numbers(), revision=slot.draft.revision, actor=author)
    version = handed_in(slot_of(world, "TC02"), author)
    assert (version.kind, version.n, version.prev_sha256) == ("original", 2, nil.sha256)
    assert (counter(world, "TC").reported, counter(world, "TC").nil) == (1, 0)
    assert recount(world.campaign) == []


def test_E3_old_tab_is_told_and_changes_nothing(world: World) -> None:
    slot, author = written(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    with pytest.raises(draft.StaleError) as told:
        draft.save(slot, numbers(people="7"), revision=slot.draft.revision - 1, actor=author)
    assert told.value.draft.own[PEOPLE]["value"]["count"] == 5
    slot = slot_of(world, "TC01A")
    assert slot.draft.own[PEOPLE]["value"]["count"] == 5


def test_what_was_withdrawn_is_a_draft_again_and_no_report(world: World) -> None:
    version, author = submitted(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    submitting.withdraw(version, "thiếu số liệu", actor=author)
    slot = slot_of(world, "TC01A")
    assert (slot.state, slot.reported_at) == (ExpectedReportState.DRAFT, None)
    assert slot.draft.own[PEOPLE]["value"] == {"count": 5, "grade": "declared"}
    assert counter(world, "TC").reported == 0
    assert handed_in(slot, author).n == 2
    assert recount(world.campaign) == []


def test_accepted_report_cannot_be_withdrawn(world: World) -> None:
    version = accepted(world, "TC01A")
    with pytest.raises(Refused):
        submitting.withdraw(version, "nhầm", actor=world.user("TC01A", Role.FOCAL_POINT))


@pytest.mark.parametrize(
    "change",
    [
        lambda one: ReportVersion.objects.filter(pk=one.pk).update(payload="{}"),
        lambda one: ReportVersion.objects.filter(pk=one.pk).update(kind="nil"),
        lambda one: ReportFigure.objects.filter(version=one).update(total=9),
        lambda one: one.events.update(state="signed"),
        lambda one: ReportFigure.objects.filter(version=one).delete(),
    ],
)
def test_the_database_refuses_to_change_a_version(world: World, change) -> None:
    version = submitted(world, "TC01A")
    with pytest.raises(DatabaseError), transaction.atomic():
        change(version)
    assert total(version) == GradedCount(5, grade=None).number


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


def test_returned_report_is_handed_in_unchanged_only_where_that_is_meant(world: World) -> None:
    version, author = submitted(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    deciding.return_version(version, {PEOPLE: "Đếm lại."}, actor=above(world, "TC01A"))
    slot = slot_of(world, "TC01A")
    shown = check_page(slot, slot.draft)
    assert shown.is_as_returned
    with pytest.raises(Refused, match="chưa sửa gì"):
        submitting.submit(slot, checked_with=shown.token, actor=author)
    draft.save(slot, numbers(people="6"), revision=slot.draft.revision, actor=author)
    slot = slot_of(world, "TC01A")
    shown = check_page(slot, slot.draft)
    assert not shown.is_as_returned
    assert submitting.submit(slot, checked_with=shown.token, actor=author).n == 2


def test_B1_a_report_from_below_that_nobody_looked_at_does_not_slip_in(world: World) -> None:
    slot = written(world, "TC01", numbers(people="2"))
    looked_at = check_page(slot, slot.draft).token
    accepted(world, "TC01A")
    author = world.user("TC01", Role.FOCAL_POINT)
    with pytest.raises(Refused):
        submitting.submit(slot, checked_with=looked_at, actor=author)
    made = submitting.submit(slot, checked_with=check_page(slot, slot.draft).token, actor=author)
    assert total(made) == 7


MOST_STATEMENTS = 33
"""By which a unit with one report from below hands in its own: the lock, the sums, the counters."""


def queries_of_submitting(world: World) -> list[str]:
    """Return the statements by which TC01 hands in a report with one of a unit below."""
    accepted(world, "TC01A")
    slot = written(world, "TC01", numbers(people="2"))
    looked_at = check_page(slot, slot.draft).token
    author = world.user("TC01", Role.FOCAL_POINT)
    with CaptureQueriesContext(connection) as captured:
        version = submitting.submit(slot, checked_with=looked_at, actor=author)
    assert total(version) == 7
    return [query["sql"] for query in captured]


def test_handing_in_loads_the_draft_the_form_and_the_versions_once(world: World) -> None:
    statements = queries_of_submitting(world)
    for model, condition in (
        (ReportDraft, '"slot_id" = '),
        (CampaignForm, '"phase_id" = '),
        (ReportVersion, '"slot_id" = '),
    ):
        table = model._meta.db_table
        loads = [
            sql
            for sql in statements
            if f'FROM "{table}"' in sql and f'WHERE "{table}".{condition}' in sql
        ]
        assert len([sql for sql in loads if sql.startswith("SELECT")]) == 1, (table, loads)
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)


def test_kinds_in_the_audit_trail_stay_when_a_class_is_renamed(world: World) -> None:
    assert sorted(locking.AUDIT_KINDS.values()) == [
        "campaignnode",
        "changenotice",
        "documentsignature",
        "paperreport",
        "reportdocument",
        "reportdraft",
        "reportversion",
        "workbookbatch",
    ]
    version = submitted(world, "TC01A")
    event = AuditEvent.objects.get(action="report.submitted")
    assert (event.object_kind, event.object_id) == ("reportversion", str(version.pk))
