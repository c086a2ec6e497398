"""Revocation of certificates: the lists and answers at hand, and who was revoked by a moment.

Nothing is fetched. Lists and answers are those that the caller has, or that the PDF brings with it
and their issuer signed.
"""

from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from quetsach.signing.pades.sign import UNREADABLE
from quetsach.signing.pades.trust import TrustStore, certificates, der_of

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate
    from cryptography.x509 import CertificateRevocationList, RevokedCertificate


def is_listed(certificates: Iterable[Any], lists: Iterable[bytes], moment: datetime) -> bool:
    """Tell whether one of the `certificates` was revoked by `moment`, by one of the `lists`.

    A list counts whatever its age: only a certificate on hold is removed from it again.
    """
    wanted_certificates = list(certificates)
    return any(
        one.issuer == issuer and _stands_on(found, one.serial_number, moment)
        for issuer, found in _read(lists)
        for one in wanted_certificates
    )


def _read(lists: Iterable[bytes]) -> "Iterable[tuple[Any, CertificateRevocationList]]":
    from asn1crypto.crl import CertificateList
    from cryptography.x509 import load_der_x509_crl

    for data in lists:
        der = der_of(data)
        try:
            # asn1crypto compares names as certificates do, cryptography finds a number quickly.
            yield CertificateList.load(der).issuer, load_der_x509_crl(der)
        except (ValueError, TypeError):
            continue


def _stands_on(crl: "CertificateRevocationList", serial: int, moment: datetime) -> bool:
    from cryptography.x509 import ReasonFlags

    revoked = crl.get_revoked_certificate_by_serial_number(serial)
    if revoked is None or revoked.revocation_date_utc > moment:
        return False
    reason = _reason(revoked)
    if reason is ReasonFlags.certificate_hold:
        ends = crl.next_update_utc
        return ends is None or ends >= moment
    return reason is not ReasonFlags.remove_from_crl


def _reason(revoked: "RevokedCertificate") -> Any:
    from cryptography.x509 import CRLReason, ExtensionNotFound

    try:
        return revoked.extensions.get_extension_for_class(CRLReason).value.reason
    except (ExtensionNotFound, ValueError):
        return None


# Names that cryptography libraries give to hashes that can be forged (NIST SP 800-131A).
WEAK = frozenset({"md2", "md5", "sha1"})


@dataclass(frozen=True)
class SecurityStore:
    """What a PDF has in its security store (DSS): certificates, lists and answers."""

    certificates: tuple[Any, ...] = ()
    lists: tuple[Any, ...] = ()
    answers: tuple[Any, ...] = ()


@dataclass(frozen=True)
class RevocationFacts:
    """All revocation data for the checks of one PDF."""

    trust: TrustStore
    roots: "tuple[Certificate, ...]"
    between: "tuple[Certificate, ...]"
    brought: SecurityStore

    def context(
        self,
        moment: datetime,
        mode: str = "require",
        *,
        until: datetime | None = None,
        own: bool = True,
    ) -> Any:
        """Return the validation context for a certificate, as it was at `moment`.

        Shapes: with `until`, a list or answer counts also when it was issued after `moment`, and
        not when it was issued after `until`; without `own`, those alone that the PDF brings.
        """
        from pyhanko_certvalidator import ValidationContext

        lists = [*self.brought.lists, *(map(der_of, self.trust.revoked) if own else ())]
        answers = [*self.brought.answers, *(map(der_of, self.trust.answers) if own else ())]
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=[*self.between, *self.brought.certificates],
            crls=lists if until is None else [one for one in lists if _issued(one) <= until],
            ocsps=answers
            if until is None
            else [one for one in answers if _production_time(one) <= until],
            moment=moment,
            revocation_mode=mode,
            allow_fetching=False,
            weak_hash_algos=WEAK,
            retroactive_revinfo=until is not None,
        )

    def is_revoked(self, status: Any, moment: datetime) -> bool:
        """Tell whether the caller's lists contain the certificate in question, or one above it."""
        path = status.validation_path
        led = () if path is None else path.iter_certs(include_root=False)
        return is_listed((status.signing_cert, *led), self.trust.revoked, moment)


def gather_revocation_facts(reader: Any, trust: TrustStore) -> RevocationFacts:
    """Return what is known for a PDF. Errors: E471 for a certificate in `trust` that is none."""
    roots, between = certificates(trust.roots), certificates(trust.between)
    return RevocationFacts(trust, tuple(roots), tuple(between), _brought(reader))


def run_coroutine(work: "Coroutine[Any, Any, Any]") -> Any:
    """Return what `work` comes to; nothing is fetched, so it never waits, and needs no loop.

    A loop would open a socket for itself, which a process that is shut in may not.
    """
    try:
        work.send(None)
    except StopIteration as ended:
        return ended.value
    work.close()
    raise RuntimeError("the check of a signature waited for something")


def _brought(reader: Any) -> SecurityStore:
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError

    try:
        store = DocumentSecurityStore.read_dss(reader)
        return SecurityStore(
            tuple(store.load_certs()),
            tuple(one.get_object().data for one in store.crls),
            tuple(one.get_object().data for one in store.ocsps),
        )
    except (NoDSSFoundError, *UNREADABLE):
        return SecurityStore()


def _issued(data: bytes) -> datetime:
    from asn1crypto.crl import CertificateList

    return _moment(CertificateList.load(data)["tbs_cert_list"]["this_update"].native)


def _production_time(data: bytes) -> datetime:
    from asn1crypto.ocsp import OCSPResponse

    return _moment(OCSPResponse.load(data).response_data["produced_at"].native)


def _moment(value: Any) -> datetime:
    if not isinstance(value, datetime):
        raise ValueError("a list without the day on which it was issued")
    return value
