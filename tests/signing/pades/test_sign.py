"""Signing a PDF: the bytes before it stay, what is no PDF is refused."""

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.pades.sign import SignaturePurpose, sign_pdf
from tests.signing.pades.authority import clerk, pdf


def test_what_is_no_pdf_is_not_signed() -> None:
    for data in (b"", b"%PDF-1.7", b"PK"):
        with pytest.raises(QuetsachError, match="E470"):
            sign_pdf(data, clerk().signer(), SignaturePurpose())


def test_the_bytes_that_were_signed_stay_as_they_were() -> None:
    assert sign_pdf(pdf(), clerk().signer(), SignaturePurpose("Ký", "Trà Cú")).startswith(pdf())
