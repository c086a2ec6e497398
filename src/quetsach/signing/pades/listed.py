"""Who stands on the lists of revoked certificates that the caller has, whatever else is brought.

An answer of an authority (OCSP) is asked before any list, and one that a PDF brings may be of the
day before the certificate was revoked. And a list that is newer than the certificate's end may have
left it out, but what does stand on it was revoked.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from quetsach.signing.pades.trust import der_of

if TYPE_CHECKING:
    from cryptography.x509 import CertificateRevocationList, RevokedCertificate


def is_listed(certificates: Iterable[Any], lists: Iterable[bytes], moment: datetime) -> bool:
    """Tell whether one of the `certificates` was revoked by `moment`, by one of the `lists`.

    However old or new a list is, it counts: only who is held for a while comes off it again.
    """
    asked = list(certificates)
    return any(
        one.issuer == issuer and _stands_on(found, one.serial_number, moment)
        for issuer, found in _read(lists)
        for one in asked
    )


def _read(lists: Iterable[bytes]) -> "Iterable[tuple[Any, CertificateRevocationList]]":
    from asn1crypto.crl import CertificateList
    from cryptography.x509 import load_der_x509_crl

    for data in lists:
        der = der_of(data)
        try:
            # The one compares names as certificates do, the other finds a number at once.
            yield CertificateList.load(der).issuer, load_der_x509_crl(der)
        except (ValueError, TypeError):
            continue


def _stands_on(found: "CertificateRevocationList", serial: int, moment: datetime) -> bool:
    from cryptography.x509 import ReasonFlags

    entry = found.get_revoked_certificate_by_serial_number(serial)
    if entry is None or entry.revocation_date_utc > moment:
        return False
    reason = _reason(entry)
    if reason is ReasonFlags.certificate_hold:
        ends = found.next_update_utc
        return ends is None or ends >= moment
    return reason is not ReasonFlags.remove_from_crl


def _reason(entry: "RevokedCertificate") -> Any:
    from cryptography.x509 import CRLReason, ExtensionNotFound

    try:
        return entry.extensions.get_extension_for_class(CRLReason).value.reason
    except (ExtensionNotFound, ValueError):
        return None
