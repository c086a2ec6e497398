"""Signatures in a PDF: what is valid, what is not, and what nobody can confirm."""

from dataclasses import replace
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers import sign_pdf as sign_pdf_with
from pyhanko.stamp import TextStampStyle

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.pades.sign import SignaturePurpose, sign_pdf
from quetsach.signing.pades.state import PdfState, PdfVerdict, SignatureFlaw
from quetsach.signing.pades.trust import TrustStore, certificates, names_unit
from quetsach.signing.pades.unchanged import changed_since
from quetsach.signing.pades.verify import verify_pdf
from tests.signing.pades.authority import (
    DAY,
    NOW,
    OTHER_UNIT,
    UNIT,
    Held,
    answer,
    authority,
    clerk,
    pdf,
    revoked_list,
    trust,
)


def signed(by: Held, data: bytes | None = None) -> bytes:
    return sign_pdf(pdf() if data is None else data, by.signer(), SignaturePurpose("Ký ban hành"))


def judged(data: bytes, believed: TrustStore | None = None) -> PdfVerdict:
    return verify_pdf(data, trust() if believed is None else believed, NOW)


def flaws(data: bytes, believed: TrustStore | None = None) -> tuple[SignatureFlaw, ...]:
    return judged(data, believed).signers[0].flaws


def drawn_over(data: bytes) -> bytes:
    """Return the PDF with a stamp drawn over its page, added behind its bytes."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    stamp = generic.StreamObject(stream_data=b"0 0 m 200 200 l S")
    writer.add_stream_to_page(0, writer.add_object(stamp))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def noted(data: bytes) -> bytes:
    """Return the PDF with a note stuck on its page."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][0]
    name = generic.pdf_name
    rect = generic.ArrayObject(list(map(generic.NumberObject, (0, 0, 90, 90))))
    note = {name("/Type"): name("/Annot"), name("/Subtype"): name("/Text"), name("/Rect"): rect}
    placed = writer.add_object(generic.DictionaryObject(note))
    page[name("/Annots")] = generic.ArrayObject([placed])
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def drawn_by_signing(data: bytes, box: tuple[int, int, int, int], field: str) -> bytes:
    """Return the PDF with one more signature, which draws a picture of its own."""
    meta = PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES)
    style = TextStampStyle(stamp_text="999", background=None)
    spec = SigFieldSpec(field, on_page=0, box=box)
    signer = PdfSigner(meta, clerk().signer(), stamp_style=style, new_field_spec=spec)
    return signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(data))).getvalue()


def test_a_signature_is_valid_when_its_unit_signed_the_whole_file_and_nothing_is_revoked() -> None:
    verdict = judged(signed(clerk()))
    assert verdict.state is PdfState.VALID
    assert [(one.name, one.organisation) for one in verdict.signers] == [("Nguyễn Thị Mẫu", UNIT)]
    assert judged(pdf()).state is PdfState.UNSIGNED


@pytest.mark.parametrize("place", [20, 200, 400])
def test_S1_one_byte_changed_after_signing_is_told(place: int) -> None:
    data = bytearray(signed(clerk()))
    at = data.index(b"Bao cao") + 1 if place == 400 else place
    data[at] ^= 1
    assert judged(bytes(data)).state is PdfState.CHANGED
    assert changed_since(pdf(), bytes(data)) is True


def test_S2_a_second_signature_leaves_the_first_valid_and_covers_the_whole_file() -> None:
    once = signed(clerk())
    twice = signed(clerk(OTHER_UNIT), once)
    verdict = judged(twice, replace(trust(), units=(UNIT, OTHER_UNIT)))
    assert [one.state for one in verdict.signers] == [PdfState.VALID, PdfState.VALID]
    assert (verdict.state, verdict.flaws) == (PdfState.VALID, ())
    assert twice.startswith(once)
    assert (changed_since(pdf(), once), changed_since(pdf(), twice)) == (False, False)
    assert changed_since(pdf(), pdf()) is False


@pytest.mark.parametrize("add", [drawn_over, noted])
def test_S3_what_is_added_after_a_signature_is_told(add: object) -> None:
    data = add(signed(clerk()))  # type: ignore[operator]
    verdict = judged(data)
    assert verdict.state is PdfState.CHANGED
    assert verdict.flaws == (SignatureFlaw.ADDED_TO,)
    assert changed_since(pdf(), data) is True


@pytest.mark.parametrize("add", [drawn_over, noted])
def test_S3_what_is_slipped_in_before_the_first_signature_is_told(add: object) -> None:
    data = signed(clerk(), add(pdf()))  # type: ignore[operator]
    assert judged(data).state is PdfState.VALID, "its signer signed just this"
    assert changed_since(pdf(), data) is True, "and it is not what we gave to be signed"


