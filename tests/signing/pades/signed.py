"""Helpers of the tests of pades."""

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
