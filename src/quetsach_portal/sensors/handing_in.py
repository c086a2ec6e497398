"""Units that hand in logs by hand: which kind of log came each working day, and has stopped."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import TruncDate
from django.utils import timezone

from quetsach_portal.campaigns.deadlines import SATURDAY
from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.intake.models import PartChange, StreamPart, SubmissionState
from quetsach_portal.sensors.models import Sensor

LOOKED_AT_DAYS = 30
HABIT_DAYS = 10
"""Working days up to the last on which the log came."""

LEAST_OF_THEM = 8
"""On so many of them it must have come; what comes once a week is no habit that can be missed."""

MISSED_DAYS = 2
"""Whole working days without it, today not counted."""

WITH_WATCH = timedelta(days=14)
"""A unit whose watch was heard within this is looked after by what the watch says."""

LEAST_UNITS, MOST_SHARE = 5, 0.6
"""As in `health`: when nearly all units hand in nothing, nobody works."""


def logs_not_handed_in(now: datetime) -> dict[int, dict[str, datetime]]:
    """Return by node the kinds of log that came daily and have stopped, and when each came last.

    Cost: one query over what was handed in within a month by units without a watch.
    """
    watch = Sensor.objects.filter(node=OuterRef("stream__node"), heard_at__gt=now - WITH_WATCH)
    parts = StreamPart.objects.filter(
        ~Exists(watch),
        change__in=[PartChange.NEW, PartChange.GROWN],
        stream__node__campaign__state=CampaignState.LIVE,
        submission__state=SubmissionState.DONE,
        submission__created_at__gt=now - timedelta(days=LOOKED_AT_DAYS),
    )
    rows = (
        parts.annotate(day=TruncDate("submission__created_at"))
        .values("stream__node__campaign_id", "stream__node_id", "stream__kind", "day")
        .annotate(last_at=Max("submission__created_at"))
        .order_by()
    )
    days: dict[tuple[int, int, str], dict[date, datetime]] = defaultdict(dict)
    for row in rows:
        key = (row["stream__node__campaign_id"], row["stream__node_id"], row["stream__kind"])
        days[key][row["day"]] = row["last_at"]
    today = timezone.localdate(now)
    daily = {key: came for key, came in days.items() if was_daily(came, today)}
    stopped = {key: came for key, came in daily.items() if has_stopped(came, today)}
    missing: dict[int, dict[str, datetime]] = defaultdict(dict)
    for (campaign_id, node_id, kind), came in stopped.items():
        if not _is_quiet(campaign_id, daily, stopped):
            missing[node_id][kind] = max(came.values())
    return dict(missing)


def working_days_before(day: date, count: int) -> list[date]:
    """Return the last `count` working days before `day`, the latest first."""
    working_days: list[date] = []
    while len(working_days) < count:
        day -= timedelta(days=1)
        if day.weekday() < SATURDAY:
            working_days.append(day)
    return working_days


def was_daily(came: Collection[date], today: date) -> bool:
    """Return whether a log came on nearly all working days up to the last on which it did."""
    last = max(came)
    looked_at = working_days_before(min(last + timedelta(days=1), today), HABIT_DAYS)
    return sum(day in came for day in looked_at) >= LEAST_OF_THEM


def has_stopped(came: Collection[date], today: date) -> bool:
    """Return whether a log did not come on the last whole working days."""
    return not any(day >= min(working_days_before(today, MISSED_DAYS)) for day in came)


def _is_quiet(
    campaign_id: int,
    daily: Iterable[tuple[int, int, str]],
    stopped: Iterable[tuple[int, int, str]],
) -> bool:
    known = {node_id for campaign, node_id, _kind in daily if campaign == campaign_id}
    quiet = {node_id for campaign, node_id, _kind in stopped if campaign == campaign_id}
    return len(known) >= LEAST_UNITS and len(quiet) > MOST_SHARE * len(known)
