"""Key files for signing: opened by their passphrase, or refused with words."""

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.pades.certificates import signer_of_file
from quetsach.signing.pades.sign import SignaturePurpose, sign_pdf
from tests.signing.pades.authority import clerk, pdf


@pytest.mark.parametrize("word", [b"another", None])
def test_a_wrong_passphrase_opens_nothing(word: bytes | None) -> None:
    with pytest.raises(QuetsachError, match=r"E471 key\.p12"):
        signer_of_file(clerk().p12(), word, "key.p12")


def test_what_is_no_key_file_is_refused() -> None:
    with pytest.raises(QuetsachError, match="E471"):
        signer_of_file(b"not a key", b"x", "key.p12")


def test_what_is_no_pdf_is_not_signed() -> None:
    for data in (b"", b"%PDF-1.7", b"PK"):
        with pytest.raises(QuetsachError, match="E470"):
            sign_pdf(data, clerk().signer(), SignaturePurpose())


def test_the_bytes_that_were_signed_stay_as_they_were() -> None:
    assert sign_pdf(pdf(), clerk().signer(), SignaturePurpose("Ký", "Trà Cú")).startswith(pdf())
