"""Verifying time stamps (RFC 3161): whether a signature existed at a time.

A stamp is inside a signature, or after it as a stamp over the whole file. The newest is
judged as of now, the one that it covers as of its time, and so on: so an older one stays good when
the certificate of its authority has run out since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from quetsach.signing.pades.revocation import RevocationFacts, run_coroutine
from quetsach.signing.pades.sign import UNREADABLE
from quetsach.signing.pades.state import PdfStamp, StampState
from quetsach.signing.pades.trust import names_in
from quetsach.texts import plain

_CLOCKS_DIFFER = timedelta(minutes=5)
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
    return PdfStamp(at, _named(status.signing_cert), state)


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
    if at > moment + _CLOCKS_DIFFER:
        return StampState.UNTRUSTED
    if status.trusted:
        return StampState.TRUSTED
    return StampState.UNCONFIRMED if soft.trusted else StampState.UNTRUSTED


def _named(certificate: Any) -> str:
    names = names_in(certificate, "common_name", "organization_name")
    return plain(" ".join(", ".join(names).split()))[:_MOST_SHOWN]
