"""What the states and flaws of a PDF's signatures are called, in the language in use."""

from quetsach.signing.pades.state import Flaw, PdfState
from quetsach.texts import _


def state_words(state: PdfState | str) -> str:
    """Return what a state is called."""
    return {
        PdfState.CHANGED: _("changed after signing"),
        PdfState.REFUSED: _("signature refused"),
        PdfState.UNCONFIRMED: _("signature not yet confirmed"),
        PdfState.VALID: _("signature valid"),
        PdfState.UNSIGNED: _("not signed"),
    }[PdfState(state)]


def flaw_words(flaw: Flaw | str) -> str:
    """Return why a signature is not valid, as one sentence."""
    return {
        Flaw.CHANGED: _("What was signed is not what stands here."),
        Flaw.ADDED_TO: _("Something was added to the file after it was signed."),
        Flaw.UNREADABLE: _("The signature cannot be read."),
        Flaw.WEAK: _("It was signed by a method that can be forged."),
        Flaw.NOT_FOR_SIGNING: _("The certificate was not issued for signing."),
        Flaw.UNTRUSTED: _("Nobody who is trusted here vouches for the certificate."),
        Flaw.EXPIRED: _("The certificate has expired."),
        Flaw.NOT_YET_VALID: _("The certificate is not valid yet."),
        Flaw.REVOKED: _("The certificate was revoked."),
        Flaw.WRONG_UNIT: _("The certificate names another unit."),
        Flaw.NOT_CONFIRMED: _("It is not known whether the certificate was revoked."),
        Flaw.NOBODY_TRUSTED: _(
            "No authority is trusted here yet, so anybody may have made this certificate."
        ),
    }[Flaw(flaw)]
