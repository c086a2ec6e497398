"""Remind by the calendar, and report silent units to the office above; one mail a unit and day."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.deadlines import is_working_date
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    CampaignState,
    ExpectedReport,
    ExpectedReportState,
    Phase,
)
from quetsach_portal.followup.mails import NO_WORDS, OwnWords, queue, reminder
from quetsach_portal.followup.models import (
    FollowupMail,
    PendingStep,
    Reminder,
    ReminderAudience,
    Silence,
)
from quetsach_portal.followup.news import tell_of_reminder, tell_of_silence
from quetsach_portal.followup.reminder_rules import (
    CalendarRule,
    calendar_of,
    has_not_looked,
    slots_due,
)
from quetsach_portal.jobs.queue import RunningJob

FROM_HOUR = 7
"""Mails are sent in the morning, not at night."""

DUE_BATCH_SIZE = 1000

AT_ONCE_WITHIN = timedelta(days=2)
"""A deadline is itself too late: the last day in time is tomorrow, or sooner."""


def remind_due(work: RunningJob) -> None:
    """Remind in every campaign that runs, as its calendar says; a periodic job, once a unit and
    day."""
    now = timezone.localtime()
    if now.hour < FROM_HOUR:
        return
    for campaign in _reminded_campaigns():
        while remind_missing(campaign, now) >= DUE_BATCH_SIZE:
            work.renew()
        work.renew()


def _reminded_campaigns() -> QuerySet[Campaign]:
    """Return the campaigns that run and are not paused."""
    rows = Campaign.objects.filter(state=CampaignState.LIVE, paused_until__isnull=True)
    return rows.select_related("lead_unit")


def remind_missing(campaign: Campaign, now: datetime) -> int:
    """Return how many units were reminded, some DUE_BATCH_SIZE at most; again it reminds none.

    Nobody is reminded on a day off.
    """
    today = timezone.localtime(now).date()
    reminded = 0
    with transaction.atomic():
        # One at a time, so that two workers never remind the same.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        calendar = calendar_of(campaign)
        if not is_working_date(today, calendar.days_off):
            return 0
        for rule in calendar.rules:
            if rule.is_on and reminded < DUE_BATCH_SIZE:
                reminded += _remind_by(campaign, rule, today, calendar.days_off)
    return reminded


def _remind_by(
    campaign: Campaign, rule: CalendarRule, today: date, days_off: frozenset[date]
) -> int:
    """Remind those to whom one reminder of the calendar applies today; return how many."""
    slots = list(slots_due(campaign, rule, today, days_off)[:DUE_BATCH_SIZE])
    if not slots:
        return 0
    step = rule.waits_for
    _audit("reminder.sent", campaign, {"units": len(slots), "waits_for": step.value})
    words = OwnWords(rule.words, campaign.lead_unit.name) if rule.words else NO_WORDS
    reminders = [
        Reminder(node=slot.node, phase=slot.phase, day=today, waits_for=step, words=words.text)
        for slot in slots
    ]
    Reminder.objects.bulk_create(reminders, ignore_conflicts=True)
    heads = rule.audience == ReminderAudience.HEADS
    tell_of_reminder([slot.node for slot in slots], by=None)
    queue(mail for slot in slots for mail in _reminder_of(slot, step, words, heads=heads))
    return len(slots)


def _reminder_of(
    slot: ExpectedReport, step: PendingStep, words: OwnWords, *, heads: bool
) -> list[FollowupMail]:
    """Return the mail: at once to heads, within a day of the deadline and past it; else the digest
    tells."""
    can_wait = not heads and slot.due_at - timezone.now() > AT_ONCE_WITHIN
    return reminder(slot.node, step, slot, words, heads=heads, can_wait=can_wait)


def _audit(action: str, campaign: Campaign, detail: dict[str, object]) -> None:
    record(
        action,
        actor=None,
        kind="campaign",
        object_id=campaign.pk,
        unit_path=campaign.lead_unit.path,
        detail=detail,
    )


# Which units are silent: what each was asked for and has not answered, and since when.


OWED = {
    PendingStep.REPORTED.value: Q(reported_at__isnull=True) & ~Q(state=ExpectedReportState.EXCUSED),
    PendingStep.SIGNED.value: Q(state=ExpectedReportState.ACCEPTED, signed_at__isnull=True),
}
"""Of which expected reports the unit owes a step; what was accepted waits for its signature."""


def silent_of(
    nodes: QuerySet[CampaignNode],
    waits_for: str,
    days: int,
    phase: Phase | None,
    now: datetime | None = None,
) -> QuerySet[CampaignNode]:
    """Return those of `nodes` that have owed `waits_for` for more than `days` days.

    Nobody is silent who was not told, and nobody owes a step before the one below it.
    """
    moment = timezone.now() if now is None else now
    since = moment - timedelta(days=days)
    standing = nodes.filter(state__in=COUNTED)
    if waits_for == PendingStep.RECEIVED:
        return standing.filter(received_at__isnull=True, told_at__lte=since)
    if waits_for == PendingStep.DEPLOYED:
        return standing.filter(deployed_at__isnull=True, received_at__lte=since)
    if waits_for == PendingStep.LOOKED:
        return standing.filter(has_not_looked(), told_at__lte=since)
    owed = ExpectedReport.objects.filter(OWED[waits_for], node=OuterRef("pk"), phase=phase)
    if waits_for == PendingStep.SIGNED:
        return standing.filter(Exists(owed.filter(reported_at__lte=since)))
    if phase is None or phase.opens_at > since:
        return standing.none()
    return standing.filter(Exists(owed), told_at__lte=since)


def overdue(
    campaign: Campaign, waits_for: str, days: int, now: datetime
) -> QuerySet[ExpectedReport]:
    """Return the reports, of whatever phase, for which `waits_for` is owed `days` days after both
    the deadline and what came before it."""
    since = now - timedelta(days=days)
    rows = ExpectedReport.objects.filter(
        OWED[waits_for],
        phase__campaign=campaign,
        due_at__lte=since,
        node__state__in=COUNTED,
        node__told_at__lte=since,
    )
    return rows.filter(reported_at__lte=since) if waits_for == PendingStep.SIGNED else rows


def still_silent(now: datetime) -> Q:
    """Return which rows of `Silence` hold still: what was owed has not come, nor has its deadline
    been moved."""
    slots = ExpectedReport.objects.filter(
        node=OuterRef("node"), phase=OuterRef("phase"), due_at__lte=now
    )
    return (
        Q(waits_for=PendingStep.RECEIVED, node__received_at__isnull=True)
        | Q(
            waits_for=PendingStep.DEPLOYED,
            node__deployed_at__isnull=True,
            node__received_at__isnull=False,
        )
        | Q(Exists(slots.filter(OWED[PendingStep.REPORTED])), waits_for=PendingStep.REPORTED)
        | Q(Exists(slots.filter(OWED[PendingStep.SIGNED])), waits_for=PendingStep.SIGNED)
    )


DEPLOYING_TAKES = 2
"""To deploy takes longer than to answer: so many times the days of silence."""


def escalate_all(work: RunningJob) -> None:
    """Look for silent units in every running campaign; a periodic job."""
    for campaign in _reminded_campaigns():
        work.renew()
        escalate(campaign)


def escalate(campaign: Campaign) -> int:
    """Return how many silent units were told to the offices above them; doing it again tells none.

    Cost: a few queries a campaign and two an office that is told.
    """
    with transaction.atomic():
        # One at a time, so that two workers never tell the same.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        fresh = [
            *_fresh(campaign, PendingStep.RECEIVED, 1),
            *_fresh(campaign, PendingStep.DEPLOYED, DEPLOYING_TAKES),
            *_fresh_of_reports(campaign, PendingStep.REPORTED),
            *_fresh_of_reports(campaign, PendingStep.SIGNED),
        ]
        if not fresh:
            return 0
        _audit("silence.told", campaign, {"units": len(fresh)})
        Silence.objects.bulk_create(fresh, batch_size=2000)
        by_parent: defaultdict[int, list[Silence]] = defaultdict(list)
        for owed in fresh:
            by_parent[owed.node.parent_id or 0].append(owed)
        parents = CampaignNode.objects.select_related("campaign", "unit").in_bulk(list(by_parent))
        for pk, rows in by_parent.items():
            if pk:
                tell_of_silence(parents[pk], rows)
    return len(fresh)


def _fresh(campaign: Campaign, waits_for: PendingStep, times: int) -> list[Silence]:
    """Return the silences not yet reported of units that owe `waits_for`."""
    nodes = CampaignNode.objects.filter(campaign=campaign, parent__isnull=False)
    told = Silence.objects.filter(node__campaign=campaign, waits_for=waits_for)
    days = campaign.silent_days * times
    silent = silent_of(nodes, waits_for, days, None).exclude(pk__in=told.values("node_id"))
    step = "told_at" if waits_for == PendingStep.RECEIVED else "received_at"
    return [
        Silence(node=node, waits_for=waits_for, since=getattr(node, step))
        for node in silent.select_related("unit").order_by("path")
    ]


def _fresh_of_reports(campaign: Campaign, waits_for: PendingStep) -> list[Silence]:
    """Return what has not been told yet of reports that are missing, or wait for a signature.

    The days count from the deadline, or from the report where that came later.
    """
    known = Silence.objects.filter(node__campaign=campaign, waits_for=waits_for)
    known_pairs = set(known.values_list("node_id", "phase_id"))
    slots = overdue(campaign, waits_for, campaign.silent_days, timezone.now())
    rows = slots.filter(node__parent__isnull=False).select_related("node__unit", "phase")
    return [
        Silence(
            node=slot.node,
            phase=slot.phase,
            waits_for=waits_for,
            since=max(slot.due_at, slot.reported_at or slot.due_at),
        )
        for slot in rows.order_by("phase__no", "node__path")
        if (slot.node_id, slot.phase_id) not in known_pairs
    ]
