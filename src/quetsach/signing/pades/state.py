"""The states of a PDF's signatures and time stamps, their closed reasons, and their wording."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quetsach.texts import _


class PdfState(StrEnum):
    """The state of a signature, or of a PDF with all its signatures; the worst first."""

    CHANGED = "changed"
    """The signed content was changed, or something other than a signature was added."""
    REFUSED = "refused"
    """Intact, but the signer is not valid: expired, revoked, unknown, or of another unit."""
    UNCONFIRMED = "unconfirmed"
    """No flaw was found, but something about the certificate is unknown."""
    VALID = "valid"
    UNSIGNED = "unsigned"


class SignatureFlaw(StrEnum):
    """Why a signature is not valid."""

    CHANGED = "changed"
    ADDED_TO = "added-to"
    UNREADABLE = "unreadable"
    WEAK = "weak"
    NOT_FOR_SIGNING = "not-for-signing"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    REVOKED = "revoked"
    WRONG_UNIT = "wrong-unit"
    NOT_CONFIRMED = "not-confirmed"
    NOBODY_TRUSTED = "nobody-trusted"
    """No trusted certificate was given, so the signer cannot be confirmed."""
    BAD_STAMP = "bad-stamp"
    """A time stamp was issued for something else, or altered."""


class PdfDifference(StrEnum):
    """Why a signed PDF is not the original with signatures added."""

    CHANGED = "changed"
    """Something other than a signature was added, or a page looks otherwise."""
    COVERS = "covers"
    """The picture of a signature lies on or beside a figure, or on many words."""


class StampState(StrEnum):
    """The state of a time stamp."""

    TRUSTED = "trusted"
    UNCONFIRMED = "unconfirmed"
    """Its authority is trusted, and it is not known whether its certificate was revoked."""
    UNTRUSTED = "untrusted"
    """No trusted authority confirms it now, or its time is in the future."""
    BROKEN = "broken"


class SignatureNote(StrEnum):
    """A remark on a signature that is not a flaw."""

    OWN_TIME = "own-time"
    """Without a trusted stamp, the time of signing is only the signer's claim."""
    OTHER_TIME = "other-time"
    """The signer's own time differs from that of the stamp, which counts."""
    EXPIRED_SINCE = "expired-since"
    REVOKED_SINCE = "revoked-since"
    BRINGS_PROOF = "brings-proof"
    """The file contains revocation data, so that it can be confirmed later, too."""


_STATES = {
    SignatureFlaw.CHANGED: PdfState.CHANGED,
    SignatureFlaw.ADDED_TO: PdfState.CHANGED,
    SignatureFlaw.UNREADABLE: PdfState.CHANGED,
    SignatureFlaw.NOT_CONFIRMED: PdfState.UNCONFIRMED,
    SignatureFlaw.NOBODY_TRUSTED: PdfState.UNCONFIRMED,
}


@dataclass(frozen=True)
class PdfStamp:
    """A time stamp: its time, its authority, and its state; `at` is None if unreadable."""

    at: datetime | None
    by: str
    state: StampState


@dataclass(frozen=True)
class PdfSigner:
    """One signature: its certificate, its issuer, its claimed time, and its flaws.

    Shapes: `signed_at` is the signer's own claim, None where it makes none; `serial` is in hex;
    `stamp` is the earliest trusted stamp that covers it, or else one that is not trusted;
    `fingerprint` the SHA-256 of the certificate, "" where none can be read; `covered` is how many
    bytes from the beginning of the file it covers, and how many the file has.
    """

    name: str
    organisation: str
    issuer: str
    serial: str
    signed_at: datetime | None
    flaws: tuple[SignatureFlaw, ...] = ()
    stamp: PdfStamp | None = None
    notes: tuple[SignatureNote, ...] = ()
    fingerprint: str = ""
    covered: tuple[int, int] | None = None

    @property
    def stamped_at(self) -> datetime | None:
        """The time of the trusted stamp, at which the signature existed; None without one."""
        believed = self.stamp is not None and self.stamp.state is StampState.TRUSTED
        return self.stamp.at if self.stamp is not None and believed else None

    @property
    def state(self) -> PdfState:
        """The state of the signature."""
        if not self.flaws:
            return PdfState.VALID
        return worst([_STATES.get(flaw, PdfState.REFUSED) for flaw in self.flaws])


@dataclass(frozen=True)
class PdfVerdict:
    """The verdict on a PDF: each signature in order, and whether the last covers the file.

    Shapes: `flaws` are those of the file itself, beside those of its signatures.
    """

    sha256: str
    signers: tuple[PdfSigner, ...]
    flaws: tuple[SignatureFlaw, ...] = ()

    @property
    def state(self) -> PdfState:
        """One bad signature among good ones makes the whole bad."""
        if not self.signers and not self.flaws:
            return PdfState.UNSIGNED
        return worst(
            [
                *(one.state for one in self.signers),
                *(_STATES.get(flaw, PdfState.REFUSED) for flaw in self.flaws),
            ]
        )


