"""What the page of check answers carries: nothing is handed in that nobody looked at."""

import hashlib
import secrets

from django.core import signing
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import Slot
from quetsach_portal.web.problems import Refused

_SALT = "reports.checked"


def make(slot: Slot, revision: int, act: str = "submit") -> str:
    """Return a token for one version of `slot`, of the draft as it is in `revision`."""
    said = {"slot": slot.pk, "revision": revision, "act": act, "once": secrets.token_hex(16)}
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


def key_of(token: str) -> str:
    """Return the key under which a version made with `token` is kept; the same for the same."""
    return hashlib.sha256(token.encode()).hexdigest()
