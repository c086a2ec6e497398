"""Verifying the signatures of a PDF: what each covers, its signer, its time, and its flaws.

Nothing is fetched. Revocation is known from lists and answers that the caller has, or that are in
the PDF and signed by the issuer; without one, a signature is not yet confirmed, and never called
valid. Where a time stamp is trusted, a certificate is judged as it
was at that time: that it expired or was revoked later changes nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from quetsach.signing.pades.certificates import display_names, fingerprint_of, issuer_of
from quetsach.signing.pades.revocation import (
    WEAK,
    RevocationFacts,
    gather_revocation_facts,
    run_coroutine,
)
from quetsach.signing.pades.sign import UNREADABLE, opened
from quetsach.signing.pades.state import (
    PdfSigner,
    PdfStamp,
    PdfVerdict,
    SignatureFlaw,
    SignatureNote,
    StampState,
)
from quetsach.signing.pades.trust import TrustStore, names_in, names_unit
from quetsach.texts import plain

_CLOCK_TOLERANCE = timedelta(minutes=5)
"""By how much a stamp may be ahead of the clock here before it counts as one of the future."""

_MOST_SHOWN = 200


@dataclass(frozen=True)
class FileStamp:
    """A stamp over the file as it was up to one of its revisions."""

    revision: int
    stamp: PdfStamp


def file_stamps(
    stamps: Sequence[Any], revocation: RevocationFacts, when: datetime
) -> list[FileStamp]:
    """Return the stamps over the file, the newest first; `stamps` are in the order of the file."""
    judged_stamps, moment = [], when
    for stamp in reversed(stamps):
        judged = _file_stamp(stamp, revocation, moment, when)
        judged_stamps.append(FileStamp(stamp.signed_revision, judged))
        moment = moment_after(judged, moment)
    return judged_stamps


def moment_after(stamp: PdfStamp | None, moment: datetime) -> datetime:
    """Return the time as of which the content of a stamp is judged: its own, if it is trusted."""
    if stamp is None or stamp.at is None or stamp.state is not StampState.TRUSTED:
        return moment
    return min(stamp.at, moment)


def judged_stamp(status: Any, moment: datetime, soft: Any, revocation: RevocationFacts) -> PdfStamp:
    """Return what a stamp is worth by pyHanko's `status`; `soft` is the same without revocation."""
    at = status.timestamp
    state = _state(status, soft, at, moment)
    if state is not StampState.BROKEN and revocation.is_revoked(status, moment):
        state = StampState.UNTRUSTED
    return PdfStamp(at, _authority_name(status.signing_cert), state)


def _file_stamp(
    stamp: Any, revocation: RevocationFacts, moment: datetime, when: datetime
) -> PdfStamp:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.validation import async_validate_pdf_timestamp
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator.errors import ValidationError

    until = when if moment < when else None
    try:
        status, soft = (
            run_coroutine(
                async_validate_pdf_timestamp(stamp, revocation.context(moment, mode, until=until))
            )
            for mode in ("require", "soft-fail")
        )
    except (SignatureValidationError, ValidationError, PdfError, *UNREADABLE):
        return PdfStamp(None, "", StampState.BROKEN)
    judged = judged_stamp(status, moment, soft, revocation)
    # A stamp that does not cover the whole file before it proves nothing about the rest.
    is_whole = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    return judged if is_whole else replace(judged, state=StampState.BROKEN)


def _state(status: Any, soft: Any, at: datetime, moment: datetime) -> StampState:
    if not status.intact or not status.valid:
        return StampState.BROKEN
    if at > moment + _CLOCK_TOLERANCE:
        return StampState.UNTRUSTED
    if status.trusted:
        return StampState.TRUSTED
    return StampState.UNCONFIRMED if soft.trusted else StampState.UNTRUSTED


