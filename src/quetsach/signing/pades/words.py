"""What is said of a PDF's signatures and time stamps, in the language in use."""

from collections.abc import Callable
from datetime import datetime

from quetsach.signing.pades.state import Flaw, Note, PdfSigner, PdfStamp, PdfState, StampState
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
        Flaw.BAD_STAMP: _("Its time stamp was made for something else, or altered."),
    }[Flaw(flaw)]


def stamp_sentence(stamp: PdfStamp, shown: Callable[[datetime], str]) -> str:
    """Return what a time stamp says and is worth, as one sentence; `shown` writes its time."""
    said = {
        StampState.TRUSTED: _("Time stamp of %(at)s by %(by)s: confirmed."),
        StampState.UNCONFIRMED: _(
            "Time stamp of %(at)s by %(by)s: not confirmed, it is not known whether the "
            "certificate of the stamp was revoked."
        ),
        StampState.UNTRUSTED: _(
            "Time stamp of %(at)s by %(by)s: not confirmed, nobody who is trusted here "
            "vouches for it."
        ),
        StampState.BROKEN: _("The time stamp does not belong to what stands here."),
    }[stamp.state]
    return said % {"at": "?" if stamp.at is None else shown(stamp.at), "by": stamp.by or "?"}


def sentences(signer: PdfSigner, shown: Callable[[datetime], str]) -> tuple[str, ...]:
    """Return all that is said of one signature: what is against it, its stamp, what to know."""
    stamp = signer.stamp
    return (
        *map(flaw_words, signer.flaws),
        *(() if stamp is None else (stamp_sentence(stamp, shown),)),
        *map(note_words, signer.notes),
    )


def note_words(note: Note | str) -> str:
    """Return what has to be known of a signature, as one sentence."""
    return {
        Note.OWN_TIME: _("No confirmed time stamp: the time of signing is the signer's own word."),
        Note.OTHER_TIME: _(
            "The signer's own time is another than that of the time stamp; the time stamp counts."
        ),
        Note.EXPIRED_SINCE: _(
            "The certificate has expired since. The time stamp shows that it was valid on signing."
        ),
        Note.REVOKED_SINCE: _(
            "The certificate was revoked after the time that the time stamp shows."
        ),
        Note.BRINGS_PROOF: _(
            "The file brings along what is known of revocation, so it can be checked later, too."
        ),
    }[Note(note)]
