"""A report as document: made by a job, numbered, signed, released; what is typed stays text."""

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.letters.models import SignatureResult
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.documents import actions
from quetsach_portal.reports.models.document import ReportDocument
from quetsach_portal.reports.models.report import VersionState
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.web.acts import Refused
from tests.portal.reports import papers
from tests.portal.reports.acting import (
    above,
    accepted,
    handed_in,
    numbers,
    signed,
    slot_of,
    submitted,
)
from tests.portal.working import run_ready
from tests.portal.world import World
from tests.signing.pades.signed import drawn_over
from tests.signing.pades.stamping import stamped_behind, stamper

OTHER = "Ủy ban nhân dân xã Hai"


def test_a_number_that_repeats_within_the_year_is_told_and_may_be_meant(world: World) -> None:
    version = accepted(world, "TC01A")
    papers.numbered(version, world)
    author = world.user("TC01A", Role.FOCAL_POINT)
    draft = deciding.begin(
        version.slot, kind="correction", reason_code="counted_wrong", reason="sót", actor=author
    )
    writing_draft.save(draft.slot, numbers(people="6"), revision=draft.revision, actor=author)
    newer = handed_in(slot_of(world, "TC01A"), author)
    deciding.accept(newer, actor=above(world, "TC01A"))
    newer.refresh_from_db()
    with pytest.raises(Refused) as told:
        papers.numbered(newer, world)
    assert told.value.field == "number"
    made = actions.give_number(
        ReportDocument.objects.get(version=newer),
        papers.numbering(),
        repeat_is_meant=True,
        actor=world.user("TC01A", Role.CLERK),
    )
    run_ready()
    said = papers.text(papers.content(papers.fresh(made).pdf))
    assert "thay thế" in " ".join(said.split())


def test_a_report_that_was_not_accepted_gets_no_number(world: World) -> None:
    made = papers.printed(submitted(world, "TC01A"), world)
    with pytest.raises(Refused):
        actions.give_number(
            made, papers.numbering(), repeat_is_meant=False, actor=world.user("TC01A", Role.CLERK)
        )


def test_signed_pdf_of_the_unit_is_kept_as_valid_and_a_second_keeps_the_first(world) -> None:
    papers.trusted()
    made = papers.numbered(accepted(world, "TC01A"), world)
    signer = world.user("TC01A", Role.SIGNER)
    once = papers.signed(papers.content(made.pdf), papers.holder())
    kept = actions.store_signed_copy(made, papers.upload(once), actor=signer)
    assert (kept.result, kept.organisation) == (SignatureResult.VALID, papers.SCHOOL)
    other = papers.signed(papers.content(made.pdf), papers.holder())
    with pytest.raises(Refused):
        actions.store_signed_copy(made, papers.upload(other), actor=signer)
    twice = papers.signed(once, papers.holder())
    assert actions.store_signed_copy(made, papers.upload(twice), actor=signer).seq == 2
    assert papers.content(kept.file) == once


def test_S3_S4_what_is_not_our_file_signed_by_our_unit_is_refused(world: World) -> None:
    papers.trusted(papers.holder())
    made = papers.numbered(accepted(world, "TC01A"), world)
    signer = world.user("TC01A", Role.SIGNER)
    original = papers.content(made.pdf)
    for wrong in (
        original,
        papers.signed(drawn_over(original), papers.holder(OTHER)),
        papers.signed(original, papers.holder()),
        papers.signed(original, papers.holder(OTHER)),
    ):
        with pytest.raises(Refused) as told:
            actions.store_signed_copy(made, papers.upload(wrong), actor=signer)
        assert told.value.field == "file"
    assert not made.signatures.exists()


