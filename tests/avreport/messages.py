"""Messages in the true layout, made up, with documentation addresses; and keys to sign them."""

import functools
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from lxml import etree

from quetsach.avreport.message import AvReportMessage, MachineRow
from quetsach.avreport.reading import parse_message
from quetsach.avreport.verify import XmlSignature, verify
from quetsach.avreport.writing import signed

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DS = "http://www.w3.org/2000/09/xmldsig#"

MESSAGE = AvReportMessage(
    sender={"OrganId": "000.00.00.H84", "OrganName": "Sở Khoa học và Công nghệ <&>"},
    subject="Kết nối độc hại",
    product="quetsach",
    datetime=1_662_940_800,
    rows=(
        MachineRow("Malware", "10.20.3.41", "PC-KETOAN", {"MalwareName": "Qakbot"}),
        MachineRow("Connection", "10.20.3.41", "PC-KETOAN", {"TargetIP": "203.0.113.77"}),
        MachineRow("Connection", "10.20.3.42", None, {"Md5": "a" * 32, "TargetIP": "198.51.100.7"}),
    ),
)

FIELD = """<edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
  <edXML:edXMLHeader>
    <edXML:MessageHeader>
      <edXML:From><edXML:OrganId>000.00.00.H99</edXML:OrganId>
        <edXML:OrganName>Sở TTTT</edXML:OrganName><edXML:OrganAdd>1 Lê Lợi</edXML:OrganAdd>
        <edXML:Email>cntt@so.example</edXML:Email><edXML:Telephone>0</edXML:Telephone>
        <edXML:Fax></edXML:Fax><edXML:Website>so.example</edXML:Website></edXML:From>
      <Subject>Anti Virus Report</Subject>
    </edXML:MessageHeader>
    <Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
      <CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
      <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
      <Reference URI=""><Transforms>
        <Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
        <Transform Algorithm="http://www.w3.org/TR/xml-exc-c14n#"/></Transforms>
      <DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
      <DigestValue>PuRChYEMCsAVya7V39ybDhGodNKDo8OTQtOOUwtx4B5</DigestValue></Reference></SignedInfo>
      <SignatureValue>FXM4QWgc==</SignatureValue><KeyInfo><X509Data>
      <X509SubjectName>CN=user05, C=VN</X509SubjectName>
      <X509Certificate>MIIFqTCC</X509Certificate></X509Data></KeyInfo></Signature>
  </edXML:edXMLHeader>
  <edXML:edXMLBody>
    <AVReport name="Anti-Virus">
      <Datetime>1700000000</Datetime>
      <Malware>
        <Machine ip="" name="PC-1"><MalwareInfo><MalwareName>Trojan.A</MalwareName>
          <MalwareType>Malware</MalwareType><MalwareBehavior>Malware</MalwareBehavior>
          <TypeOfDevice>C:\\Users\\a\\x.exe</TypeOfDevice><NumberFile>1</NumberFile></MalwareInfo>
        </Machine>
        <Machine ip="" name="PC-2"><MalwareInfo><MalwareName>Trojan.B</MalwareName>
          <MalwareType>Malware</MalwareType><MalwareBehavior>Malware</MalwareBehavior>
          <TypeOfDevice>D:\\b</TypeOfDevice><NumberFile>1</NumberFile></MalwareInfo></Machine>
        <Machine ip="" name="PC-3"><MalwareInfo><MalwareName>Trojan.C</MalwareName>
          <MalwareType>Malware</MalwareType><MalwareBehavior>Malware</MalwareBehavior>
          <TypeOfDevice>D:\\c</TypeOfDevice><NumberFile>1</NumberFile></MalwareInfo></Machine>
      </Malware>
      <Connection>
        <Machine ip="10.0.0.5" name="PC-1"><ConnectionInfo><Program>Trojan.C2</Program>
          <md5></md5><Sha2></Sha2><TargetIP>203.0.113.5</TargetIP></ConnectionInfo></Machine>
      </Connection>
      <Vulnerability/>
      <OS><Machine ip="10.0.0.5" name="PC-1"><OSName>Windows 7</OSName>
        <LastUpdate>2023-01-01</LastUpdate></Machine></OS>
      <Update><NumberMachineNotUpdateOn15Day>0</NumberMachineNotUpdateOn15Day></Update>
      <QualityFeature/>
    </AVReport>
  </edXML:edXMLBody>
</edXMLEnvelope>
""".encode()
"""As a connector sent it in the field: `Subject` and `md5` in another case, a sample signature."""

