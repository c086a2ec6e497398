"""The signatures of a PDF judged: what each covers, whose it is, and what nobody knows.

Nothing is fetched. Whether a certificate was revoked is told by lists and answers that the caller
has, or that the PDF brings with it and the issuer signed; without one, a signature is not yet
confirmed, and never called valid.
"""

import hashlib
from collections.abc import Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any

from quetsach.signing.pades.certificate import fingerprint_of, shown, shown_names
from quetsach.signing.pades.opened import UNREADABLE, opened
from quetsach.signing.pades.state import Flaw, PdfSigner, PdfVerdict
from quetsach.signing.pades.trust import Trust, certificates, der_of, names_unit

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

# Names that cryptography libraries give to hashes that can be forged (NIST SP 800-131A).
_WEAK = frozenset({"md2", "md5", "sha1"})


def verify_pdf(data: bytes, trust: Trust, when: datetime, where: str = "PDF") -> PdfVerdict:
    """Return what the signatures in a PDF are worth at `when` (aware).

    Errors: E472 when it is no PDF that can be read; E471 for a certificate in `trust` that is none.
    """
    roots, between = certificates(trust.roots), certificates(trust.between)
    found = opened(data, where)
    asked = _Asked(trust, tuple(roots), tuple(between), when)
    signers = tuple(asked.judged(found.reader, one) for one in found.signatures)
    return PdfVerdict(hashlib.sha256(data).hexdigest(), signers, _of_file(found.signatures))


def _done(work: "Coroutine[Any, Any, Any]") -> Any:
    """Return what `work` comes to; nothing is fetched, so it never waits, and needs no loop.

    A loop would open a socket for itself, which a process that is shut in may not.
    """
    try:
        work.send(None)
    except StopIteration as ended:
        return ended.value
    work.close()
    raise RuntimeError("the check of a signature waited for something")


class _Asked:
    """One question: whom to trust, and when; asked of each signature in turn."""

    def __init__(
        self,
        trust: Trust,
        roots: "tuple[Certificate, ...]",
        between: "tuple[Certificate, ...]",
        when: datetime,
    ) -> None:
        self.trust, self.roots, self.between, self.when = trust, roots, between, when

    def judged(self, reader: Any, signature: Any) -> PdfSigner:
        """Return one signature with what is against it."""
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.validation.errors import SignatureValidationError
        from pyhanko_certvalidator.errors import ValidationError

        named = _named(signature)
        if named is None:
            return PdfSigner("", "", "", "", None, (Flaw.UNREADABLE,))
        try:
            flaws = self._flaws(reader, signature)
        except (SignatureValidationError, ValidationError, PdfError, *UNREADABLE):
            flaws = (Flaw.UNREADABLE,)
        return PdfSigner(*named, flaws, fingerprint_of(signature.signer_cert))

    def _flaws(self, reader: Any, signature: Any) -> tuple[Flaw, ...]:
        status = self._status(reader, signature, "require")
        found = [*_of_bytes(status), *self._of_certificate(signature.signer_cert)]
        if not status.trusted:
            # Asked again without what is known of revoked ones: is only that what is lacking?
            without = self._status(reader, signature, "soft-fail")
            flaw = _trust_flaw(status if _is_revoked(status) else without)
            # Out of its time, a certificate is led back to nobody: that says nothing more.
            found += [] if flaw is Flaw.UNTRUSTED and _is_out_of_time(found) else [flaw]
        return tuple(dict.fromkeys(found))

    def _of_certificate(self, certificate: Any) -> list[Flaw]:
        found = []
        if certificate.not_valid_before > self.when:
            found.append(Flaw.NOT_YET_VALID)
        if certificate.not_valid_after < self.when:
            found.append(Flaw.EXPIRED)
        if self.trust.units and not names_unit(certificate, self.trust.units):
            found.append(Flaw.WRONG_UNIT)
        return found

    def _status(self, reader: Any, signature: Any, mode: str) -> Any:
        from pyhanko.sign.validation import async_validate_pdf_signature
        from pyhanko.sign.validation.settings import KeyUsageConstraints

        return _done(
            async_validate_pdf_signature(
                signature,
                signer_validation_context=self._context(reader, mode),
                # A certificate for signing names one of the two (RFC 5280, 4.2.1.3).
                key_usage_settings=KeyUsageConstraints(
                    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
                ),
            )
        )

    def _context(self, reader: Any, mode: str) -> Any:
        from pyhanko_certvalidator import ValidationContext

        certs, crls, answers = _brought(reader)
        return ValidationContext(
            trust_roots=list(self.roots),
            other_certs=[*self.between, *certs],
            crls=[*map(der_of, self.trust.revoked), *crls],
            ocsps=[*map(der_of, self.trust.answers), *answers],
            moment=self.when,
            revocation_mode=mode,
            allow_fetching=False,
            weak_hash_algos=_WEAK,
        )


def _named(signature: Any) -> tuple[str, str, str, str, datetime | None] | None:
    try:
        certificate = signature.signer_cert
        return (
            *shown_names(certificate),
            shown(certificate.issuer.human_friendly),
            f"{certificate.serial_number:x}",
            signature.self_reported_timestamp,
        )
    except UNREADABLE:
        return None


def _of_file(signatures: tuple[Any, ...]) -> tuple[Flaw, ...]:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if not signatures:
        return ()
    try:
        covered = signatures[-1].evaluate_signature_coverage()
    except UNREADABLE:
        return (Flaw.UNREADABLE,)
    return () if covered is SignatureCoverageLevel.ENTIRE_FILE else (Flaw.ADDED_TO,)


def _of_bytes(status: Any) -> list[Flaw]:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    found = []
    if not status.intact or not status.valid:
        found.append(Flaw.CHANGED)
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        found.append(Flaw.ADDED_TO)
    elif status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        level = status.modification_level
        if level is None or level > ModificationLevel.FORM_FILLING or not status.docmdp_ok:
            found.append(Flaw.ADDED_TO)
    if status.md_algorithm in _WEAK:
        found.append(Flaw.WEAK)
    return found


def _is_out_of_time(found: list[Flaw]) -> bool:
    return Flaw.EXPIRED in found or Flaw.NOT_YET_VALID in found


def _is_revoked(status: Any) -> bool:
    from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate

    return status.revocation_details is not None or status.trust_problem_indic in (
        AdESFailure.REVOKED,
        AdESIndeterminate.REVOKED_NO_POE,
        AdESIndeterminate.REVOKED_CA_NO_POE,
    )


def _trust_flaw(status: Any) -> Flaw:
    from pyhanko.sign.ades.report import AdESIndeterminate

    if _is_revoked(status):
        return Flaw.REVOKED
    known = {
        None: Flaw.NOT_CONFIRMED,
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Flaw.EXPIRED,
        AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: Flaw.EXPIRED,
        AdESIndeterminate.TRY_LATER: Flaw.NOT_CONFIRMED,
        AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: Flaw.NOT_CONFIRMED,
        AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: Flaw.NOT_FOR_SIGNING,
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: Flaw.WEAK,
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: Flaw.WEAK,
    }
    return known.get(status.trust_problem_indic, Flaw.UNTRUSTED)


def _brought(reader: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """Return the certificates, lists and answers that the PDF has in its security store."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError

    try:
        store = DocumentSecurityStore.read_dss(reader)
        certs = list(store.load_certs())
        crls = [one.get_object().data for one in store.crls]
        answers = [one.get_object().data for one in store.ocsps]
    except (NoDSSFoundError, *UNREADABLE):
        return [], [], []
    return certs, crls, answers
