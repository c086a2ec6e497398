"""Nothing goes out unsigned: paper is signed, then numbered; the rest as the office does it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.files.storage import path_of
from quetsach_portal.letters.actions import drafting, numbering, signing
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.models import Letter, LetterState, SignatureResult, SigningWay
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged
from tests.portal.reports import papers

pytestmark = pytest.mark.django_db


def out(world, letter: Letter) -> Letter:
    clerk = world.user("TC", Role.CLERK)
    return releasing.release(letter.pk, DeliveryChannels(), start_mails=False, actor=clerk)


def number(world, letter: Letter, given: int = 5) -> Letter:
    clerk = world.user("TC", Role.CLERK)
    return numbering.give_number(
        letter.pk, staged.signing(given), repeat_is_meant=True, actor=clerk
    )


def by(world, way: SigningWay) -> Letter:
    letter = staged.with_clerk(world)
    return signing.choose_way(letter.pk, way, actor=world.user("TC", Role.CLERK))


def signed_copy(world, letter: Letter) -> SimpleUploadedFile:
    by_head = papers.holder(letter.issuer_name, person=letter.signer_name)
    pdf = papers.signed(papers.content(letter.pdf), by_head)
    return SimpleUploadedFile("cong-van-da-ky.pdf", pdf)


def test_an_unsigned_letter_is_never_released(world) -> None:
    letter = staged.signed(world)
    number(world, letter)
    Letter.objects.filter(pk=letter.pk).update(signature=None)
    with pytest.raises(Refused, match=r"chưa được ký.*E424") as refused:
        out(world, letter)
    assert "quét" in refused.value.told, "what to do is said"
    letter.refresh_from_db()
    assert letter.state == LetterState.NUMBERED
    assert not letter.dispatches.exists()


def test_a_paper_without_its_scan_is_not_released_and_our_own_print_is_no_scan(world) -> None:
    letter = number(world, staged.signed(world))
    with pytest.raises(Refused, match="E426"):
        out(world, letter)
    clerk = world.user("TC", Role.CLERK)
    for stored in (letter.pdf, letter.paper):
        print_again = SimpleUploadedFile("ky.pdf", path_of(stored).read_bytes())
        with pytest.raises(Refused) as refused:
            signing.store_scan(letter.pk, print_again, "Văn thư", actor=clerk)
        assert refused.value.field == "file"
    with pytest.raises(Refused) as nowhere:
        signing.store_scan(letter.pk, staged.scan(letter), " ", actor=clerk)
    assert nowhere.value.field == "original_at"
    kept = staged.scanned(world, letter)
    assert kept.original_id == kept.signature.file_id
    assert out(world, letter).state == LetterState.RELEASED


def test_a_new_number_drops_the_scan_that_bears_the_old_one_and_keeps_the_signature(world) -> None:
    letter = staged.numbered(world)
    again = number(world, letter, 6)
    assert (again.original, again.signature.file) == (None, None)
    assert again.signature_id == letter.signature_id
    with pytest.raises(Refused, match="E426"):
        out(world, again)


def test_what_was_changed_after_its_signature_does_not_go_out(world) -> None:
    letter = staged.numbered(world)
    Letter.objects.filter(pk=letter.pk).update(values={**letter.values, "tasks": ["Việc khác"]})
    with pytest.raises(Refused, match="E427"):
        out(world, letter)


def test_a_letter_that_is_given_back_is_signed_again(world) -> None:
    letter = staged.signed(world)
    drafting.take_back(letter.pk, why="sai", actor=world.user("TC", Role.CLERK))
    drafting.send_to_clerk(letter.pk, actor=world.user("TC", Role.COMPILER))
    with pytest.raises(Refused, match="E424"):
        number(world, letter)
    assert letter.signatures.count() == 1, "that it was signed once stays known"


def test_the_day_of_signing_lies_between_drafting_and_today(world) -> None:
    letter, clerk = staged.with_clerk(world), world.user("TC", Role.CLERK)
    today = timezone.localdate()
    with pytest.raises(Refused, match=r"."):
        signing.record_on_paper(letter.pk, today, actor=clerk)
    signing.present(letter.pk, staged.SIGNER, actor=clerk)
    for days in (1, -30):
        with pytest.raises(Refused) as refused:
            signing.record_on_paper(letter.pk, today + timezone.timedelta(days=days), actor=clerk)
        assert refused.value.field == "signed_on"


def test_an_electronic_letter_is_numbered_then_signed_by_certificate(world) -> None:
    papers.trusted()
    letter = number(world, by(world, SigningWay.NUMBER_FIRST))
    signer = world.user("TC", Role.SIGNER)
    with pytest.raises(Refused, match="E424"):
        out(world, letter)
    unsigned = SimpleUploadedFile("a.pdf", papers.content(letter.pdf))
    with pytest.raises(Refused, match="chữ ký"):
        signing.store_signed_pdf(letter.pk, unsigned, actor=signer)
    kept = signing.store_signed_pdf(letter.pk, signed_copy(world, letter), actor=signer)
    assert kept.signature.result == SignatureResult.VALID
    assert "05/UBND-TH" in staged.text_of(kept.original)
    again = number(world, kept, 6)
    assert again.signature is None, "the signed PDF bears the old number"
    signing.store_signed_pdf(letter.pk, signed_copy(world, again), actor=signer)
    assert out(world, letter).state == LetterState.RELEASED


def test_an_electronic_letter_is_signed_then_numbered_where_the_office_does_so(world) -> None:
    papers.trusted()
    letter, clerk = by(world, SigningWay.SIGN_FIRST), world.user("TC", Role.CLERK)
    with pytest.raises(Refused, match="E424"):
        number(world, letter)
    letter = signing.present(letter.pk, staged.SIGNER, actor=clerk)
    copy = signed_copy(world, letter)
    letter = signing.store_signed_pdf(letter.pk, copy, actor=clerk)
    letter = number(world, letter)
    assert "05/UBND-TH" in staged.text_of(letter.pdf)
    assert out(world, letter).original_id == letter.signature.file_id
    basis = Letter.objects.get(is_outside=True)
    assert staged.draft(world, based_on=basis).way == SigningWay.SIGN_FIRST, "as last time"


def test_a_signature_of_another_unit_or_of_another_file_is_refused(world) -> None:
    papers.trusted()
    letter = number(world, by(world, SigningWay.NUMBER_FIRST))
    pdf = papers.content(letter.pdf)
    signer = world.user("TC", Role.SIGNER)
    strange = papers.signed(pdf, papers.holder("Công ty Lạ"))
    by_head = papers.holder(letter.issuer_name, person=letter.signer_name)
    other = papers.signed(papers.content(letter.paper), by_head)
    for raw in (strange, other, b"%PDF-1.4 x"):
        with pytest.raises(Refused):
            signing.store_signed_pdf(letter.pk, SimpleUploadedFile("a.pdf", raw), actor=signer)
    letter.refresh_from_db()
    assert letter.signature is None


def test_a_letter_is_signed_by_the_person_whom_it_names_and_the_seal_may_follow(world) -> None:
    papers.trusted()
    letter = number(world, by(world, SigningWay.NUMBER_FIRST))
    signer, pdf = world.user("TC", Role.SIGNER), papers.content(letter.pdf)

    def keep(*persons: str) -> Letter:
        raw = pdf
        for person in persons:
            raw = papers.signed(raw, papers.holder(letter.issuer_name, person=person))
        upload = SimpleUploadedFile("a.pdf", raw)
        return signing.store_signed_pdf(letter.pk, upload, actor=signer)

    # A single word names nobody.
    for person in ("Nguyễn Thị Mẫu", letter.issuer_name, "Thắm", "Tăng Thị Thắmm"):
        with pytest.raises(Refused, match=r"Không có chữ ký nào của Tăng Thị Thắm") as refused:
            keep(person)
        assert refused.value.field == "file"
    letter.refresh_from_db()
    assert letter.signature is None
    kept = keep("BS. TĂNG THỊ THẮM", letter.issuer_name)
    assert kept.signature.signer_name == "BS. TĂNG THỊ THẮM"


def test_without_a_named_signer_nothing_signed_is_taken(world) -> None:
    papers.trusted()
    letter = number(world, by(world, SigningWay.NUMBER_FIRST))
    copy = signed_copy(world, letter)
    Letter.objects.filter(pk=letter.pk).update(signer_name=" ")
    with pytest.raises(Refused, match=r"."):
        signing.store_signed_pdf(letter.pk, copy, actor=world.user("TC", Role.SIGNER))


def test_the_way_stays_once_the_letter_is_signed(world) -> None:
    letter, clerk = staged.signed(world), world.user("TC", Role.CLERK)
    with pytest.raises(Refused):
        signing.choose_way(letter.pk, SigningWay.NUMBER_FIRST, actor=clerk)
