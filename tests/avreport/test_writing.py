"""Writing and signing: another program verifies it; what cannot be signed is refused."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from lxml import etree

from quetsach.avreport.message import AvReportMessage, MachineRow
from quetsach.avreport.writing import (
    COLUMNS,
    OmittedFindings,
    Sender,
    from_findings,
    signed,
    unsigned,
)
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import use_language
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


SENDER = Sender({"OrganId": "x"}, "s", 1_662_940_800)


def device(name: str, *labels: str, **more: Any) -> dict[str, Any]:
    findings = [{"label": label} for label in labels or ("",)]
    base = {"device": name, "addresses": [name], "host_name": None, "findings": findings}
    return {**base, **more}


def seen(name: str, **more: Any) -> dict[str, Any]:
    base: dict[str, Any] = dict.fromkeys(COLUMNS)
    base |= {
        "quetsach.device": name,
        "quetsach.device.role": "client",
        "quetsach.device.address": name,
        "quetsach.match.field": "destination.ip",
        "quetsach.grade": "moved",
        "event.dataset": "zeek.conn",
        "destination.ip": "203.0.113.77",
    }
    return {**base, **{key.replace("_", "."): value for key, value in more.items()}}


def made(
    devices: list[dict[str, Any]], sightings: list[dict[str, Any]], **more: Any
) -> tuple[AvReportMessage, OmittedFindings]:
    told = {"devices": devices, "not_blamed": [], "unattributed": {"sightings": 0}, **more}
    inside = [ip_network("10.0.0.0/8")]
    return from_findings(told, sightings, sender=SENDER, inside=inside)


def test_each_address_that_a_device_reached_is_one_row() -> None:
    message, _left = made(
        [device("10.0.0.5", "Qakbot", "Qakbot", "Emotet", host_name="PC-1")],
        [seen("10.0.0.5"), seen("10.0.0.5"), seen("10.0.0.5", destination_ip="198.51.100.1")],
    )
    assert message.rows == (
        MachineRow("Malware", "10.0.0.5", "PC-1", {"MalwareName": "Qakbot"}),
        MachineRow("Malware", "10.0.0.5", "PC-1", {"MalwareName": "Emotet"}),
        MachineRow("Connection", "10.0.0.5", "PC-1", {"TargetIP": "203.0.113.77"}),
        MachineRow("Connection", "10.0.0.5", "PC-1", {"TargetIP": "198.51.100.1"}),
    )


def test_name_server_and_proxy_are_not_the_target() -> None:
    dns = seen(
        "10.0.0.5",
        **{"quetsach.match.field": "dns.question.name"},
        event_dataset="zeek.dns",
        destination_ip="192.0.2.53",
    )
    proxy = seen("10.0.0.5", **{"quetsach.match.field": "url.full"}, destination_ip="10.0.0.1")
    message, left = made([device("10.0.0.5")], [dns, proxy])
    assert message.rows == (MachineRow("Connection", "10.0.0.5", None, {}),)
    assert left.without_target == 2


def test_site_met_by_name_gives_the_address_that_was_reached() -> None:
    by_name = seen("10.0.0.5", **{"quetsach.match.field": "tls.client.server_name"})
    message, _left = made([device("10.0.0.5")], [by_name])
    assert message.rows[0].facts == {"TargetIP": "203.0.113.77"}


def test_hash_of_a_carried_file_goes_along() -> None:
    row = seen("10.0.0.5", file_hash_md5="a" * 32, file_hash_sha256="b" * 64)
    facts = made([device("10.0.0.5")], [row])[0].rows[0].facts
    assert facts == {"Md5": "a" * 32, "Sha2": "b" * 64, "TargetIP": "203.0.113.77"}


def test_device_that_was_seen_on_two_addresses_is_told_with_each() -> None:
    other = seen("10.0.0.5") | {"quetsach.device.address": "10.0.0.9"}
    message, _left = made([device("10.0.0.5")], [seen("10.0.0.5"), other])
    assert [one.ip for one in message.rows] == ["10.0.0.5", "10.0.0.9"]


def test_who_is_not_blamed_is_not_reported_but_counted() -> None:
    use_language("en")
    resolver = seen("10.0.0.53") | {"quetsach.device.role": "resolver"}
    message, left = made(
        [device("10.0.0.5", "Qakbot")],
        [resolver, seen("10.0.0.53")],
        not_blamed=[{}],
        unattributed={"sightings": 4},
    )
    assert {one.ip for one in message.rows} == {"10.0.0.5"}
    told = list(left.sentences())
    use_language("vi")
    assert told == [
        "1 devices that are not counted as infected are not reported",
        "4 sightings belong to no inside machine and are not reported",
    ]


def test_attempts_that_reached_nobody_are_counted() -> None:
    blocked = seen("10.0.0.5") | {"quetsach.grade": "blocked"}
    assert made([device("10.0.0.5")], [blocked, seen("10.0.0.5")])[1].not_connected == 1


@pytest.mark.asvs("V1.2.1")
def test_name_that_would_break_the_xml_is_shown_escaped() -> None:
    message, _left = made([device("10.0.0.5", "a\0b", host_name="PC\x1b\x07")], [])
    assert message.rows[0].name == "PC\\x1b\\x07"
    assert message.rows[0].facts["MalwareName"] == "a\\x00b"
