"""One certificate as people hold it in a file: whose it is, since when, until when, for what."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quetsach.errors import QuetsachError
from quetsach.signing.pades.trust import certificates, names_in, names_unit
from quetsach.texts import _, plain

MOST_BYTES = 64 * 1024
_MOST_SHOWN = 200
_ISSUER = ("common_name", "organizational_unit_name", "organization_name")
_LAST = datetime(9999, 12, 30, tzinfo=UTC)
"""What has no end ends a day later, which in zones ahead of UTC is in no year that there is."""


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


def read_certificate(data: bytes) -> PdfCertificate:
    """Return the only certificate in a PEM or DER file.

    Errors: E471 for anything else, a file with a private key or with several included.
    """
    if b"PRIVATE KEY" in data:
        raise _refused(_("there is a private key in it; export the certificate alone"))
    if len(data) > MOST_BYTES:
        raise _refused(_("it is too large for a certificate"))
    try:
        found = certificates((data,))
    except QuetsachError as error:
        raise _refused(_("a .cer, .crt or .pem file is wanted, no .p12 or .pfx")) from error
    if len(found) != 1:
        raise _refused(_("there are several certificates in it; give the signer's own alone"))
    return _described(found[0])


def names_one_of(certificate: PdfCertificate, units: tuple[str, ...]) -> bool:
    """Tell whether the certificate names one of `units`, as a signature by it has to."""
    return names_unit(certificates((certificate.der,))[0], units)


def fingerprint_of(certificate: Any) -> str:
    """Return the SHA-256 of a certificate that asn1crypto has read, as 64 hex digits."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def shown_names(certificate: Any) -> tuple[str, str]:
    """Return the name that a certificate bears, and of which organisation, as they are shown."""
    units = names_in(certificate, "organizational_unit_name", "organization_name")
    return shown(" ".join(names_in(certificate, "common_name"))), shown(", ".join(units))


def issuer_of(certificate: Any) -> str:
    """Return who issued a certificate, as it is shown: the name first, then office and country."""
    native = certificate.issuer.native
    kinds = sorted(native, key=lambda kind: _ISSUER.index(kind) if kind in _ISSUER else 3)
    values = (native[kind] for kind in kinds)
    return shown(", ".join(map(str, values)))


def shown(text: str) -> str:
    """Return a text out of a certificate as one plain line of at most 200 signs."""
    return plain(" ".join(text.split()))[:_MOST_SHOWN]


def _described(found: Any) -> PdfCertificate:
    name, organisation = shown_names(found)
    usage = found.key_usage_value
    uses = set() if usage is None else usage.native
    return PdfCertificate(
        der=found.dump(),
        fingerprint=fingerprint_of(found),
        name=name,
        organisation=organisation,
        issuer=issuer_of(found),
        serial=f"{found.serial_number:x}",
        since=min(found.not_valid_before, _LAST),
        until=min(found.not_valid_after, _LAST),
        # A certificate for signing names one of the two (RFC 5280, 4.2.1.3).
        is_for_signing=bool(uses & {"digital_signature", "non_repudiation"}),
    )


def _refused(why: str) -> QuetsachError:
    return QuetsachError("E471", "certificate", reason=why)
