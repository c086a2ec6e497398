"""Time stamps made here, without a network: an authority's stamper, and PDFs that it stamped."""

from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

from asn1crypto import crl, keys, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfTimeStamper
from pyhanko.sign.signers import sign_pdf as sign_pdf_with
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from tests.signing.pades.authority import DAY, NOW, Held, authority, name, pdf


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class _OfAnotherFile(DummyTimeStamper):
    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        return await super().async_timestamp(bytes(len(message_digest)), md_algorithm)


@cache
def stamper(
    at: datetime = NOW,
    *,
    until: datetime = NOW + 400 * DAY,
    by: str = "CA thử nghiệm",
    stamps: bool = True,
    of_another_file: bool = False,
) -> DummyTimeStamper:
    """Return what stamps with the time `at`; without `stamps`, its certificate is not for that."""
    kind = _OfAnotherFile if of_another_file else DummyTimeStamper
    usage = ExtendedKeyUsageOID.TIME_STAMPING if stamps else ExtendedKeyUsageOID.CODE_SIGNING
    made = (
        x509.CertificateBuilder()
        .subject_name(name("Máy đóng dấu thời gian"))
        .issuer_name(authority(by).cert.subject)
        .public_key(_key().public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 600 * DAY)
        .not_valid_after(until)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        .sign(authority(by).key, SHA256())
    )
    der = _key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return kind(
        asn1_x509.Certificate.load(made.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(der),
        fixed_dt=at,
    )


def stamped(by: Held, with_: DummyTimeStamper, data: bytes | None = None) -> bytes:
    """Return the PDF signed with a stamp inside of the signature (PAdES B-T)."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf() if data is None else data))
    meta = PdfSignatureMetadata(field_name="Signature1", subfilter=SigSeedSubFilter.PADES)
    out = sign_pdf_with(writer, meta, signer=by.signer(), timestamper=with_)
    return bytes(out.getvalue())


def stamped_behind(data: bytes, with_: DummyTimeStamper) -> bytes:
    """Return the PDF with a stamp over all of it, put behind it (a document time stamp)."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    return bytes(PdfTimeStamper(with_).timestamp_pdf(writer, "sha256").getvalue())


def kept(data: bytes, *lists: bytes, answers: tuple[bytes, ...] = ()) -> bytes:
    """Return the PDF with lists of revoked certificates and answers put behind it (DSS)."""
    out = BytesIO(data)
    read = [crl.CertificateList.load(one) for one in lists]
    said = [ocsp.OCSPResponse.load(one) for one in answers]
    DocumentSecurityStore.add_dss(out, sig_contents=None, crls=read, ocsps=said)
    return out.getvalue()
