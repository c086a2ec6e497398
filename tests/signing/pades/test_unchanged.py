"""Whether a signed PDF is the original with signatures alone behind it."""

from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers import sign_pdf as sign_pdf_with
from pyhanko.stamp import TextStampStyle

from quetsach.signing.pades.state import PdfState, SignatureFlaw
from quetsach.signing.pades.unchanged import changed_since
from tests.signing.pades.authority import (
    clerk,
    pdf,
)
from tests.signing.pades.signed import drawn_over, judged, signed


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