def _authority_name(certificate: Any) -> str:
    names = names_in(certificate, "common_name", "organization_name")
    return plain(" ".join(", ".join(names).split()))[:_MOST_SHOWN]


_CLOCKS_DIFFER = timedelta(minutes=10)
"""By how much a signer's clock may differ from the stamp's before it is reported."""

_MAY_HAVE_CHANGED = frozenset(
    {SignatureFlaw.EXPIRED, SignatureFlaw.REVOKED, SignatureFlaw.NOT_CONFIRMED}
)
"""Flaws that a certificate may have now and did not have when it signed."""


def verify_pdf(pdf: bytes, trust: TrustStore, when: datetime, where: str = "PDF") -> PdfVerdict:
    """Return what the signatures in a PDF are worth at `when` (aware).

    Errors: E472 when it is no PDF that can be read; E471 for a certificate in `trust` that is none.
    """
    opened_pdf = opened(pdf, where)
    revocation = gather_revocation_facts(opened_pdf.reader, trust)
    stamps = file_stamps(opened_pdf.stamps, revocation, when)
    judge = _SignatureJudge(revocation, when, stamps, len(pdf))
    signers = tuple(judge.judged(one) for one in opened_pdf.signatures)
    flaws = _of_file(pdf, opened_pdf.signatures)
    is_told = any(SignatureFlaw.BAD_STAMP in one.flaws for one in signers)
    if not is_told and any(one.stamp.state is StampState.BROKEN for one in judge.stamps):
        flaws = (*flaws, SignatureFlaw.BAD_STAMP)
    return PdfVerdict(hashlib.sha256(pdf).hexdigest(), signers, flaws)