def test_S4_S5_not_yet_confirmed_until_a_list_comes_and_never_by_the_author(world: World) -> None:
    made = papers.numbered(accepted(world, "TC01A"), world)
    author, signer = (world.user("TC01A", role) for role in (Role.FOCAL_POINT, Role.SIGNER))
    data = papers.signed(papers.content(made.pdf), papers.holder())
    with pytest.raises(Refused):
        actions.store_signed_copy(made, papers.upload(data), actor=author)
    with pytest.raises(Refused):
        actions.store_scan(made, papers.upload(b"%PDF-1.4 scan"), "kho", actor=author)
    kept = actions.store_signed_copy(made, papers.upload(data), actor=signer)
    assert (kept.result, kept.flaws) == (SignatureResult.UNCONFIRMED, ["nobody-trusted"])
    papers.trusted()
    kept.document = papers.fresh(made)
    assert actions.reverify_signature(kept, actor=signer).result == SignatureResult.VALID


def test_a_stamped_copy_keeps_the_time_of_its_stamp(world: World) -> None:
    papers.trusted()
    made = papers.numbered(accepted(world, "TC01A"), world)
    now = timezone.now().replace(microsecond=0)
    data = papers.signed(papers.content(made.pdf), papers.holder())
    copy = papers.upload(stamped_behind(data, stamper(now)))
    kept = actions.store_signed_copy(made, copy, actor=world.user("TC01A", Role.SIGNER))
    assert (kept.result, kept.stamped_at) == (SignatureResult.VALID, now)


def test_a_scan_says_where_its_original_is_and_the_report_goes_up(world: World) -> None:
    version = signed(world, "TC01A")
    made = papers.numbered(version, world)
    clerk = world.user("TC01A", Role.CLERK)
    scan = papers.upload(papers.content(made.paper), "ban-quet.pdf")
    with pytest.raises(Refused):
        actions.store_scan(made, scan, " ", actor=clerk)
    kept = actions.store_scan(made, scan, "Văn thư, cặp 12/2026", actor=clerk)
    assert kept.result == SignatureResult.ON_PAPER
    actions.release(papers.fresh(made), actor=clerk)
    version.refresh_from_db()
    assert version.state == VersionState.FORWARDED
    assert AuditEvent.objects.filter(action="report.released").exists()
    with pytest.raises(Refused):
        actions.release(papers.fresh(made), actor=clerk)


def test_B1_what_nobody_signed_is_not_released(world: World) -> None:
    made = papers.numbered(accepted(world, "TC01A"), world)
    with pytest.raises(Refused):
        actions.release(made, actor=world.user("TC01A", Role.CLERK))
    blank = papers.printed(accepted(world, "TC01"), world)
    with pytest.raises(Refused):
        actions.release(blank, actor=world.user("TC01", Role.CLERK))


def test_B1_what_was_replaced_or_returned_is_neither_signed_nor_released(world: World) -> None:
    version = accepted(world, "TC01A")
    made = papers.numbered(version, world)
    clerk = world.user("TC01A", Role.CLERK)
    deciding.return_version(version, {"": "xem lại"}, actor=above(world, "TC01A"))
    with pytest.raises(Refused):
        actions.store_scan(made, papers.upload(papers.content(made.paper)), "Tủ số 2", actor=clerk)
    with pytest.raises(Refused):
        actions.release(made, actor=clerk)


def test_B1_S5_signed_copy_binds_the_office_above_and_one_person_stays_one(world: World) -> None:
    version = accepted(world, "TC01A")
    made = papers.numbered(version, world)
    author = world.user("TC01A", Role.FOCAL_POINT)
    deciding.allow_one_person(version.slot.node, "một cán bộ", actor=above(world, "TC01A"))
    scan = papers.upload(papers.content(made.paper), "ban-quet.pdf")
    with pytest.raises(Refused):
        actions.store_scan(made, scan, "Tủ số 2", actor=author)
    actions.store_scan(made, scan, "Tủ số 2", actor=world.user("TC01A", Role.SIGNER))
    with pytest.raises(Refused):
        deciding.return_version(version, {"": "xem lại"}, actor=above(world, "TC01A"))
