"""What can be said of a PDF's signatures and time stamps: states, and closed reasons for them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PdfState(StrEnum):
    """What a signature, or a PDF with all its signatures, is worth; the worst first."""

    CHANGED = "changed"
    """What was signed is not what lies here, or something was added that is no signature."""
    REFUSED = "refused"
    """Whole, and not by somebody who could sign it: expired, revoked, unknown, another unit."""
    UNCONFIRMED = "unconfirmed"
    """Nothing is against it, and something that has to be known of the certificate is not."""
    VALID = "valid"
    UNSIGNED = "unsigned"


class Flaw(StrEnum):
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
    """Nobody was named who is trusted here, so nothing can be said of whose signature it is."""
    BAD_STAMP = "bad-stamp"
    """A time stamp was made for something else, or altered."""


class StampState(StrEnum):
    """What a time stamp is worth."""

    TRUSTED = "trusted"
    UNCONFIRMED = "unconfirmed"
    """Its authority is trusted, and it is not known whether its certificate was revoked."""
    UNTRUSTED = "untrusted"
    """Nobody who is trusted vouches for it, now, or it is of the future."""
    BROKEN = "broken"


class Note(StrEnum):
    """What has to be known of a signature, and is not against it."""

    OWN_TIME = "own-time"
    """No stamp that is believed: when it was signed is the signer's own word."""
    OTHER_TIME = "other-time"
    """The signer's own time is another than that of the stamp, which counts."""
    EXPIRED_SINCE = "expired-since"
    REVOKED_SINCE = "revoked-since"
    BRINGS_PROOF = "brings-proof"
    """The file has with it what is known of revocation, so it can be confirmed later, too."""


_STATES = {
    Flaw.CHANGED: PdfState.CHANGED,
    Flaw.ADDED_TO: PdfState.CHANGED,
    Flaw.UNREADABLE: PdfState.CHANGED,
    Flaw.NOT_CONFIRMED: PdfState.UNCONFIRMED,
    Flaw.NOBODY_TRUSTED: PdfState.UNCONFIRMED,
}


@dataclass(frozen=True)
class PdfStamp:
    """A time stamp: which time, by whom, and what it is worth; `at` is None where it says none."""

    at: datetime | None
    by: str
    state: StampState


@dataclass(frozen=True)
class PdfSigner:
    """One signature: whose certificate, of whom, when by its own word, and what is against it.

    Shapes: `signed_at` is the signer's own claim, None where it makes none; `serial` is in hex;
    `stamp` is the earliest believed stamp that covers it, or else one that is not believed;
    `fingerprint` the SHA-256 of the certificate, "" where none can be read.
    """

    name: str
    organisation: str
    issuer: str
    serial: str
    signed_at: datetime | None
    flaws: tuple[Flaw, ...] = ()
    stamp: PdfStamp | None = None
    notes: tuple[Note, ...] = ()
    fingerprint: str = ""

    @property
    def stamped_at(self) -> datetime | None:
        """Since when the signature is there by a stamp that is believed; None without one."""
        believed = self.stamp is not None and self.stamp.state is StampState.TRUSTED
        return self.stamp.at if self.stamp is not None and believed else None

    @property
    def state(self) -> PdfState:
        """What it is worth."""
        if not self.flaws:
            return PdfState.VALID
        return worst([_STATES.get(flaw, PdfState.REFUSED) for flaw in self.flaws])


@dataclass(frozen=True)
class PdfVerdict:
    """What is to be said of a PDF: each signature in order, and whether the last covers the file.

    Shapes: `flaws` are those of the file itself, beside those of its signatures.
    """

    sha256: str
    signers: tuple[PdfSigner, ...]
    flaws: tuple[Flaw, ...] = ()

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
