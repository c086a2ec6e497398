"""An authority made for the demo alone, the leader's certificate of it, and a report signed by it.

Real offices get theirs from the Government's authority; this one counts in the demo's folder only.
"""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach.api.reports import PdfPurpose, pdf_signer, sign_pdf
from quetsach_portal.files.storage import home, path_of
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.certificates import actions
from quetsach_portal.reports.documents import actions as documents_actions
from quetsach_portal.reports.models.document import ReportDocument
from quetsach_portal.reports.verification.codes import trust_folder

PASSPHRASE = "demo"  # noqa: S105  # printed for everybody
P12 = "lanhdao.p12"
ROOT = "ca-demo.pem"
REVOKED = "ca-demo.crl"
_CALLED = "CA của bản demo quét sạch"
_DAY = timedelta(days=1)

_Key = ec.EllipticCurvePrivateKey


def sign_by_certificate(
    document: ReportDocument, *, signer: User, confirmed_by: User, unit: str
) -> None:
    """Keep the document's PDF signed by a new certificate of `unit`, whose authority is trusted.

    It is registered to the signer, and somebody else of the office has confirmed it. It stays as
    `lanhdao.p12` in the portal's folder, so that anybody may try it.
    """
    now = timezone.now()
    above = ec.generate_private_key(ec.SECP256R1())
    root = _certificate(above, _name(_CALLED), above, _name(_CALLED), now, is_authority=True)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key, _name(signer.name, unit), above, _name(_CALLED), now)
    _trust(root, _nobody_revoked(above, now))
    lock = BestAvailableEncryption(PASSPHRASE.encode())
    p12 = serialize_key_and_certificates(b"key", key, certificate, None, lock)
    (home() / P12).write_bytes(p12)
    at = document.version.slot.node.unit
    registered = actions.register(at, certificate.public_bytes(Encoding.DER), actor=signer)
    actions.confirm(registered, actor=confirmed_by)
    assert document.pdf is not None
    signed = sign_pdf(
        path_of(document.pdf).read_bytes(),
        pdf_signer(p12, PASSPHRASE.encode(), P12),
        PdfPurpose(),
    )
    copy = SimpleUploadedFile("bao-cao-da-ky.pdf", signed, "application/pdf")
    documents_actions.store_signed_copy(document, copy, actor=signer)


def _name(common: str, unit: str = "") -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, unit)]
    given = [x509.NameAttribute(kind, text) for kind, text in parts if text]
    return x509.Name([*given, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    key: _Key,
    subject: x509.Name,
    above: _Key,
    issuer: x509.Name,
    now: datetime,
    *,
    is_authority: bool = False,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 365 * _DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return builder.sign(above, SHA256())


def _nobody_revoked(above: _Key, now: datetime) -> x509.CertificateRevocationList:
    made = x509.CertificateRevocationListBuilder().issuer_name(_name(_CALLED))
    return made.last_update(now - _DAY).next_update(now + 365 * _DAY).sign(above, SHA256())


def _trust(root: x509.Certificate, revoked: x509.CertificateRevocationList) -> None:
    for kind, name, encoded in (
        ("roots", ROOT, root.public_bytes(Encoding.PEM)),
        ("revoked", REVOKED, revoked.public_bytes(Encoding.DER)),
    ):
        folder = trust_folder() / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(encoded)
