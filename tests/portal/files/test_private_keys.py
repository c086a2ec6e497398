"""What is taken for a private key, and what is not."""

from io import BytesIO

import pytest

from quetsach_portal.files import checking, signed_pdf
from quetsach_portal.files.kinds import LETTER
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.files.sniff import is_private_key
from tests.signing.pades.authority import clerk, pdf


@pytest.mark.parametrize(
    ("start", "ending"),
    [
        (clerk().p12(), "pdf"),
        (b"-----BEGIN PRIVATE KEY-----\nMC4", "txt"),
        (b"-----BEGIN RSA PRIVATE KEY-----\nMC4", ""),
        (b"\xfe\xed\xfe\xed\x00", "bin"),
        (b"PuTTY-User-Key-File-3: ssh", "txt"),
        (b"x", "P12"),
        (b"x", "pfx"),
        (b"x", "key"),
    ],
)
def test_a_key_is_known_by_its_bytes_or_its_name(start: bytes, ending: str) -> None:
    assert is_private_key(start, ending)
    with pytest.raises(FileRefused) as refused:
        checking.check(BytesIO(start), name=f"khoa.{ending}", rules=LETTER)
    assert refused.value.problem.code == "P137"


def test_a_key_handed_in_as_a_signed_pdf_is_called_a_key() -> None:
    with pytest.raises(FileRefused) as refused:
        signed_pdf.judged(clerk().p12(), original=pdf(), units=())
    assert refused.value.problem.code == "P137"


@pytest.mark.parametrize("start", [pdf(), clerk().der(), b"", b"0", b"PK\x03\x04", b"0123 log"])
def test_documents_and_certificates_are_no_keys(start: bytes) -> None:
    assert not is_private_key(start, "pdf")
