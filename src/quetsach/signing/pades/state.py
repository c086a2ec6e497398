"""What can be said of the signatures of a PDF: four states, and closed reasons for them."""

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


_STATES = {
    Flaw.CHANGED: PdfState.CHANGED,
    Flaw.ADDED_TO: PdfState.CHANGED,
    Flaw.UNREADABLE: PdfState.CHANGED,
    Flaw.NOT_CONFIRMED: PdfState.UNCONFIRMED,
    Flaw.NOBODY_TRUSTED: PdfState.UNCONFIRMED,
}


@dataclass(frozen=True)
class PdfSigner:
    """One signature: whose certificate, of whom, when by its own word, and what is against it.

    Shapes: `signed_at` is the signer's own claim, None where it makes none; `serial` is in hex,
    `fingerprint` the SHA-256 of the certificate, "" where none can be read.
    """

    name: str
    organisation: str
    issuer: str
    serial: str
    signed_at: datetime | None
    flaws: tuple[Flaw, ...] = ()
    fingerprint: str = ""

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
            [*(one.state for one in self.signers), *(_STATES[flaw] for flaw in self.flaws)]
        )


def worst(states: list[PdfState]) -> PdfState:
    """Return the worst of some states."""
    return min(states, key=list(PdfState).index)
