"""Count who takes part, capped by unit, day and hour: what the public plane brings, many at once,
and what is pressed on the portal's own page of a code. Both share the same room."""

from datetime import date, datetime
from enum import StrEnum

from django.db.models import F, Sum

from quetsach_portal.campaigns.models import CampaignNode, NodeTally
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
"""A unit's code counts so many of each act on a day, or so many times its staff; beyond that it is
a script."""

LEAST_NO_CODE, TIMES_NO_CODE = 1_000, 5
"""The same without a code, by the staff of the whole campaign."""

LEAST_AN_HOUR, OF_A_DAY = 10, 4
"""Of a day's relatives and residents a quarter count in an hour, and so many in any unit: who
presses for all of them in a minute gets no further, and has until the next hour to be seen. All of
a unit's staff may press in one hour: that is what a meeting looks like."""

LEAST_PULLED_A_DAY, NO_CODE_PULLED = 1_000, 100_000


def room(node: CampaignNode, kind: JoinKind, act: Act, *, has_code: bool) -> int:
    """Return how many of `act` a day counts for `node`."""
    if act is Act.PULLED:
        by_code = max(LEAST_PULLED_A_DAY, TIMES_STAFF[JoinKind.PUBLIC] * node.staff)
        return by_code if has_code else NO_CODE_PULLED
    if not has_code:
        tally = NodeTally.objects.filter(node=node).first()
        staff = node.staff if tally is None else tally.staff
        return max(LEAST_NO_CODE, TIMES_NO_CODE * staff)
    return max(LEAST_A_DAY[kind], TIMES_STAFF[kind] * node.staff)


def count_many(
    node: CampaignNode, code: JoinCode | None, act: Act, *, day: date, hour: datetime, many: int
) -> int:
    """Count `many` of `act` for `node` on `day`, and return how many of them were above a cap.

    Without a code they are residents on the line of `node`. What is above a cap moves no counter;
    of people it puts the unit under question for that day. The caller holds the transaction.
    """
    kind = JoinKind.PUBLIC if code is None else JoinKind(code.kind)
    JoinTally.objects.get_or_create(node=node, kind=kind, day=day)
    row = JoinTally.objects.select_for_update().get(node=node, kind=kind, day=day)
    name = COLUMN[act]
    of_day = room(node, kind, act, has_code=code is not None)
    free = of_day - getattr(row, name)
    if kind is JoinKind.STAFF and act is not Act.PULLED and node.staff:
        # Of a unit's staff there are so many and no more, whatever the day.
        rows = JoinTally.objects.filter(node=node, kind=kind)
        free = min(free, node.staff - (rows.aggregate(all=Sum(name))["all"] or 0))
    if act is Act.PULLED:
        taken = int(min(many, max(0, free)))
        JoinTally.objects.filter(pk=row.pk).update(pulled=F("pulled") + taken)
        return many - taken
    # Files come oldest first: an hour before the newest one gets no room of its own.
    newest = max(hour.isoformat(), row.lately.get("hour", ""))
    lately = row.lately if row.lately.get("hour") == newest else {"hour": newest}
    of_hour = of_day if kind is JoinKind.STAFF else max(LEAST_AN_HOUR, of_day // OF_A_DAY)
    free = min(free, of_hour - lately.get(name, 0))
    taken = int(min(many, max(0, free)))
    JoinTally.objects.filter(pk=row.pk).update(
        **{name: F(name) + taken},
        over_cap=F("over_cap") + many - taken,
        lately={**lately, name: lately.get(name, 0) + taken},
    )
    return many - taken