@pytest.mark.parametrize("boxes", [[(0, 0, 590, 840)], [(0, 0, 590, 100), (0, 110, 590, 210)]])
def test_S3_signatures_that_cover_a_page_are_told_whichever_came_first(
    boxes: list[tuple[int, int, int, int]],
) -> None:
    data = signed(clerk())
    for number, box in enumerate(boxes):
        data = drawn_by_signing(data, box, f"Cover{number}")
    assert changed_since(pdf(), data) is True
    assert changed_since(pdf(), drawn_by_signing(signed(clerk()), (0, 0, 90, 90), "Seal")) is False


def test_S3_a_signature_that_brings_a_program_is_told() -> None:
    name = generic.pdf_name
    writer = IncrementalPdfFileWriter(BytesIO(pdf()))
    append_signature_field(writer, SigFieldSpec("Signature1", on_page=0, box=(0, 0, 50, 50)))
    field = writer.root["/AcroForm"]["/Fields"][0]
    act = {name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("app.alert(1)")}
    shown = {name("/PO"): generic.DictionaryObject(act)}
    field[name("/AA")] = generic.DictionaryObject(shown)
    writer.update_container(field)
    meta = PdfSignatureMetadata(field_name="Signature1", subfilter=SigSeedSubFilter.PADES)
    data = sign_pdf_with(writer, meta, signer=clerk().signer()).getvalue()
    assert changed_since(pdf(), data) is True


def test_S4_an_expired_certificate_is_refused() -> None:
    assert flaws(signed(clerk(UNIT, NOW - 300 * DAY, NOW - DAY))) == (SignatureFlaw.EXPIRED,)


def test_S4_a_certificate_of_the_future_is_refused() -> None:
    assert flaws(signed(clerk(UNIT, NOW + DAY, NOW + 9 * DAY))) == (SignatureFlaw.NOT_YET_VALID,)


def test_S4_a_revoked_certificate_is_refused_by_list_and_by_answer() -> None:
    data = signed(clerk())
    assert flaws(data, trust(revoked=(revoked_list(clerk()),))) == (SignatureFlaw.REVOKED,)
    asked = replace(trust(revoked=()), answers=(answer(clerk(), good=False),))
    assert flaws(data, asked) == (SignatureFlaw.REVOKED,)
    assert judged(data, asked).state is PdfState.REFUSED


def test_S4_another_units_certificate_is_refused() -> None:
    verdict = judged(signed(clerk(OTHER_UNIT)))
    assert verdict.state is PdfState.REFUSED
    assert verdict.signers[0].flaws == (SignatureFlaw.WRONG_UNIT,)


@pytest.mark.parametrize(
    "called", ["UBND XÃ HÀM GIANG", "Uỷ ban nhân dân xã  Hàm Giang", "ubnd xã Hàm Giang"]
)
def test_a_unit_is_known_by_the_usual_ways_of_writing_its_name(called: str) -> None:
    certificate = certificates((clerk(called).der(),))[0]
    assert names_unit(certificate, (UNIT,))
    assert not names_unit(certificate, (OTHER_UNIT, "Giang", ""))


def test_S4_without_any_word_on_revocation_it_is_not_yet_confirmed() -> None:
    data = signed(clerk())
    stale = revoked_list(at=NOW - 30 * DAY)
    for known in ((), (stale,)):
        verdict = judged(data, trust(revoked=known))
        assert verdict.signers[0].flaws == (SignatureFlaw.NOT_CONFIRMED,)
        assert verdict.state is PdfState.UNCONFIRMED
    asked = replace(trust(revoked=()), answers=(answer(clerk()),))
    assert judged(data, asked).state is PdfState.VALID


def test_S4_an_authority_that_nobody_trusts_is_refused() -> None:
    data = signed(clerk(by="CA lạ"))
    assert flaws(data) == (SignatureFlaw.UNTRUSTED,)
    assert flaws(signed(clerk()), replace(trust(), roots=())) == (SignatureFlaw.UNTRUSTED,)
    assert authority("CA lạ").cert != authority().cert


def test_a_certificate_that_is_not_for_signing_is_refused() -> None:
    assert judged(signed(clerk(signs=False))).state is PdfState.REFUSED


def test_the_last_signature_of_three_is_the_one_that_covers_the_file() -> None:
    data = signed(clerk(), signed(clerk(), signed(clerk())))
    assert [one.state for one in judged(data).signers] == [PdfState.VALID] * 3
    assert judged(data + b"\n% more\n").state is PdfState.CHANGED


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"<html>%PDF-", pdf()[:-60]])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(QuetsachError) as told:
        judged(data)
    assert told.value.problem.code == "E472"


def test_what_is_no_certificate_is_no_reason_to_trust() -> None:
    with pytest.raises(QuetsachError) as told:
        judged(signed(clerk()), TrustStore((b"-----BEGIN NOTHING-----",)))
    assert told.value.problem.code == "E471"
