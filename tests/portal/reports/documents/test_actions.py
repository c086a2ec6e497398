"""A report as document: made by a job, numbered, signed, released; what is typed stays text."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from django.utils import timezone
from docx import Document

from quetsach.api.reports import BundleVerification, verify_bundle
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.cases.models.recheck import Draw, RecheckItem
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.documents import actions, making, queries
from quetsach_portal.reports.documents.official import official_report
from quetsach_portal.reports.models.document import DocumentState, ReportDocument, SignatureResult
from quetsach_portal.reports.models.report import ReportVersion, VersionState
from quetsach_portal.reports.totals.adding import Absence, names_of
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing import submitting
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.units.models import OrgUnit, UnitKind
from quetsach_portal.web.acts import Refused
from tests.documents.letters import DECOMPOSED
from tests.portal.reports import papers
from tests.portal.reports.acting import (
    above,
    accepted,
    fresh,
    handed_in,
    numbers,
    signed,
    slot_of,
    submitted,
    written,
)
from tests.portal.signing_in import signed_in
from tests.portal.working import claim, run_ready
from tests.portal.world import World
from tests.signing.pades.stamping import stamped_behind, stamper
from tests.signing.pades.test_verify import drawn_over

OTHER = "Ủy ban nhân dân xã Hai"
HOSTILE = (
    "{{ 7*7 }} {% for a in b %} #{} A & B <x> C 🙂 \x01 "
    "<img src=http://169.254.169.254/a> file:///etc/passwd " + DECOMPOSED
)


def with_words(text: str):
    return {**numbers(), "assessment": TypedAnswer(text=text)}


def said_in(docx: bytes) -> str:
    document = Document(BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def close(text: str) -> str:
    """Return the text without what line breaks of a page put in or take out."""
    return "".join(text.split())


def test_D1_D3_D4_texts_are_printed_as_they_are(world: World) -> None:
    long = "Ghi chú dài. " * 300
    version = submitted(world, "TC01A", with_words(HOSTILE + "\n" + long))
    made = papers.printed(version, world)
    assert made.state == DocumentState.MADE, made.problem
    docx, pdf = said_in(papers.content(made.docx)), papers.text(papers.content(made.pdf))
    for wanted in ("{{ 7*7 }}", "{% for a in b %}", "A & B <x> C", "file:///etc/passwd"):
        assert close(wanted) in close(docx), wanted
        assert close(wanted) in close(pdf), wanted
    assert close("<img src=http://169.254.169.254/a>") in close(pdf)
    assert close(docx).count("Ghichúdài.") == 300
    # One may stand on two pages, with a foot between.
    assert close(pdf).count("Ghichúdài.") in (299, 300)
    named = [(one["named"], "□" in one["beside"]) for one in made.unprintable]
    assert ("U+0001", True) in named
    assert b"169.254" not in papers.content(made.pdf), "no address that a reader would open"


def test_a_stamp_and_an_address_that_the_clerk_gives_are_printed_and_shown(world: World) -> None:
    version = accepted(world, "TC01A", with_words("Không in được \ue000 này"))
    given = replace(papers.numbering(), urgency="urgent", contact="Địa chỉ: Ấp 2")
    made = papers.numbered(version, world, given)
    printed = papers.text(papers.content(made.pdf))
    assert "KHẨN" in printed
    assert "Địa chỉ: Ấp 2" in printed
    assert "<Priority>1</Priority>" in made.entry
    client = signed_in(world.user("TC01A", Role.CLERK))
    page = client.get(f"/reports/documents/{version.pk}/").content.decode()
    assert "KHẨN" in page
    assert "Không in được ký tự này: U+E000, trong đoạn “Không in được □ này”." in page


def test_what_a_sample_verified_stands_beside_what_is_declared(world: World) -> None:
    slot = slot_of(world, "TC01A")
    facts = {"node": slot.node, "phase": slot.phase, "drawn_by": world.user("TC", Role.COMPILER)}
    facts |= {"seed": "00", "frame": "A", "population": 50, "declared": 48, "size": 1}
    facts |= {"subject": "units", "state": "closed"}
    draw = Draw.objects.create(number=1, ended_at=timezone.now(), **facts)
    RecheckItem.objects.create(
        draw=draw, place=1, ref="A", node=slot.node, was_declared=True, answer="no"
    )
    version = submitted(world, "TC01A")
    later = Draw.objects.create(number=2, ended_at=timezone.now(), **facts)
    RecheckItem.objects.create(
        draw=later, place=1, ref="A", node=slot.node, was_declared=1, answer="yes"
    )
    made = papers.printed(version, world)
    said = close(papers.text(papers.content(made.pdf)))
    assert close("kiểm tra lại: 0%, từ 0% đến 80%") in said
    assert close("96%") in said


def told(version: ReportVersion) -> dict[str, tuple[str, ...]]:
    """Return of whom a version has nothing, by why."""
    return {one.value: names_of(version, one) for one in Absence}


def test_a_total_says_of_whom_it_has_nothing_and_why(world: World) -> None:
    """Handed in, returned and not handed in are three things, as they were when it was made."""
    waiting = submitted(world, "TC01")
    whole = submitted(world, "TC")
    unit = (waiting.slot.node.name_at_freeze,)
    assert told(whole) == {"missing": (OTHER,), "waiting": unit, "returned": ()}
    deciding.return_version(waiting, {"": "xem lại"}, actor=above(world, "TC01"))
    assert told(whole)["waiting"] == unit
    submitting.withdraw(fresh(whole), "đính chính", actor=world.user("TC", Role.COMPILER))
    later = handed_in(slot_of(world, "TC"), world.user("TC", Role.COMPILER))
    assert told(later) == {"missing": (OTHER,), "waiting": (), "returned": unit}
    assert official_report(ReportDocument(version=later)).returned == unit


def test_D6_printed_twice_is_the_same_to_the_byte(world: World) -> None:
    first = papers.printed(submitted(world, "TC01A"), world)
    again = ReportDocument.objects.create(
        version=first.version,
        seq=2,
        place=first.place,
        code=first.code,
        asked_by=first.asked_by,
    )
    making.enqueue_files(again)
    run_ready()
    again = papers.fresh(again)
    for which in ("pdf", "paper", "docx"):
        assert getattr(first, which).sha256 == getattr(again, which).sha256, which
    assert first.pdf.sha256 != first.paper.sha256


def test_the_code_and_where_to_ask_stand_on_each_page_and_a_number_changes_neither(world) -> None:
    version = accepted(world, "TC01A")
    blank = papers.printed(version, world)
    given = papers.numbered(version, world)
    assert (blank.seq, given.seq) == (1, 2)
    for one in (blank, given):
        said = close(papers.text(papers.content(one.pdf)))
        assert version.sha256[:4] in said
        assert "/check" in said
    assert "05/BC-THA" in papers.text(papers.content(given.pdf))
    assert "Nguyễn Thị Mẫu" in papers.text(papers.content(given.pdf))
    assert papers.content(papers.fresh(blank).pdf) == papers.content(blank.pdf)
    assert b"<CodeNumber>05</CodeNumber>" in queries.entry_as(given, "xml")
    assert "PageAmount" in json.dumps(json.loads(queries.entry_as(given, "json")))


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


def test_a_report_of_a_party_body_bears_the_partys_heading_and_number(world: World) -> None:
    version = accepted(world, "TC01A")
    OrgUnit.objects.filter(pk=world.units["TC01A"].pk).update(kind=UnitKind.PARTY)
    made = papers.numbered(version, world, replace(papers.numbering(), code="BC-ĐU"))
    said = papers.text(papers.content(made.pdf))
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in said
    assert "CỘNG HÒA" not in said
    assert made.full_number.endswith("-BC/ĐU")
    assert f"Số {made.full_number}" in said


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


def test_E1_reports_are_written_and_handed_in_while_the_maker_of_files_is_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_down(*_args: object, **_kwargs: object) -> None:
        raise OSError("typesetter gone")

    monkeypatch.setattr(making, "report_files", is_down)
    version = submitted(world, "TC01A")
    asked = actions.request_document(version, actor=world.user("TC01A", Role.CLERK))
    run_ready()
    assert papers.fresh(asked).state == DocumentState.WAITING
    submitting.withdraw(version, "sai số liệu", actor=world.user("TC01A", Role.FOCAL_POINT))
    assert written(world, "TC01A").draft.revision >= 1
    monkeypatch.undo()
    Job.objects.update(run_after=asked.asked_at, leased_until=None)
    run_ready()
    assert papers.fresh(asked).state == DocumentState.MADE


def test_R5_one_person_has_two_documents_made_at_a_time(world: World) -> None:
    clerk = world.user("TC01A", Role.CLERK)
    for code in ("TC", "TC01", "TC02", "TC01A"):
        actions.request_document(submitted(world, code), actor=clerk)
    assert [claim(f"w{n}") is None for n in range(3)] == [False, False, True]


def proven(version: ReportVersion) -> BundleVerification:
    """Return what the bundle of a version proves."""
    with making.bundle_of(version) as file:
        return verify_bundle(file.read(), code=version.code)


def test_the_bundle_proves_the_total_with_the_reports_below(world: World) -> None:
    accepted(world, "TC01A")
    version = submitted(world, "TC01")
    found = proven(version)
    assert (found.exit_code, found.faults) == (0, ())
    assert found.recomputed == 2


def test_the_bundle_goes_on_through_corrections_and_many_steps(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = accepted(world, "TC01A")
    author = world.user("TC01A", Role.FOCAL_POINT)
    for people in ("6", "7"):
        draft = deciding.begin(
            first.slot, kind="correction", reason_code="other", reason="sót", actor=author
        )
        writing_draft.save(
            draft.slot, numbers(people=people), revision=draft.revision, actor=author
        )
        newer = handed_in(slot_of(world, "TC01A"), author)
        deciding.accept(newer, actor=above(world, "TC01A"))
    accepted(world, "TC01")
    version = submitted(world, "TC")
    monkeypatch.setattr(making, "_STEP", 1)
    found = proven(version)
    assert (found.exit_code, found.faults, len(found.held)) == (0, (), 5)


def test_who_does_not_read_the_reports_below_gets_none_in_the_bundle(world: World) -> None:
    child = accepted(world, "TC01A")
    version = submitted(world, "TC01")
    for role, held in ((Role.CLERK, False), (Role.COMPILER, True)):
        found = signed_in(world.user("TC01", role)).get(f"/reports/documents/{version.pk}/bundle")
        content = found.getvalue()
        assert (child.sha256.encode() in content, found.status_code) == (True, 200)
        assert (child.payload.encode() in content) is held


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