class _SignatureJudge:
    """Verifies each signature of a PDF with the same trust and time."""

    def __init__(
        self, known: RevocationFacts, when: datetime, stamps: Sequence[FileStamp], size: int
    ) -> None:
        self.known, self.when, self.stamps, self.size = known, when, stamps, size

    def judged(self, signature: Any) -> PdfSigner:
        """Return one signature with what is against it."""
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.validation.errors import SignatureValidationError
        from pyhanko_certvalidator.errors import ValidationError

        named = _named(signature)
        if named is None:
            return PdfSigner("", "", "", "", None, (SignatureFlaw.UNREADABLE,))
        try:
            stamp = self._stamp(signature)
            flaws, notes = self._judged(signature, stamp, named[-1])
        except (SignatureValidationError, ValidationError, PdfError, *UNREADABLE):
            flaws, stamp, notes = (SignatureFlaw.UNREADABLE,), None, ()
        fingerprint = fingerprint_of(signature.signer_cert)
        covered = _covered(signature, flaws, self.size)
        return PdfSigner(*named, flaws, stamp, notes, fingerprint, covered)

    def _stamp(self, signature: Any) -> PdfStamp | None:
        """Return the earliest stamp that is believed, or else the one nearest to the signature."""
        over = [stamp.stamp for stamp in self.stamps if stamp.revision > signature.signed_revision]
        moment = self.when
        for stamp in over:
            moment = moment_after(stamp, moment)
        inside = self._stamp_inside(signature, moment)
        nearest = [*([inside] if inside else ()), *reversed(over)]
        believed = [stamp for stamp in nearest if stamp.state is StampState.TRUSTED]
        return next(iter([*believed, *nearest]), None)

    def _stamp_inside(self, signature: Any, moment: datetime) -> PdfStamp | None:
        status, soft = (
            self._status(signature, self.when, "soft-fail", stamped=(moment, mode))
            for mode in ("require", "soft-fail")
        )
        held, softly = status.timestamp_validity, soft.timestamp_validity
        return None if held is None else judged_stamp(held, moment, softly, self.known)

    def _judged(
        self, signature: Any, stamp: PdfStamp | None, claimed: datetime | None
    ) -> tuple[tuple[SignatureFlaw, ...], tuple[SignatureNote, ...]]:
        flaws, notes = self._flaws(signature, self.when), []
        at = stamp.at if stamp is not None and stamp.state is StampState.TRUSTED else None
        if at is None:
            notes.append(SignatureNote.OWN_TIME)
        elif _MAY_HAVE_CHANGED & set(flaws):
            then = self._flaws(signature, at, until=self._revocation_known_until(signature))
            for flaw, note in (
                (SignatureFlaw.EXPIRED, SignatureNote.EXPIRED_SINCE),
                (SignatureFlaw.REVOKED, SignatureNote.REVOKED_SINCE),
            ):
                notes += [note] if flaw in flaws and flaw not in then else []
            flaws = then
        if at is not None and claimed is not None and abs(claimed - at) > _CLOCKS_DIFFER:
            notes.append(SignatureNote.OTHER_TIME)
        if stamp is not None and stamp.state is StampState.BROKEN:
            flaws = (*flaws, SignatureFlaw.BAD_STAMP)
        if not flaws and self._brings_proof(signature, at):
            notes.append(SignatureNote.BRINGS_PROOF)
        return flaws, tuple(notes)

    def _revocation_known_until(self, signature: Any) -> datetime:
        # An authority may take expired certificates off its list: a later list proves nothing.
        ends: datetime = signature.signer_cert.not_valid_after
        return min(self.when, ends)

    def _brings_proof(self, signature: Any, at: datetime | None) -> bool:
        if not self.known.brought.lists and not self.known.brought.answers:
            return False
        until = None if at is None else self._revocation_known_until(signature)
        moment = self.when if at is None else at
        return bool(self._status(signature, moment, "require", until=until, own=False).trusted)

    def _flaws(
        self, signature: Any, moment: datetime, until: datetime | None = None
    ) -> tuple[SignatureFlaw, ...]:
        status = self._status(signature, moment, "require", until=until)
        flaws = [*_of_bytes(status), *self._of_certificate(signature.signer_cert, moment)]
        if not status.trusted:
            # Verified again without revocation data: is that the only thing missing?
            without = self._status(signature, moment, "soft-fail", until=until)
            flaw = _trust_flaw(status if _is_revoked(status) else without)
            # An expired certificate has no valid path either: that adds no information.
            flaws += [] if flaw is SignatureFlaw.UNTRUSTED and _is_out_of_time(flaws) else [flaw]
        if self.known.is_revoked(status, moment):
            flaws = [
                *filter(lambda flaw: flaw is not SignatureFlaw.NOT_CONFIRMED, flaws),
                SignatureFlaw.REVOKED,
            ]
        return tuple(dict.fromkeys(flaws))

    def _of_certificate(self, certificate: Any, moment: datetime) -> list[SignatureFlaw]:
        flaws = []
        if certificate.not_valid_before > moment:
            flaws.append(SignatureFlaw.NOT_YET_VALID)
        if certificate.not_valid_after < moment:
            flaws.append(SignatureFlaw.EXPIRED)
        units = self.known.trust.units
        if units and not names_unit(certificate, units):
            flaws.append(SignatureFlaw.WRONG_UNIT)
        return flaws

    def _status(
        self,
        signature: Any,
        moment: datetime,
        mode: str,
        *,
        until: datetime | None = None,
        own: bool = True,
        stamped: tuple[datetime, str] | None = None,
    ) -> Any:
        """Return pyHanko's judgement at `moment`; with `stamped`, of the stamp inside as well."""
        from pyhanko.sign.validation import async_validate_pdf_signature
        from pyhanko.sign.validation.settings import KeyUsageConstraints

        at, how = (moment, mode) if stamped is None else stamped
        since = self.when if at < self.when else None
        return run_coroutine(
            async_validate_pdf_signature(
                signature,
                signer_validation_context=self.known.context(moment, mode, until=until, own=own),
                ts_validation_context=self.known.context(at, how, until=since),
                # A certificate for signing names one of the two (RFC 5280, 4.2.1.3).
                key_usage_settings=KeyUsageConstraints(
                    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
                ),
            )
        )


