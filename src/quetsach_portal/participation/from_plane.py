"""Count what the public plane brings: many at once, capped by unit and day."""

from datetime import date
from enum import StrEnum

from django.db.models import F, Sum

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.participation.models import JoinCode, JoinKind, JoinTally


class Act(StrEnum):
    """What people say they did, as the plane names it."""

    JOINED = "joined"
    SCANNED = "scanned"
    CLEANED = "cleaned"
    PULLED = "pulled"


COLUMN = {
    Act.JOINED: "joined",
    Act.SCANNED: "checked",
    Act.CLEANED: "cleaned",
    Act.PULLED: "pulled",
}

LEAST_A_DAY = {JoinKind.STAFF: 20, JoinKind.RELATIVE: 200, JoinKind.PUBLIC: 500}
TIMES_STAFF = {JoinKind.STAFF: 1, JoinKind.RELATIVE: 5, JoinKind.PUBLIC: 20}
LEAST_PULLED_A_DAY = 1_000
NO_CODE_A_DAY = 100_000
"""A unit's code counts so many of each act on a day, or so many times its staff; beyond that it is
a script. Without a code a whole province may come."""


def room(node: CampaignNode, kind: JoinKind, act: Act, *, has_code: bool) -> int:
    """Return how many of `act` a day counts for `node`."""
    if not has_code:
        return NO_CODE_A_DAY
    if act is Act.PULLED:
        return max(LEAST_PULLED_A_DAY, TIMES_STAFF[JoinKind.PUBLIC] * node.staff)
    return max(LEAST_A_DAY[kind], TIMES_STAFF[kind] * node.staff)


def count_many(node: CampaignNode, code: JoinCode | None, act: Act, *, day: date, many: int) -> int:
    """Count `many` of `act` for `node` on `day`, and return how many of them were above the cap.

    Without a code they are residents on the line of `node`. The caller holds the transaction.
    """
    kind = JoinKind.PUBLIC if code is None else JoinKind(code.kind)
    JoinTally.objects.get_or_create(node=node, kind=kind, day=day)
    row = JoinTally.objects.select_for_update().get(node=node, kind=kind, day=day)
    name = COLUMN[act]
    free = room(node, kind, act, has_code=code is not None) - getattr(row, name)
    if kind is JoinKind.STAFF and act is not Act.PULLED and node.staff:
        # Of a unit's staff there are so many and no more, whatever the day.
        rows = JoinTally.objects.filter(node=node, kind=kind)
        free = min(free, node.staff - (rows.aggregate(all=Sum(name))["all"] or 0))
    taken = int(min(many, max(0, free)))
    over = many - taken
    JoinTally.objects.filter(pk=row.pk).update(
        **{name: F(name) + taken}, over_cap=F("over_cap") + over
    )
    if over and code is not None and act is not Act.PULLED:
        JoinCode.objects.filter(pk=code.pk).update(over_cap=F("over_cap") + over)
    return over