def worst(states: list[PdfState]) -> PdfState:
    """Return the worst of some states."""
    return min(states, key=list(PdfState).index)


def state_words(state: PdfState | str) -> str:
    """Return what a state is called."""
    return {
        PdfState.CHANGED: _("changed after signing"),
        PdfState.REFUSED: _("signature refused"),
        PdfState.UNCONFIRMED: _("signature not yet confirmed"),
        PdfState.VALID: _("signature valid"),
        PdfState.UNSIGNED: _("not signed"),
    }[PdfState(state)]


def difference_words(difference: PdfDifference | str) -> str:
    """Return how a signed PDF differs from its original, as one sentence."""
    return {
        PdfDifference.CHANGED: _("It is not the original with only signatures added."),
        PdfDifference.COVERS: _(
            "The picture of the signature lies on or beside a figure or text; place it on blank "
            "paper and sign again."
        ),
    }[PdfDifference(difference)]


def flaw_words(flaw: SignatureFlaw | str) -> str:
    """Return why a signature is not valid, as one sentence."""
    return {
        SignatureFlaw.CHANGED: _("The signed content was changed."),
        SignatureFlaw.ADDED_TO: _("Something was added to the file after it was signed."),
        SignatureFlaw.UNREADABLE: _("The signature cannot be read."),
        SignatureFlaw.WEAK: _("It was signed with a method that can be forged."),
        SignatureFlaw.NOT_FOR_SIGNING: _("The certificate was not issued for signing."),
        SignatureFlaw.UNTRUSTED: _(
            "The certificate was not issued by an authority that is trusted here."
        ),
        SignatureFlaw.EXPIRED: _("The certificate has expired."),
        SignatureFlaw.NOT_YET_VALID: _("The certificate is not valid yet."),
        SignatureFlaw.REVOKED: _("The certificate was revoked."),
        SignatureFlaw.WRONG_UNIT: _("The certificate belongs to another unit."),
        SignatureFlaw.NOT_CONFIRMED: _("It is not known whether the certificate was revoked."),
        SignatureFlaw.NOBODY_TRUSTED: _(
            "No authority is trusted here yet, so anybody may have made this certificate."
        ),
        SignatureFlaw.BAD_STAMP: _("Its time stamp was made for other content, or altered."),
    }[SignatureFlaw(flaw)]


def stamp_sentence(stamp: PdfStamp, shown: Callable[[datetime], str]) -> str:
    """Return a time stamp and its state as one sentence; `shown` writes its time."""
    sentence = {
        StampState.TRUSTED: _("Time stamp of %(at)s by %(by)s: confirmed."),
        StampState.UNCONFIRMED: _(
            "Time stamp of %(at)s by %(by)s: not confirmed, it is not known whether the "
            "certificate of the stamp was revoked."
        ),
        StampState.UNTRUSTED: _(
            "Time stamp of %(at)s by %(by)s: not confirmed, it was not issued by an authority "
            "that is trusted here."
        ),
        StampState.BROKEN: _("The time stamp does not belong to this content."),
    }[stamp.state]
    return sentence % {"at": "?" if stamp.at is None else shown(stamp.at), "by": stamp.by or "?"}


def sentences(signer: PdfSigner, shown: Callable[[datetime], str]) -> tuple[str, ...]:
    """Return the sentences on one signature: its flaws, what it covers, its stamp, its notes."""
    stamp = signer.stamp
    return (
        *map(flaw_words, signer.flaws),
        *(() if signer.covered is None else (covered_sentence(signer),)),
        *(() if stamp is None else (stamp_sentence(stamp, shown),)),
        *map(note_words, signer.notes),
    )


def covered_sentence(signer: PdfSigner) -> str:
    """Return what of the file a signature covers; what came after it is named as allowed or not."""
    assert signer.covered is not None
    covered, size = signer.covered
    if covered >= size:
        return _("It covers the whole file.")
    numbers = {"covered": covered, "size": size}
    if SignatureFlaw.CHANGED in signer.flaws or SignatureFlaw.ADDED_TO in signer.flaws:
        return _("It covers only the first %(covered)s of %(size)s bytes of the file.") % numbers
    return (
        _(
            "It covers the file as it was when it was signed: the first %(covered)s of %(size)s "
            "bytes. After it came only signatures, time stamps or form entries that it allows."
        )
        % numbers
    )


def note_words(note: SignatureNote | str) -> str:
    """Return what has to be known of a signature, as one sentence."""
    return {
        SignatureNote.OWN_TIME: _(
            "No confirmed time stamp: the time of signing is only the signer's own statement."
        ),
        SignatureNote.OTHER_TIME: _(
            "The signer's own time differs from that of the time stamp; the time stamp counts."
        ),
        SignatureNote.EXPIRED_SINCE: _(
            "The certificate has expired since. The time stamp shows that it was valid on signing."
        ),
        SignatureNote.REVOKED_SINCE: _(
            "The certificate was revoked after the time that the time stamp shows."
        ),
        SignatureNote.BRINGS_PROOF: _(
            "The file contains revocation data, so it can also be checked later."
        ),
    }[SignatureNote(note)]
