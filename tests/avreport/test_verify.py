"""The verdict: only a whole message signed by somebody named is trusted; every trick is found."""

import base64
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from quetsach.avreport.reading import MessageReader
from quetsach.avreport.verify import XmlSignatureState, read_certificates
from quetsach.avreport.writing import unsigned
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import use_language
from tests.avreport.messages import (
    DS,
    FIELD,
    LATER,
    MESSAGE,
    identity,
    judged,
    sealed,
    signed_by_xmlsec,
    template,
)

OWN = identity("so", "Root")
ROOT = identity("Root", ca=True)
OTHER = identity("other")
GOOD = sealed(OWN)


def test_certificate_that_is_named_or_whose_issuer_is_named_is_trusted() -> None:
    assert judged(GOOD, OWN).state is XmlSignatureState.TRUSTED
    assert judged(GOOD, OTHER, ROOT).state is XmlSignatureState.TRUSTED


def test_chain_over_an_authority_in_between_is_followed() -> None:
    data = sealed(OWN, ROOT)
    assert judged(data, ROOT).state is XmlSignatureState.TRUSTED
    assert judged(data, OTHER).state is XmlSignatureState.UNKNOWN


def test_certificate_in_the_message_alone_is_never_trusted() -> None:
    found = judged(GOOD)
    assert found.state is XmlSignatureState.UNKNOWN
    assert found.signer is not None
    assert found.signer.subject == "CN=so,O=Sở KH&CN,C=VN"
    assert judged(GOOD, OTHER).state is XmlSignatureState.UNKNOWN


def test_what_xmlsec_signed_verifies(tmp_path: Path) -> None:
    data = signed_by_xmlsec(tmp_path, OWN, template())
    found = judged(data, ROOT)
    assert found.state is XmlSignatureState.TRUSTED
    assert found.covered is not None
    assert (
        MessageReader("x").read(found.covered).rows
        == MessageReader("x").read(etree.fromstring(data)).rows
    )


def test_no_signature_and_one_of_another_name_are_unsigned() -> None:
    assert judged(unsigned(MESSAGE), OWN).state is XmlSignatureState.UNSIGNED
    assert judged(LATER, OWN).state is XmlSignatureState.UNSIGNED
    other = FIELD.replace(b' xmlns="http://www.w3.org/2000/09/xmldsig#"', b"")
    assert judged(other, OWN).state is XmlSignatureState.UNSIGNED


def test_fixed_sample_signature_of_the_field_is_recognised() -> None:
    use_language("en")
    found = judged(FIELD, OWN)
    use_language("vi")
    assert found.state is XmlSignatureState.WRONG
    assert found.reason.startswith("the fixed sample signature")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"203.0.113.77", b"203.0.113.78"),
        (b"PC-KETOAN", b"PC-KHAC"),
        (b'ip="10.20.3.41" ', b""),
        (b"000.00.00.H84", b"000.00.00.H85"),
        (b"<Vulnerability/>", b"<Vulnerability></Vulnerability><x/>"),
        (b"1662940800", b"1662940801"),
    ],
)
def test_changed_message_is_wrongly_signed(old: bytes, new: bytes) -> None:
    assert old in GOOD
    found = judged(GOOD.replace(old, new), OWN, ROOT)
    assert (found.state, found.covered) == (XmlSignatureState.WRONG, None)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_flipped_byte_never_changes_what_is_trusted(place: int, change: int) -> None:
    damaged = bytearray(GOOD)
    damaged[place] ^= change
    try:
        found = judged(bytes(damaged), OWN, ROOT)
    except QuetsachError:
        return
    if found.state is XmlSignatureState.TRUSTED:
        assert found.covered is not None
        assert MessageReader("x").read(found.covered) == MessageReader("x").read(
            etree.fromstring(GOOD)
        )


def test_expired_certificate_is_named_and_not_trusted() -> None:
    old = identity("old", "Root", ends=datetime(2021, 1, 1, tzinfo=UTC))
    data = sealed(old)
    for trusted in (old, ROOT):
        found = judged(data, trusted)
        assert found.state is XmlSignatureState.EXPIRED
        assert "2021-01-01" in found.reason
        then = judged(data, trusted, when=datetime(2020, 6, 1, tzinfo=UTC))
        assert then.state is XmlSignatureState.TRUSTED


def test_certificate_that_is_not_for_signing_is_not_trusted() -> None:
    data = sealed(ROOT)
    assert judged(data, ROOT).state is XmlSignatureState.UNKNOWN


def test_wrapped_message_shows_only_what_was_signed() -> None:
    # The whole message moved aside, and another put in its place: the signature covers "all".
    evil = GOOD.replace(b"203.0.113.77", b"192.0.2.66")
    inner = GOOD[GOOD.index(b"<edXMLEnvelope") :]
    body = evil.index(b"</AVReport>") + 11
    for wrapped in (
        evil[:body] + inner + evil[body:],
        GOOD.replace(b"</edXMLEnvelope>", b"<AVReport name='x'/></edXMLEnvelope>"),
        re.sub(rb"(<Signature .*</Signature>)", rb"<x>\1</x>", evil, flags=re.DOTALL),
    ):
        assert judged(wrapped, OWN, ROOT).state is XmlSignatureState.WRONG


