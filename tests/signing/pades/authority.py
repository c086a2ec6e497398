"""Certificates for the tests: an authority, those whom it vouches for, and its lists; a PDF."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseBuilder
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from pyhanko.sign.signers import Signer

from quetsach.signing.pades.certificates import signer_of_file
from quetsach.signing.pades.trust import TrustStore

NOW = datetime(2026, 9, 28, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
UNIT = "Ủy ban nhân dân xã Hàm Giang"
OTHER_UNIT = "Ủy ban nhân dân xã Đại An"
PASSPHRASE = b"mat khau cua khoa"

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Held:
    """A certificate with its key."""

    key: Key
    cert: x509.Certificate

    def p12(self) -> bytes:
        lock = BestAvailableEncryption(PASSPHRASE)
        return serialize_key_and_certificates(b"key", self.key, self.cert, None, lock)

    def signer(self) -> Signer:
        return signer_of_file(self.p12(), PASSPHRASE, "key.p12")

    def der(self) -> bytes:
        return self.cert.public_bytes(Encoding.DER)


def name(common: str, unit: str = "") -> x509.Name:
    given = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if unit:
        given.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, unit))
    return x509.Name([*given, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def authority(called: str = "CA thử nghiệm") -> Held:
    return _authority(called)


@cache
def _authority(called: str) -> Held:
    key = ec.generate_private_key(ec.SECP256R1())
    made = _builder(name(called), key, NOW - 900 * DAY, NOW + 900 * DAY).issuer_name(name(called))
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = made.add_extension(_usage(authority=True), critical=True)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    made = made.add_extension(identifier, critical=False)
    return Held(key, made.sign(key, SHA256()))


@cache
def clerk(
    unit: str = UNIT,
    since: datetime = NOW - 30 * DAY,
    until: datetime = NOW + 30 * DAY,
    *,
    by: str = "CA thử nghiệm",
    signs: bool = True,
    person: str = "Nguyễn Thị Mẫu",
) -> Held:
    above = authority(by)
    key = ec.generate_private_key(ec.SECP256R1())
    made = _builder(name(person, unit), key, since, until)
    made = made.issuer_name(above.cert.subject)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(_usage(signs=signs), critical=True)
    # Where the authority answers: named in the certificate, and never asked.
    place = x509.UniformResourceIdentifier("http://ocsp.example/")
    asked = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
    made = made.add_extension(x509.AuthorityInformationAccess([asked]), critical=False)
    return Held(key, made.sign(above.key, SHA256()))


def _builder(
    subject: x509.Name, key: Key, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )


def _usage(*, authority: bool = False, signs: bool = True) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority and signs,
        content_commitment=not authority and signs,
        key_encipherment=not authority and not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def revoked_list(*revoked: Held, at: datetime = NOW) -> bytes:
    above = authority()
    made = x509.CertificateRevocationListBuilder().issuer_name(above.cert.subject)
    made = made.last_update(at - DAY).next_update(at + DAY)
    for one in revoked:
        gone = x509.RevokedCertificateBuilder().serial_number(one.cert.serial_number)
        made = made.add_revoked_certificate(gone.revocation_date(at - 2 * DAY).build())
    return made.sign(above.key, SHA256()).public_bytes(Encoding.DER)


def answer(about: Held, *, good: bool = True) -> bytes:
    """Return what the authority's OCSP responder said of a certificate."""
    above = authority()
    made = (
        OCSPResponseBuilder()
        .add_response(
            cert=about.cert,
            issuer=above.cert,
            algorithm=SHA256(),
            cert_status=OCSPCertStatus.GOOD if good else OCSPCertStatus.REVOKED,
            this_update=NOW - DAY,
            next_update=NOW + DAY,
            revocation_time=None if good else NOW - 2 * DAY,
            revocation_reason=None,
        )
        .responder_id(x509.ocsp.OCSPResponderEncoding.HASH, above.cert)
        .certificates([above.cert])
    )
    return made.sign(above.key, SHA256()).public_bytes(Encoding.DER)


def trust(*, unit: str = UNIT, revoked: tuple[bytes, ...] | None = None) -> TrustStore:
    lists = (revoked_list(),) if revoked is None else revoked
    return TrustStore((authority().der(),), revoked=lists, units=(unit,))


def pdf(text: str = "Bao cao") -> bytes:
    """Return a PDF of one page, written out by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>",
    )
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
