"""Writing and signing: another program verifies it; what cannot be signed is refused."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from lxml import etree

from quetsach.avreport.writing import signed, unsigned
from quetsach.errors.exceptions import QuetsachError
from tests.avreport.messages import DS, MESSAGE, identity, sealed, xmlsec


def test_xmlsec_verifies_our_signature_and_refuses_a_changed_message(tmp_path: Path) -> None:
    root, own = identity("Root", ca=True), identity("so", "Root")
    data = sealed(own)
    (tmp_path / "root.pem").write_bytes(root.pem)
    for content, right in ((data, True), (data.replace(b"203.0.113.77", b"203.0.113.78"), False)):
        (tmp_path / "m.xml").write_bytes(content)
        run = xmlsec(tmp_path, "--verify", "--trusted-pem", "root.pem", "m.xml")
        assert (run.returncode == 0) is right, run.stderr


def test_signature_has_the_algorithms_and_the_place_of_the_form() -> None:
    root = etree.fromstring(sealed(identity("so", "Root")))
    header = root[0]
    assert [etree.QName(one).localname for one in header] == ["MessageHeader", "Signature"]
    signature = header[1]
    assert signature.prefix is None
    used = [one.get("Algorithm") for one in signature.iter() if one.get("Algorithm")]
    assert used == [
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/04/xmlenc#sha256",
    ]
    data = signature.find(f".//{{{DS}}}X509Data")
    names = [etree.QName(one).localname for one in data]
    assert names == ["X509SubjectName", "X509Certificate"]
    assert data[0].text == "CN=so,O=Sở KH&CN,C=VN"


def test_locked_key_signs_with_its_passphrase() -> None:
    own = identity("so", "Root")
    locked = own.secret.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")
    )
    words = {"key": locked, "certificates": own.pem, "where": "k"}
    assert b"SignatureValue" in signed(MESSAGE, passphrase=b"x", **words)  # type: ignore[arg-type]
    with pytest.raises(QuetsachError) as error:
        signed(MESSAGE, passphrase=None, **words)  # type: ignore[arg-type]
    assert error.value.problem.code == "E442"


def test_wrong_key_weak_key_and_foreign_certificate_are_refused() -> None:
    own, other = identity("so", "Root"), identity("other")
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    weak = rsa.generate_private_key(65537, 1024).private_bytes(*plain)
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(*plain)
    for key, certificate in (
        (own.key, other.pem),
        (own.key, b"no certificate"),
        (b"no key", own.pem),
        (weak, own.pem),
        (curve, own.pem),
    ):
        with pytest.raises(QuetsachError) as error:
            signed(MESSAGE, key=key, certificates=certificate, passphrase=None, where="k")
        assert error.value.problem.code == "E442"


NS = {"e": "http://www.mic.gov.vn/TBT/QCVN_102_2016"}


def test_message_is_written_letter_for_letter() -> None:
    assert (
        unsigned(MESSAGE).decode()
        == """<?xml version='1.0' encoding='UTF-8'?>
<edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
  <edXML:edXMLHeader>
    <edXML:MessageHeader>
      <edXML:From>
        <edXML:OrganId>000.00.00.H84</edXML:OrganId>
        <edXML:OrganName>Sở Khoa học và Công nghệ &lt;&amp;&gt;</edXML:OrganName>
        <edXML:OrganAdd></edXML:OrganAdd>
        <edXML:Email></edXML:Email>
        <edXML:Telephone></edXML:Telephone>
        <edXML:Fax></edXML:Fax>
        <edXML:Website></edXML:Website>
      </edXML:From>
      <edXML:Subject>Kết nối độc hại</edXML:Subject>
    </edXML:MessageHeader>
  </edXML:edXMLHeader>
  <edXML:edXMLBody>
    <AVReport name="quetsach">
      <Datetime>1662940800</Datetime>
      <Malware>
        <Machine ip="10.20.3.41" name="PC-KETOAN">
          <MalwareInfo>
            <MalwareName>Qakbot</MalwareName>
          </MalwareInfo>
        </Machine>
      </Malware>
      <Connection>
        <Machine ip="10.20.3.41" name="PC-KETOAN">
          <ConnectionInfo>
            <TargetIP>203.0.113.77</TargetIP>
          </ConnectionInfo>
        </Machine>
        <Machine ip="10.20.3.42">
          <ConnectionInfo>
            <Md5>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</Md5>
            <TargetIP>198.51.100.7</TargetIP>
          </ConnectionInfo>
        </Machine>
      </Connection>
      <Vulnerability/>
      <OS/>
      <Update/>
      <QualityFeature/>
    </AVReport>
  </edXML:edXMLBody>
</edXMLEnvelope>
"""
    )


def test_what_is_not_known_stands_nowhere_as_a_constant() -> None:
    root = etree.fromstring(unsigned(MESSAGE))
    for name in ("Vulnerability", "OS", "Update", "QualityFeature"):
        (element,) = root.findall(f"e:edXMLBody/AVReport/{name}", NS)
        assert (len(element), element.text) == (0, None)
    assert root.find(".//NumberFile") is None
