"""Certificates in files, and the signers that use them: a PKCS#12 file or a PKCS#11 token."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from quetsach.errors.exceptions import QuetsachError
from quetsach.signing.pades.trust import certificates, names_in, names_unit
from quetsach.texts import _, plain

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer


MOST_CERTIFICATE_BYTES = 64 * 1024
_MOST_SHOWN = 200
_ISSUER = ("common_name", "organizational_unit_name", "organization_name")
_LAST = datetime(9999, 12, 30, tzinfo=UTC)
"""The latest end of validity; the maximum of datetime would overflow in zones ahead of UTC."""


@dataclass(frozen=True)
class PdfCertificate:
    """A certificate without its key.

    Shapes: `fingerprint` is the SHA-256 of its DER form `der`, `serial` is in hex.
    """

    der: bytes
    fingerprint: str
    name: str
    organisation: str
    issuer: str
    serial: str
    since: datetime
    until: datetime
    is_for_signing: bool


def read_certificate(content: bytes) -> PdfCertificate:
    """Return the only certificate in a PEM or DER file.

    Errors: E471 for anything else, a file with a private key or with several included.
    """
    if b"PRIVATE KEY" in content:
        raise _refused(_("there is a private key in it; export the certificate alone"))
    if len(content) > MOST_CERTIFICATE_BYTES:
        raise _refused(_("it is too large for a certificate"))
    try:
        read = certificates((content,))
    except QuetsachError as error:
        raise _refused(_("a .cer, .crt or .pem file is needed, not a .p12 or .pfx file")) from error
    if len(read) != 1:
        raise _refused(_("there are several certificates in it; give the signer's own alone"))
    return described(read[0])


def names_one_of(certificate: PdfCertificate, units: tuple[str, ...]) -> bool:
    """Tell whether the certificate names one of `units`, as it must for a signature."""
    return names_unit(certificates((certificate.der,))[0], units)


def fingerprint_of(certificate: Any) -> str:
    """Return the SHA-256 of a certificate that asn1crypto has read, as 64 hex digits."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def display_names(certificate: Any) -> tuple[str, str]:
    """Return the name and the organisation of a certificate, as they are shown."""
    units = names_in(certificate, "organizational_unit_name", "organization_name")
    return printable_line(" ".join(names_in(certificate, "common_name"))), printable_line(
        ", ".join(units)
    )


def issuer_of(certificate: Any) -> str:
    """Return who issued a certificate, as it is shown: the name first, then office and country."""
    native = certificate.issuer.native
    kinds = sorted(native, key=lambda kind: _ISSUER.index(kind) if kind in _ISSUER else 3)
    values = (native[kind] for kind in kinds)
    return printable_line(", ".join(map(str, values)))


def printable_line(text: str) -> str:
    """Return a text out of a certificate as one plain line of at most 200 signs."""
    return plain(" ".join(text.split()))[:_MOST_SHOWN]


def described(certificate: Any) -> PdfCertificate:
    """Return a certificate that asn1crypto has read, as plain values."""
    name, organisation = display_names(certificate)
    usage = certificate.key_usage_value
    uses = set() if usage is None else usage.native
    return PdfCertificate(
        der=certificate.dump(),
        fingerprint=fingerprint_of(certificate),
        name=name,
        organisation=organisation,
        issuer=issuer_of(certificate),
        serial=f"{certificate.serial_number:x}",
        since=min(certificate.not_valid_before, _LAST),
        until=min(certificate.not_valid_after, _LAST),
        # A certificate for signing names one of the two (RFC 5280, 4.2.1.3).
        is_for_signing=bool(uses & {"digital_signature", "non_repudiation"}),
    )


def _refused(why: str) -> QuetsachError:
    return QuetsachError("E471", "certificate", reason=why)


MOST_KEY_FILE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class TokenKey:
    """Which key of which token: the PKCS#11 module, the token's label, and that of its certificate.

    Shapes: with `certificate` None, the token's only certificate is meant.
    """

    module: str
    token: str
    certificate: str | None = None


def signer_of_file(content: bytes, passphrase: bytes | None, where: str) -> "Signer":
    """Return what signs with the key in a PKCS#12 file.

    Errors: E471 when it holds none, or the passphrase does not open it.
    """
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
    from pyhanko.sign.signers import SimpleSigner

    if len(content) > MOST_KEY_FILE_BYTES:
        raise QuetsachError("E471", where, reason=_("it is too large for a key"))
    try:
        # pyHanko only logs what is wrong and returns None; loading it first gives the reason.
        opened = load_pkcs12(content, passphrase)
        signer: Signer = SimpleSigner.load_pkcs12_data(content, [], passphrase)
    except ValueError as error:
        raise QuetsachError(
            "E471", where, reason=_("it is not a PKCS#12 file, or the passphrase is wrong")
        ) from error
    if opened.key is None or opened.cert is None:
        raise QuetsachError("E471", where, reason=_("no key with its certificate in it"))
    return signer


@contextmanager
def signer_of_token(key: TokenKey, pin: str) -> "Iterator[Signer]":
    """Yield a signer whose key never leaves its token; the session ends with the block.

    Errors: E471 when the module, the token or the key is not there, or the PIN is wrong.
    """
    try:
        import pkcs11
        from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.pkcs11 import PKCS11SigningContext
    except ImportError as error:  # the driver of tokens is left out on some systems
        raise QuetsachError("E471", key.module, reason=str(error)) from error
    config = PKCS11SignatureConfig(
        module_path=key.module,
        token_criteria=TokenCriteria(label=key.token),
        cert_label=key.certificate,
        # Hashed here and signed on the token: the only mechanism that every token has.
        raw_mechanism=True,
    )
    try:
        with PKCS11SigningContext(config, user_pin=pin) as signer:
            yield signer
    except (SigningError, pkcs11.PKCS11Error) as error:
        raise QuetsachError(
            "E471", key.token, reason=str(error)[:200] or type(error).__name__
        ) from error