def test_report_hidden_in_the_signature_itself_is_not_read() -> None:
    report = b"<Object xmlns='http://www.w3.org/2000/09/xmldsig#'><AVReport name='evil'/></Object>"
    hidden = GOOD.replace(b"</KeyInfo></Signature>", b"</KeyInfo>" + report + b"</Signature>")
    assert hidden != GOOD
    found = judged(hidden, OWN)
    if found.covered is not None:
        assert MessageReader("x").read(found.covered) == MessageReader("x").read(
            etree.fromstring(GOOD)
        )
    else:
        assert found.state is XmlSignatureState.WRONG


def test_signature_of_a_part_is_not_one_of_the_message(tmp_path: Path) -> None:
    part = template(uri="#part").replace(b"<AVReport ", b'<AVReport Id="part" ')
    part = part.replace(b"<edXMLEnvelope", b"<edXMLEnvelope", 1)
    for name, content in (("k.pem", OWN.key), ("c.pem", OWN.pem), ("t.xml", part)):
        (tmp_path / name).write_bytes(content)
    from tests.avreport.messages import xmlsec

    words = ("--sign", "--id-attr:Id", "AVReport", "--privkey-pem", "k.pem,c.pem")
    run = xmlsec(tmp_path, *words, "--output", "o.xml", "t.xml")
    assert run.returncode == 0, run.stderr
    found = judged((tmp_path / "o.xml").read_bytes(), OWN, ROOT)
    assert (found.state, found.covered) == (XmlSignatureState.WRONG, None)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"},
        {"digest": "http://www.w3.org/2000/09/xmldsig#sha1"},
        {
            "transforms": (
                "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                "http://www.w3.org/TR/1999/REC-xpath-19991116",
            ),
            "inner": "<XPath>true()</XPath>",
        },
        {"transforms": ("http://www.w3.org/2001/10/xml-exc-c14n#",)},
    ],
)
def test_weak_or_odd_algorithms_are_refused(tmp_path: Path, change: dict[str, str]) -> None:
    try:
        data = signed_by_xmlsec(tmp_path, OWN, template(**change))  # type: ignore[arg-type]
    except AssertionError:
        # This xmlsec1 does not sign so any more: the template alone must be refused as well.
        data = template(**change)  # type: ignore[arg-type]
    assert judged(data, OWN, ROOT).state is XmlSignatureState.WRONG


def test_xslt_in_the_signature_is_refused_and_never_run(tmp_path: Path) -> None:
    style = (
        '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
        f'<xsl:template match="/"><xsl:value-of select="document(\'{tmp_path.as_uri()}/x\')"/>'
        "</xsl:template></xsl:stylesheet>"
    )
    data = template(
        transforms=("http://www.w3.org/TR/1999/REC-xslt-19991116",), inner=style, uri=""
    )
    use_language("en")
    found = judged(data, OWN)
    use_language("vi")
    assert found.state is XmlSignatureState.WRONG
    assert found.reason.startswith("a transform that is not accepted")


def test_shared_secret_is_no_signature() -> None:
    # The certificate's public key as the secret of an HMAC: the classic confusion.
    data = GOOD.replace(b"2001/04/xmldsig-more#rsa-sha256", b"2001/04/xmldsig-more#hmac-sha256")
    assert data != GOOD
    assert judged(data, OWN, ROOT).state is XmlSignatureState.WRONG


def test_two_signatures_are_refused() -> None:
    block = GOOD[GOOD.index(b"<Signature ") : GOOD.index(b"</Signature>") + 12]
    assert judged(GOOD.replace(block, block * 2), OWN).state is XmlSignatureState.WRONG


def test_certificate_of_another_does_not_fit() -> None:
    other = base64.b64encode(base64.b64decode(b"".join(OTHER.pem.splitlines()[1:-1])))
    data = re.sub(
        rb"(<X509Certificate>).*?(<)", rb"\g<1>" + other + rb"\g<2>", GOOD, flags=re.DOTALL
    )
    assert judged(data, OWN, OTHER).state is XmlSignatureState.WRONG


@pytest.mark.parametrize(
    "name", ["SignedInfo", "SignatureValue", "KeyInfo", "X509Data", "DigestValue"]
)
def test_signature_without_one_of_its_parts_is_wrong_and_no_traceback(name: str) -> None:
    root = etree.fromstring(GOOD)
    for one in list(root.iter(f"{{{DS}}}{name}")):
        one.getparent().remove(one)
    assert judged(etree.tostring(root), OWN, ROOT).state is XmlSignatureState.WRONG
    root = etree.fromstring(GOOD)
    for one in list(root.iter(f"{{{DS}}}{name}")):
        one.clear()
    assert judged(etree.tostring(root), OWN, ROOT).state is XmlSignatureState.WRONG


def test_file_without_certificates_cannot_be_trusted() -> None:
    with pytest.raises(QuetsachError) as error:
        read_certificates(b"no", "t.pem")
    assert error.value.problem.code == "E443"
    assert read_certificates(OWN.pem + ROOT.pem, "t.pem") == [OWN.certificate, ROOT.certificate]
