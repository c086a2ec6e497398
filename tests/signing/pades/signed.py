"""PDFs signed for a test, and how they are judged."""

from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from quetsach.signing.pades.sign import SignaturePurpose, sign_pdf
from quetsach.signing.pades.state import PdfVerdict, SignatureFlaw
from quetsach.signing.pades.trust import TrustStore
from quetsach.signing.pades.verify import verify_pdf
from tests.signing.pades.authority import (
    NOW,
    Held,
    pdf,
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
