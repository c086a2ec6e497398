"""A list that is corrected changes no report: it says so beside it, and tells who signed."""

import pytest
from django.utils import timezone

from quetsach.api.reports import read_form
from quetsach_portal.intake.models import Submission
from quetsach_portal.intake.withdrawing import withdraw
from quetsach_portal.lists.models import DoubtfulRow
from quetsach_portal.mail.models import OutboxMail
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.reports import after_signing
from quetsach_portal.reports.models.report import ReportVersion, SignedChange
from quetsach_portal.reports.worklist import changed_after_signing
from quetsach_portal.reports.writing.answers import TypedAnswer
from tests.portal.intake.handing_in import LOG, looked_through
from tests.portal.lists.versions import put_in_force
from tests.portal.reports.acting import WHY, fresh, signed, slot_of, submitted
from tests.portal.reports.own_form import OWN, chosen
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World, make_world

FORM = OWN.replace("people_joined", "devices_found")
KEY = "people_took_part"


@pytest.fixture
def reported(db, monkeypatch: pytest.MonkeyPatch) -> tuple[World, ReportVersion, ReportVersion]:
    """A machine of TC01 in its signed report, which the report of TC counts."""
    world = make_world()
    chosen(world, read_form(FORM.encode(), "own.toml"))
    put_in_force(world, "203.0.113.77\nbad.example\n")
    looked_through(world, {"conn.log": LOG})
    answers = {key: TypedAnswer(text="1", reason=WHY) for key in (KEY, "assessment")}
    below = signed(world, "TC01", answers)
    above = submitted(world, "TC", answers)
    return world, below, above


def test_a_row_that_is_withdrawn_stands_beside_what_was_signed(
    reported: tuple[World, ReportVersion, ReportVersion],
) -> None:
    world, below, above = reported
    texts = (below.payload, above.payload)
    sent = set(OutboxMail.objects.values_list("pk", flat=True))
    put_in_force(world, "bad.example\n")
    changes = {change.version_id: change for change in SignedChange.objects.all()}
    assert set(changes) == {below.pk, above.pk}
    change = changes[below.pk]
    assert (change.delta, change.rows, change.list_n) == ({KEY: [1, 0]}, ["203.0.113.77"], 2)
    assert (fresh(below).payload, fresh(above).payload) == texts
    signer, author = world.user("TC01", Role.SIGNER), world.user("TC01", Role.FOCAL_POINT)
    told = set(OutboxMail.objects.exclude(pk__in=sent).values_list("to", flat=True))
    assert {signer.email, author.email} <= told
    client = signed_in(signer)
    page = client.get(f"/reports/versions/{below.pk}/").content.decode()
    assert "Số liệu đã thay đổi sau khi ký" in page
    assert "Số liệu đã thay đổi sau đó" in client.get("/reports/").content.decode()
    slot_page = client.get(f"/reports/{below.slot_id}/").content.decode()
    assert "danh sách phiên bản 2, 1 dòng" in slot_page
    assert "203.0.113.77" not in slot_page
    assert len(changed_after_signing(scope_of(signer))) == 1
    client.post(f"/reports/versions/{below.pk}/seen")
    assert changed_after_signing(scope_of(signer)) == []
    assert len(changed_after_signing(scope_of(author))) == 1


def test_the_next_paper_says_it_and_those_before_stay_equal(
    reported: tuple[World, ReportVersion, ReportVersion],
) -> None:
    world, below, _above = reported
    put_in_force(world, "bad.example\n")
    later = ReportVersion(slot=below.slot, n=below.n + 1, created_at=timezone.now())
    (line,) = after_signing.words_on_paper(later)
    assert "sau khi ký báo cáo (phiên bản 1)" in line
    assert line.endswith("Người tham gia: 1 → 0.")
    assert after_signing.words_on_paper(below) == ()


def test_what_changes_nothing_in_a_report_tells_nobody(
    reported: tuple[World, ReportVersion, ReportVersion],
) -> None:
    world, _below, _above = reported
    put_in_force(world, "203.0.113.77\nnew.example\n")
    assert not SignedChange.objects.exists()
    assert after_signing.changed_slots([slot_of(world, "TC01")]) == set()
    assert not DoubtfulRow.objects.exists()
    run_ready()


def test_what_is_found_again_by_a_new_row_is_told_too(
    reported: tuple[World, ReportVersion, ReportVersion],
) -> None:
    world, below, _above = reported
    put_in_force(world, "203.0.113.77\nbad.example\n198.51.100.9\n")
    change = SignedChange.objects.get(version=below)
    assert (change.delta, change.rows) == ({KEY: [1, 2]}, ["198.51.100.9"])


def test_evidence_that_is_withdrawn_is_told_to_whoever_signed(
    reported: tuple[World, ReportVersion, ReportVersion],
) -> None:
    world, below, above = reported
    sent = set(OutboxMail.objects.values_list("pk", flat=True))
    actor = world.user("TC01", Role.FOCAL_POINT)
    withdraw(Submission.objects.get(), reason="nhật ký của xã khác", actor=actor)
    run_ready()
    changes = {change.version_id: change for change in SignedChange.objects.all()}
    assert set(changes) == {below.pk, above.pk}
    assert changes[below.pk].delta == {KEY: [1, 0]}
    signer = world.user("TC01", Role.SIGNER)
    assert OutboxMail.objects.exclude(pk__in=sent).filter(to=signer.email).count() == 1
    page = signed_in(signer).get(f"/reports/versions/{below.pk}/").content.decode()
    assert "chứng cứ được rút lại" in page
    assert "danh sách phiên bản 0" not in page
