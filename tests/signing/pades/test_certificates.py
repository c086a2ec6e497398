"""Certificates in files, read alone and never with a key; signers from key files."""

import hashlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.pades.certificates import names_one_of, read_certificate, signer_of_file
from quetsach.signing.pades.sign import SignaturePurpose, sign_pdf
from quetsach.signing.pades.verify import verify_pdf
from tests.signing.pades.authority import NOW, OTHER_UNIT, UNIT, authority, clerk, pdf, trust


def test_a_certificate_is_read_from_pem_and_der_and_is_the_one_of_a_signature() -> None:
    held = clerk()
    one = read_certificate(held.der())
    assert one == read_certificate(held.cert.public_bytes(Encoding.PEM))
    assert one.fingerprint == hashlib.sha256(held.der()).hexdigest()
    assert (one.name, one.organisation, one.is_for_signing) == ("Nguyễn Thị Mẫu", UNIT, True)
    assert names_one_of(one, (UNIT,))
    assert not names_one_of(one, (OTHER_UNIT,))
    signed = sign_pdf(pdf(), held.signer(), SignaturePurpose())
    assert verify_pdf(signed, trust(), NOW).signers[0].fingerprint == one.fingerprint


def test_a_certificate_without_an_end_is_shown_in_every_time_zone() -> None:
    # What RFC 5280 (4.1.2.5) has for "no end": seven hours later there is no year for it.
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    one = read_certificate(clerk(until=last).der())
    assert one.until.astimezone(timezone(timedelta(hours=14))).year == 9999


def test_a_field_that_is_not_what_it_should_be_is_refused_and_no_other_error() -> None:
    der = clerk().der()
    read = 0
    for at in range(len(der)):
        with suppress(QuetsachError):
            read_certificate(der[:at] + b"\x81" + der[at + 1 :])
            read += 1
    # What is changed within the signature or a key is read all the same: it is not judged here.
    assert 0 < read < len(der) * 0.9


def test_keys_several_certificates_and_other_files_are_refused() -> None:
    held = clerk()
    plain = held.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    both = held.cert.public_bytes(Encoding.PEM)
    chain = both + authority().cert.public_bytes(Encoding.PEM)
    for wrong in (plain + both, chain, held.p12(), b"", b"<html>", b"\x30" * 70_000):
        with pytest.raises(QuetsachError) as told:
            read_certificate(wrong)
        assert told.value.problem.code == "E471"
        assert "asn1crypto" not in told.value.problem.facts["reason"]


@pytest.mark.parametrize("word", [b"another", None])
def test_a_wrong_passphrase_opens_nothing(word: bytes | None) -> None:
    with pytest.raises(QuetsachError, match=r"E471 key\.p12"):
        signer_of_file(clerk().p12(), word, "key.p12")


def test_what_is_no_key_file_is_refused() -> None:
    with pytest.raises(QuetsachError, match="E471"):
        signer_of_file(b"not a key", b"x", "key.p12")
