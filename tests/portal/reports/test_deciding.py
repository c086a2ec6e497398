"""What the office above, the signer and the parent's own report do to a report."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import (
    ExpectedReport,
    ExpectedReportState,
    ReportCounter,
)
from quetsach_portal.followup.models import Extension
from quetsach_portal.followup.rates import state_word
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.models.report import (
    ChangeNotice,
    NoticeState,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.pages.pages import time_to_mend
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing import submitting
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    PEOPLE,
    above,
    accepted,
    correction,
    fresh,
    handed_in,
    numbers,
    signed,
    slot_of,
    submitted,
    total,
    written,
)
from tests.portal.world import World


def test_returned_report_carries_a_remark_for_each_field_until_it_is_answered(world) -> None:
    version = submitted(world, "TC01A")
    with pytest.raises(Refused):
        deciding.return_version(version, {PEOPLE: "  "}, actor=above(world, "TC01A"))
    made = deciding.return_version(
        version, {PEOPLE: "Đếm lại.", "": "Gửi lại trước thứ sáu."}, actor=above(world, "TC01A")
    )
    slot = slot_of(world, "TC01A")
    assert slot.state == ExpectedReportState.RETURNED
    assert slot.draft.own[PEOPLE]["value"]["count"] == 5
    again = handed_in(slot, world.user("TC01A", Role.FOCAL_POINT))
    for one in made:
        one.refresh_from_db()
        assert one.resolved_by == again
    assert fresh(version).state == VersionState.RETURNED
    assert recount(world.campaign) == []


def test_a_returned_report_is_none_in_any_rate_until_it_comes_again(world: World) -> None:
    version = submitted(world, "TC01A")
    assert ReportCounter.objects.get(node=world.nodes["TC"]).reported == 1
    deciding.return_version(version, {"": "Đếm lại."}, actor=above(world, "TC01A"))
    slot = slot_of(world, "TC01A")
    assert (slot.state, slot.reported_at) == (ExpectedReportState.RETURNED, None)
    assert state_word(slot) == "Bị trả lại, chưa nộp lại"
    assert ReportCounter.objects.get(node=world.nodes["TC"]).reported == 0
    assert recount(world.campaign) == []
    ExpectedReport.objects.filter(pk=slot.pk).update(due_at=timezone.now())
    again = handed_in(slot_of(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT))
    tally = ReportCounter.objects.get(node=world.nodes["TC"])
    # It counts by its own moment, on the slot as on the version.
    assert (tally.reported, tally.on_time, again.is_late) == (1, 0, True)
    assert recount(world.campaign) == []


def test_a_returned_correction_leaves_the_accepted_report_reported(world: World) -> None:
    accepted(world, "TC01A")
    newer = correction(world, "TC01A", "9")
    deciding.return_version(newer, {"": "Đếm lại."}, actor=above(world, "TC01A"))
    assert slot_of(world, "TC01A").state == ExpectedReportState.RETURNED
    assert ReportCounter.objects.get(node=world.nodes["TC"]).reported == 1


def test_S5_author_does_not_sign_and_the_trail_says_who_tried(world: World) -> None:
    version = accepted(world, "TC01A")
    author = world.user("TC01A", Role.FOCAL_POINT)
    with pytest.raises(Refused):
        deciding.sign(version, actor=author)
    assert fresh(version).state == VersionState.ACCEPTED
    assert AuditEvent.objects.filter(action="report.sign_refused", actor_id=author.pk).exists()


def test_S5_only_person_of_a_unit_signs_once_the_office_above_allows_it(world: World) -> None:
    version = accepted(world, "TC01A")
    only = world.user("TC01A", Role.FOCAL_POINT)
    deciding.allow_one_person(version.slot.node, "một cán bộ", actor=above(world, "TC01A"))
    other = world.user("TC01A", Role.CLERK)
    with pytest.raises(Refused):
        deciding.sign(version, actor=only)
    Assignment.objects.filter(user=other).delete()
    deciding.sign(version, actor=only)
    assert fresh(version).signed_by == only


def test_nobody_accepts_what_they_wrote(world: World) -> None:
    version = submitted(world, "TC01A")
    with pytest.raises(Refused):
        deciding.accept(version, actor=version.author)


def test_accepted_report_is_returned_only_until_a_report_above_counts_it(world: World) -> None:
    child = accepted(world, "TC01A")
    submitted(world, "TC01")
    with pytest.raises(Refused):
        deciding.return_version(child, {"": "Xem lại."}, actor=above(world, "TC01A"))
    assert fresh(child).state == VersionState.ACCEPTED


def test_of_two_versions_that_wait_only_the_newer_one_is_accepted(world: World) -> None:
    first = accepted(world, "TC01A")
    second = correction(world, "TC01A", "9")
    ReportVersion.objects.filter(pk=first.pk).update(state=VersionState.SUBMITTED)
    with pytest.raises(Refused, match="phiên bản 2"):
        deciding.accept(fresh(first), actor=above(world, "TC01A"))
    deciding.accept(second, actor=above(world, "TC01A"))
    with pytest.raises(Refused, match="phiên bản 2"):
        deciding.accept(fresh(first), actor=above(world, "TC01A"))
    assert (fresh(first).state, fresh(second).state) == ("submitted", "accepted")


def test_absorbed_change_stands_in_the_next_version(world: World) -> None:
    accepted(world, "TC01A", numbers(people="5"))
    parent = signed(world, "TC01", numbers(people="3"))
    deciding.accept(correction(world, "TC01A", "6"), actor=above(world, "TC01A"))
    notice = ChangeNotice.objects.get()
    compiler = world.user("TC01", Role.COMPILER)
    deciding.absorb(notice, actor=compiler)
    version = handed_in(slot_of(world, "TC01"), compiler)
    assert (version.kind, total(version)) == ("correction", 9)
    notice.refresh_from_db()
    assert (notice.state, notice.resolved_by) == (NoticeState.ABSORBED, version)
    assert total(fresh(parent)) == 8
    assert fresh(parent).state == VersionState.SIGNED


def test_report_that_came_after_the_total_is_told_as_late_and_supplemented(world: World) -> None:
    parent = signed(world, "TC01", numbers(people="3"))
    assert parent.inputs.get().used == "missing"
    accepted(world, "TC01A", numbers(people="5"))
    notice = ChangeNotice.objects.get()
    assert (notice.old_version, notice.delta[PEOPLE]) == (None, [None, 5])
    draft = deciding.absorb(notice, actor=world.user("TC01", Role.COMPILER))
    assert draft.kind == "supplement"


def test_change_is_dismissed_with_a_reason_and_may_be_decided_otherwise_until_it_is_in(
    world: World, client_of
) -> None:
    signed(world, "TC01")
    accepted(world, "TC01A")
    notice, compiler = ChangeNotice.objects.get(), world.user("TC01", Role.COMPILER)
    with pytest.raises(Refused):
        deciding.dismiss(notice, " ", actor=compiler)
    deciding.dismiss(notice, "chênh ít", actor=compiler)
    with pytest.raises(Refused):
        deciding.dismiss(notice, "lần nữa", actor=compiler)
    page = client_of("TC01", Role.COMPILER).get(f"/reports/{notice.parent_slot_id}/")
    assert f"/reports/changes/{notice.pk}/" in page.content.decode()
    deciding.carry(notice, actor=compiler)
    event = AuditEvent.objects.get(action="report.change_carried")
    assert event.detail["before"] == "dismissed"
    deciding.absorb(notice, actor=compiler)
    version = handed_in(slot_of(world, "TC01"), compiler)
    assert total(version) == 10
    notice.refresh_from_db()
    assert not deciding.may_decide(notice)
    with pytest.raises(Refused):
        deciding.dismiss(notice, "muộn", actor=compiler)


def test_a_change_after_which_a_newer_one_came_is_decided_by_that(world: World) -> None:
    accepted(world, "TC01A")
    signed(world, "TC01")
    compiler = world.user("TC01", Role.COMPILER)
    deciding.accept(correction(world, "TC01A", "6"), actor=compiler)
    first = ChangeNotice.objects.get()
    deciding.dismiss(first, "chênh ít", actor=compiler)
    deciding.accept(correction(world, "TC01A", "7"), actor=compiler)
    with pytest.raises(Refused):
        deciding.absorb(first, actor=compiler)


def test_who_returns_a_report_near_its_deadline_gives_it_time_in_the_same_act(
    world: World,
) -> None:
    version, office = submitted(world, "TC01A"), above(world, "TC01A")
    ExpectedReport.objects.filter(pk=version.slot_id).update(due_at=timezone.now())
    version, until = fresh(version), timezone.now() + timedelta(days=3)
    ExpectedReport.objects.filter(pk=version.slot_id).update(
        reported_at=F("due_at") - timedelta(hours=1)
    )
    assert time_to_mend(fresh(version))["day"] > timezone.localdate()
    with pytest.raises(Refused):
        past = timezone.now() - timedelta(days=1)
        deciding.return_version(version, {"": "xem lại"}, until=past, actor=office)
    assert fresh(version).state == VersionState.SUBMITTED
    deciding.return_version(version, {"": "xem lại"}, until=until, actor=office)
    assert Extension.objects.get().new_due_at == until
    again = handed_in(slot_of(world, "TC01A"), version.author)
    assert (slot_of(world, "TC01A").is_on_time, again.is_late) == (True, False)


def test_correction_needs_an_accepted_report_and_a_reason(world: World) -> None:
    submitted(world, "TC01A")
    with pytest.raises(Refused):
        correction(world, "TC01A", "6")
    accepted(world, "TC02")
    with pytest.raises(Refused):
        deciding.begin(
            slot_of(world, "TC02"),
            kind="correction",
            reason_code="other",
            reason=" ",
            actor=world.user("TC02", Role.FOCAL_POINT),
        )


def test_withdrawn_correction_leaves_the_accepted_version(world: World) -> None:
    first = signed(world, "TC01A")
    new = correction(world, "TC01A", "6")
    submitting.withdraw(new, "nhầm", actor=new.author)
    slot = slot_of(world, "TC01A")
    assert (slot.signed_at is not None, slot.state) == (True, ExpectedReportState.SIGNED)
    assert fresh(first).state == VersionState.SIGNED
    assert recount(world.campaign) == []


def test_accepted_correction_is_not_returned_so_that_one_always_counts(world: World) -> None:
    first = accepted(world, "TC01A")
    newer = correction(world, "TC01A", "7")
    deciding.accept(newer, actor=above(world, "TC01A"))
    with pytest.raises(Refused):
        deciding.return_version(fresh(newer), {"": "xem lại"}, actor=above(world, "TC01A"))
    assert fresh(newer).state == VersionState.ACCEPTED
    assert fresh(first).state == VersionState.SUPERSEDED


def test_S5_nobody_allows_themselves_to_sign_what_they_wrote(world: World) -> None:
    node = slot_of(world, "TC01A").node
    both = world.user("TC01A", Role.FOCAL_POINT)
    with pytest.raises(Refused):
        deciding.allow_one_person(node, "một cán bộ", actor=both)


def test_what_was_left_out_stays_so_when_the_report_comes_back(world: World) -> None:
    child = accepted(world, "TC01A", numbers(people="5")).slot
    written(world, "TC01", numbers(people="2"))
    author = world.user("TC01", Role.COMPILER)
    writing_draft.leave_out(slot_of(world, "TC01"), child, "chờ đối chiếu", actor=author)
    version = handed_in(slot_of(world, "TC01"), world.user("TC01", Role.FOCAL_POINT))
    assert total(version) == 2
    deciding.return_version(version, {"": "xem lại"}, actor=above(world, "TC01"))
    again = handed_in(slot_of(world, "TC01"), world.user("TC01", Role.FOCAL_POINT))
    assert total(again) == 2

    deciding.accept(again, actor=above(world, "TC01"))
    newer = correction(world, "TC01A", "7")
    deciding.accept(newer, actor=above(world, "TC01A"))
    draft = deciding.absorb(ChangeNotice.objects.get(new_version=newer), actor=author)
    assert draft.left_out == {}, "taken in, as was decided"