LATER = """<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
  xmlns:edXML="http://edxml.gov.vn/schema"><soapenv:Header><edXML:MessageHeader><edXML:From>
  <edXML:OrganId>000.01.12.H28</edXML:OrganId>
  <edXML:OrganizationInCharge>UBND tỉnh</edXML:OrganizationInCharge></edXML:From>
  <edXML:Subject>EDR</edXML:Subject></edXML:MessageHeader></soapenv:Header><soapenv:Body>
  <AVReport name="EDR"><Datetime>1724662800</Datetime><Malware>
  <Machine ip="192.168.10.45" ippublic="203.0.113.10" name="WS-02"><MalwareInfo>
  <MalwareName>AgentTesla</MalwareName><PathFile>C:\\x.exe</PathFile><HashFile>aa</HashFile>
  </MalwareInfo></Machine></Malware><Connection><Machine ip="192.168.10.45" name="WS-02">
  <ConnectionInfo><TargetIP>198.51.100.23</TargetIP><TargetPort>443</TargetPort></ConnectionInfo>
  </Machine></Connection></AVReport></soapenv:Body></soapenv:Envelope>""".encode()
"""The later form in a SOAP envelope (công văn 8676/A05-TT4, as a public design quotes it)."""


@dataclass(frozen=True)
class Identity:
    """A private key and its certificate, as PEM and as objects."""

    secret: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def key(self) -> bytes:
        """The private key as PEM."""
        return self.secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)


@functools.cache
def identity(
    name: str,
    issuer: str = "",
    *,
    ends: datetime = datetime(2036, 1, 1, tzinfo=UTC),
    ca: bool = False,
) -> Identity:
    """Return the identity of this name, issued by that of the other, or by itself."""
    secret = rsa.generate_private_key(65537, 2048)
    by = identity(issuer, ca=True) if issuer else None
    own = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sở KH&CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    signing = secret if by is None else by.secret
    builder = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own if by is None else by.certificate.subject)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(secret.public_key()), False)
        .add_extension(
            x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False), critical=True
        )
    )
    return Identity(secret, builder.sign(signing, hashes.SHA256()))


def sealed(who: Identity, *others: Identity, message: AvReportMessage = MESSAGE) -> bytes:
    """Return the message signed by `who`; certificates of others go along."""
    chain = b"".join(one.pem for one in (who, *others))
    return signed(message, key=who.key, certificates=chain, passphrase=None, where="x")


def judged(data: bytes, *trusted: Identity, when: datetime = NOW) -> XmlSignature:
    """Return the verdict on a message for somebody who trusts these."""
    root = parse_message(data, "x")
    return verify(data, root, [one.certificate for one in trusted], when)


def xmlsec(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Return how xmlsec1 ended."""
    return subprocess.run(["xmlsec1", *words], cwd=folder, capture_output=True)


def signed_by_xmlsec(folder: Path, who: Identity, template: bytes) -> bytes:
    """Return the template signed by xmlsec1 with this identity."""
    for name, content in (("k.pem", who.key), ("c.pem", who.pem), ("t.xml", template)):
        (folder / name).write_bytes(content)
    words = ("--sign", "--privkey-pem", "k.pem,c.pem", "--output", "o.xml", "t.xml")
    run = xmlsec(folder, *words)
    assert run.returncode == 0, run.stderr
    return (folder / "o.xml").read_bytes()


def template(
    *,
    method: str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    digest: str = "http://www.w3.org/2001/04/xmlenc#sha256",
    uri: str = "",
    transforms: tuple[str, ...] = (
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
    ),
    inner: str = "",
) -> bytes:
    """Return a message with an empty signature for xmlsec1 to fill."""
    used = "".join(f'<Transform Algorithm="{one}">{inner}</Transform>' for one in transforms)
    signature = f"""<Signature xmlns="{DS}"><SignedInfo>
      <CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
      <SignatureMethod Algorithm="{method}"/><Reference URI="{uri}"><Transforms>{used}</Transforms>
      <DigestMethod Algorithm="{digest}"/><DigestValue/></Reference></SignedInfo><SignatureValue/>
      <KeyInfo><X509Data><X509SubjectName/><X509Certificate/></X509Data></KeyInfo></Signature>"""
    root = etree.fromstring(FIELD)
    for old in root.iter(f"{{{DS}}}Signature"):
        old.getparent().replace(old, etree.fromstring(signature))
    return etree.tostring(root)
