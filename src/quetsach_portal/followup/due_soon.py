"""Remind those whose report is still missing: three days and one day before, and the day after.

Whoever has reported, is excused, or was reminded today is left alone.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import (
    COUNTED,
    Campaign,
    CampaignState,
    Slot,
    SlotState,
)
from quetsach_portal.followup.mails import queue, reminder
from quetsach_portal.followup.models import Reminder, Waits
from quetsach_portal.jobs.work import Work

DAYS_LEFT = (3, 1, -1)
"""Days from today to the last day in time; -1: it was yesterday."""

FROM_HOUR = 7
"""Mails go out in the morning: at night nobody reads them, and telephones ring."""

MOST_AT_ONCE = 1000


def run(work: Work) -> None:
    """Remind in every campaign that runs; a periodic job, once a unit and day."""
    now = timezone.localtime()
    if now.hour < FROM_HOUR:
        return
    for campaign in Campaign.objects.filter(state=CampaignState.LIVE).select_related("lead_unit"):
        while remind_missing(campaign, now) == MOST_AT_ONCE:
            work.renew()
        work.renew()


def remind_missing(campaign: Campaign, now: datetime) -> int:
    """Return how many units were reminded, at most MOST_AT_ONCE; doing it again reminds none."""
    today = timezone.localtime(now).date()
    with transaction.atomic():
        # One at a time, so that two workers never remind the same.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        slots = list(_missing(campaign, today)[:MOST_AT_ONCE])
        if not slots:
            return 0
        record(
            "reminder.sent",
            actor=None,
            kind="campaign",
            object_id=campaign.pk,
            unit_path=campaign.lead_unit.path,
            detail={"units": len(slots), "waits_for": Waits.REPORTED.value},
        )
        Reminder.objects.bulk_create(
            [
                Reminder(node=one.node, phase=one.phase, day=today, waits_for=Waits.REPORTED)
                for one in slots
            ],
            ignore_conflicts=True,
        )
        mails = [mail for one in slots for mail in reminder(one.node, Waits.REPORTED, one)]
        queue(mails, key=f"due:{campaign.pk}:{today.isoformat()}:{slots[0].pk}")
    return len(slots)


def _missing(campaign: Campaign, today: date) -> QuerySet[Slot]:
    """Return the reports that are missing and due on one of the days, one a unit."""
    days = [_last_day_is(today + timedelta(days=left)) for left in DAYS_LEFT]
    due = days[0] | days[1] | days[2]
    told_today = Reminder.objects.filter(day=today).values("node_id")
    rows = Slot.objects.filter(
        due,
        phase__campaign=campaign,
        reported_at__isnull=True,
        node__state__in=COUNTED,
        node__told_at__isnull=False,
    )
    rows = rows.exclude(state=SlotState.EXCUSED).exclude(node_id__in=told_today)
    return rows.select_related("node__campaign", "node__unit", "phase").order_by("due_at", "pk")


def _last_day_is(day: date) -> Q:
    """Return the condition "`day` is the last one in time"; a deadline is itself too late."""
    begins = timezone.make_aware(datetime.combine(day, time()))
    return Q(due_at__gt=begins, due_at__lte=begins + timedelta(days=1))
