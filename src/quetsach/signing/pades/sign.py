"""Signing a PDF by an incremental update, and opening a PDF strictly, without repairs."""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper


MOST_BYTES = 64 * 1024 * 1024
"""No PDF of ours is larger."""

_DIGEST = "sha256"


@dataclass(frozen=True)
class SignaturePurpose:
    """The purpose stated in a signature: reason and place; both may be ""."""

    reason: str = ""
    place: str = ""


def sign_pdf(
    pdf: bytes,
    signer: "Signer",
    purpose: SignaturePurpose,
    where: str = "PDF",
    *,
    stamper: "TimeStamper | None" = None,
) -> bytes:
    """Return the PDF with one more signature, after those that it has.

    The signature is PAdES B-B, over the whole file, and B-T with a stamp of `stamper` inside; it
    draws nothing, so that no word moves.
    Errors: E470 when it is no PDF that can be signed; those of `stamper`.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.general import SigningError

    if len(pdf) > MOST_BYTES:
        raise QuetsachError("E470", where, reason=_("it is too large"))
    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=True)
        meta = signers.PdfSignatureMetadata(
            field_name=f"Signature{_signed(writer) + 1}",
            md_algorithm=_DIGEST,
            reason=purpose.reason or None,
            location=purpose.place or None,
            subfilter=SigSeedSubFilter.PADES,
        )
        out = signers.sign_pdf(writer, meta, signer=signer, timestamper=stamper)
    except (PdfError, SigningError, ValueError) as error:
        raise QuetsachError("E470", where, reason=str(error)[:200]) from error
    return bytes(out.getvalue())


def _signed(writer: "IncrementalPdfFileWriter") -> int:
    from pyhanko.sign.fields import enumerate_sig_fields

    return len(list(enumerate_sig_fields(writer)))


MOST_SIGNATURES = 50
_MOST_SHOWN = 200

# Raised by pyHanko and asn1crypto for malformed bytes.
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, RecursionError, AttributeError, OSError)


@dataclass(frozen=True)
class OpenedPdf:
    """pyHanko's reader of a PDF, its signatures, and the stamps over it, each in its order."""

    reader: Any
    signatures: tuple[Any, ...]
    stamps: tuple[Any, ...]


def opened(pdf: bytes, where: str) -> OpenedPdf:
    """Return the PDF opened. Errors: E472 when it is none that can be read."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    if len(pdf) > MOST_BYTES:
        raise QuetsachError("E472", where, reason=_("it is too large"))
    if not pdf.startswith(b"%PDF-"):
        raise QuetsachError("E472", where, reason=_("it does not begin like a PDF"))
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        if reader.encrypted:
            raise QuetsachError("E472", where, reason=_("it is locked by a password"))
        signatures = tuple(reader.embedded_regular_signatures)
        stamps = tuple(reader.embedded_timestamp_signatures)
    except (PdfError, *UNREADABLE) as error:
        raise QuetsachError("E472", where, reason=plain(str(error)[:_MOST_SHOWN])) from error
    if len(signatures) + len(stamps) > MOST_SIGNATURES:
        raise QuetsachError("E472", where, reason=_("it has too many signatures"))
    return OpenedPdf(reader, signatures, stamps)