def _covered(signature: Any, flaws: Sequence[SignatureFlaw], size: int) -> tuple[int, int] | None:
    """Return up to which byte a signature covers the file; None where its ranges cannot be read."""
    if SignatureFlaw.UNREADABLE in flaws:
        return None
    try:
        *_before, begin, length = map(int, signature.byte_range)
    except (TypeError, ValueError, AttributeError):
        return None
    return min(begin + length, size), size


def _named(signature: Any) -> tuple[str, str, str, str, datetime | None] | None:
    from pyhanko.pdf_utils.misc import PdfError

    try:
        certificate = signature.signer_cert
        return (
            *display_names(certificate),
            issuer_of(certificate),
            f"{certificate.serial_number:x}",
            signature.self_reported_timestamp,
        )
    except (PdfError, *UNREADABLE):
        return None


def _of_file(pdf: bytes, signatures: Sequence[Any]) -> tuple[SignatureFlaw, ...]:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if not signatures:
        return ()
    try:
        covered = signatures[-1].evaluate_signature_coverage()
        if covered is SignatureCoverageLevel.ENTIRE_FILE or _is_kept_for_later(pdf, signatures[-1]):
            return ()
    except (PdfError, *UNREADABLE):
        return (SignatureFlaw.UNREADABLE,)
    return (SignatureFlaw.ADDED_TO,)


def _is_kept_for_later(pdf: bytes, last: Any) -> bool:
    """Tell whether only long-term proof follows the last signature: stamps, a security store."""
    from pyhanko.sign.diff_analysis import ModificationLevel

    last.compute_integrity_info()
    level = getattr(last.diff_result, "modification_level", None)
    ends = pdf.rstrip(b"\r\n").endswith(b"%%EOF")
    is_later = last.reader.total_revisions > last.signed_revision + 1
    return bool(ends and is_later and level is not None and level <= ModificationLevel.LTA_UPDATES)


def _of_bytes(status: Any) -> list[SignatureFlaw]:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    flaws = []
    if not status.intact or not status.valid:
        flaws.append(SignatureFlaw.CHANGED)
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        flaws.append(SignatureFlaw.ADDED_TO)
    elif status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        level = status.modification_level
        if level is None or level > ModificationLevel.FORM_FILLING or not status.docmdp_ok:
            flaws.append(SignatureFlaw.ADDED_TO)
    if status.md_algorithm in WEAK:
        flaws.append(SignatureFlaw.WEAK)
    return flaws


def _is_out_of_time(found: list[SignatureFlaw]) -> bool:
    return SignatureFlaw.EXPIRED in found or SignatureFlaw.NOT_YET_VALID in found


def _is_revoked(status: Any) -> bool:
    from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate

    return status.revocation_details is not None or status.trust_problem_indic in (
        AdESFailure.REVOKED,
        AdESIndeterminate.REVOKED_NO_POE,
        AdESIndeterminate.REVOKED_CA_NO_POE,
    )


def _trust_flaw(status: Any) -> SignatureFlaw:
    from pyhanko.sign.ades.report import AdESIndeterminate

    if _is_revoked(status):
        return SignatureFlaw.REVOKED
    flaws = {
        None: SignatureFlaw.NOT_CONFIRMED,
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: SignatureFlaw.EXPIRED,
        AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: SignatureFlaw.EXPIRED,
        AdESIndeterminate.TRY_LATER: SignatureFlaw.NOT_CONFIRMED,
        AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: SignatureFlaw.NOT_CONFIRMED,
        AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: SignatureFlaw.NOT_FOR_SIGNING,
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: SignatureFlaw.WEAK,
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: SignatureFlaw.WEAK,
    }
    return flaws.get(status.trust_problem_indic, SignatureFlaw.UNTRUSTED)
