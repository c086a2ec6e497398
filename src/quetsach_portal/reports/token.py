"""What the page of check answers carries: nothing is handed in that nobody looked at."""

import hashlib
import secrets
from collections.abc import Sequence

from django.core import signing
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import Slot
from quetsach_portal.reports.adding import Below
from quetsach_portal.web.problems import Refused

_SALT = "reports.checked"


def make(
    slot: Slot, revision: int, act: str = "submit", below: Sequence[Below] | None = None
) -> str:
    """Return a token for one version of `slot`, of the draft as it is in `revision`.

    With `below`, it is of those reports from below alone that were looked at.
    """
    said = {"slot": slot.pk, "revision": revision, "act": act, "once": secrets.token_hex(16)}
    if below is not None:
        said["below"] = _digest_of(below)
    return signing.dumps(said, salt=_SALT)


def revision_in(token: str, slot: Slot, act: str = "submit") -> int:
    """Return the revision that was looked at. Errors: Refused for a token of no check page."""
    try:
        said = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        said = {}
    if said.get("slot") != slot.pk or said.get("act") != act:
        raise Refused(_("Look at all answers first, on the page of check answers."))
    return int(said["revision"])


def is_other_below(token: str, below: Sequence[Below]) -> bool:
    """True when other reports from below go in now than when `token` was made."""
    said = signing.loads(token, salt=_SALT)
    return "below" in said and said["below"] != _digest_of(below)


def key_of(token: str) -> str:
    """Return the key under which a version made with `token` is kept; the same for the same."""
    return hashlib.sha256(token.encode()).hexdigest()


def _digest_of(below: Sequence[Below]) -> str:
    parts = (
        f"{one.slot.pk} {one.used.value} {'' if one.version is None else one.version.sha256}"
        for one in below
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
