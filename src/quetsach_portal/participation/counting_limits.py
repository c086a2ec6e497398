"""Count participants, capped by unit, day and hour.

Counts of the public plane and of the portal's own page share the same caps.
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.core.signing import BadSignature, TimestampSigner
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode, NodeCounter
from quetsach_portal.participation.models import JoinCode, JoinCounter, JoinKind, UsedTicket
from quetsach_public.addresses import caller_of
from quetsach_public.joining import HOUR, OF_A_CODE
from quetsach_public.limits import PaceLimits


class JoinAct(StrEnum):
    """What people say they did, as the plane names it."""

    JOINED = "joined"
    SCANNED = "scanned"
    CLEANED = "cleaned"
    PULLED = "pulled"


COLUMN = {
    JoinAct.JOINED: "joined",
    JoinAct.SCANNED: "checked",
    JoinAct.CLEANED: "cleaned",
    JoinAct.PULLED: "pulled",
}

LEAST_A_DAY = {JoinKind.STAFF: 20, JoinKind.RELATIVE: 200, JoinKind.PUBLIC: 500}
TIMES_STAFF = {JoinKind.STAFF: 1, JoinKind.RELATIVE: 5, JoinKind.PUBLIC: 20}
"""The daily limit of a unit's code for each act: this number, or this multiple of its staff; more
suggests a script.
"""

LEAST_NO_CODE, TIMES_NO_CODE = 1_000, 5
"""The same without a code, by the staff of the whole campaign."""

LEAST_AN_HOUR, OF_A_DAY = 10, 4
"""A quarter of the daily limit of relatives and residents counts in one hour, and at least ten: a
script that sends all in a minute is stopped and stays visible until the next hour. All staff of a
unit may join in one hour, as in a meeting.
"""

LEAST_PULLED_A_DAY, NO_CODE_PULLED = 1_000, 100_000


def room(node: CampaignNode, kind: JoinKind, act: JoinAct, *, has_code: bool) -> int:
    """Return how many of `act` a day counts for `node`."""
    if act is JoinAct.PULLED:
        by_code = max(LEAST_PULLED_A_DAY, TIMES_STAFF[JoinKind.PUBLIC] * node.staff)
        return by_code if has_code else NO_CODE_PULLED
    if not has_code:
        tally = NodeCounter.objects.filter(node=node).first()
        staff = node.staff if tally is None else tally.staff
        return max(LEAST_NO_CODE, TIMES_NO_CODE * staff)
    return max(LEAST_A_DAY[kind], TIMES_STAFF[kind] * node.staff)


def count_many(
    node: CampaignNode, code: JoinCode | None, act: JoinAct, *, day: date, hour: datetime, many: int
) -> int:
    """Count `many` of `act` for `node` on `day`, and return how many of them were above a cap.

    Without a code they are residents on the line of `node`. What is above a cap moves no counter;
    of people it puts the unit under question for that day. The caller holds the transaction.
    """
    kind = JoinKind.PUBLIC if code is None else JoinKind(code.kind)
    JoinCounter.objects.get_or_create(node=node, kind=kind, day=day)
    counter = JoinCounter.objects.select_for_update().get(node=node, kind=kind, day=day)
    name = COLUMN[act]
    of_day = room(node, kind, act, has_code=code is not None)
    free = of_day - getattr(counter, name)
    if kind is JoinKind.STAFF and act is not JoinAct.PULLED and node.staff:
        # The total of staff is limited by the size of the unit, on all days together.
        rows = JoinCounter.objects.filter(node=node, kind=kind)
        free = min(free, node.staff - (rows.aggregate(all=Sum(name))["all"] or 0))
    if act is JoinAct.PULLED:
        counted = int(min(many, max(0, free)))
        JoinCounter.objects.filter(pk=counter.pk).update(pulled=F("pulled") + counted)
        return many - counted
    # Files come oldest first: an hour before the newest one gets no room of its own.
    newest = max(hour.isoformat(), counter.lately.get("hour", ""))
    lately = counter.lately if counter.lately.get("hour") == newest else {"hour": newest}
    of_hour = of_day if kind is JoinKind.STAFF else max(LEAST_AN_HOUR, of_day // OF_A_DAY)
    free = min(free, of_hour - lately.get(name, 0))
    counted = int(min(many, max(0, free)))
    JoinCounter.objects.filter(pk=counter.pk).update(
        **{name: F(name) + counted},
        over_cap=F("over_cap") + many - counted,
        lately={**lately, name: lately.get(name, 0) + counted},
    )
    return many - counted


_of_code = PaceLimits(OF_A_CODE / HOUR, OF_A_CODE)


def is_in_pace(address: str, code_id: int) -> bool:
    """Note a press of `address` for a code; False when it presses faster than people do."""
    # With IPv6 one subscriber has a whole network of 2^64 addresses.
    return _of_code.within(hash((caller_of(address) or address, code_id)))


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
