"""A ticket makes a page count once: signed, good for two hours, and tied to nobody."""

import hashlib
import secrets
from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.participation.models import JoinCode, UsedTicket

GOOD_FOR = timedelta(hours=2)

_SALT = "participation.ticket"


def new_ticket(code: JoinCode) -> str:
    """Return the ticket of one view of the page of `code`."""
    return TimestampSigner(salt=_SALT).sign(f"{code.pk}.{secrets.token_urlsafe(16)}")


def is_of(ticket: str, code: JoinCode) -> bool:
    """True when `ticket` is ours, of this code, and not too old."""
    try:
        inside = TimestampSigner(salt=_SALT).unsign(ticket[:200], max_age=GOOD_FOR)
    except BadSignature:
        return False
    return inside.startswith(f"{code.pk}.")


def use(ticket: str) -> bool:
    """Mark `ticket` as used; False when it was before. The caller holds the transaction."""
    digest = hashlib.sha256(ticket.encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedTicket.objects.create(digest=digest)
    except IntegrityError:
        return False
    return True


def forget_old() -> int:
    """Delete what can no longer be used anyway, and return how many that were."""
    gone, _by_kind = UsedTicket.objects.filter(used_at__lt=timezone.now() - 2 * GOOD_FOR).delete()
    return gone
