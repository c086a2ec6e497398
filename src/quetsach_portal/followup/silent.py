"""Which units are silent: what each was asked for and has not answered, and since when."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from quetsach_portal.campaigns.models import (
    COUNTED,
    Campaign,
    CampaignNode,
    Phase,
    Slot,
    SlotState,
)
from quetsach_portal.followup.models import Waits

OWED = {
    Waits.REPORTED.value: Q(reported_at__isnull=True) & ~Q(state=SlotState.EXCUSED),
    Waits.SIGNED.value: Q(state=SlotState.ACCEPTED, signed_at__isnull=True),
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
    if waits_for == Waits.RECEIVED:
        return standing.filter(received_at__isnull=True, told_at__lte=since)
    if waits_for == Waits.DEPLOYED:
        return standing.filter(deployed_at__isnull=True, received_at__lte=since)
    owed = Slot.objects.filter(OWED[waits_for], node=OuterRef("pk"), phase=phase)
    if waits_for == Waits.SIGNED:
        return standing.filter(Exists(owed.filter(reported_at__lte=since)))
    if phase is None or phase.opens_at > since:
        return standing.none()
    return standing.filter(Exists(owed), told_at__lte=since)


def overdue(campaign: Campaign, waits_for: str, days: int, now: datetime) -> QuerySet[Slot]:
    """Return the reports, of whatever phase, for which `waits_for` is owed `days` days after both
    the deadline and what came before it."""
    since = now - timedelta(days=days)
    rows = Slot.objects.filter(
        OWED[waits_for],
        phase__campaign=campaign,
        due_at__lte=since,
        node__state__in=COUNTED,
        node__told_at__lte=since,
    )
    return rows.filter(reported_at__lte=since) if waits_for == Waits.SIGNED else rows


def still_silent(now: datetime) -> Q:
    """Return which rows of `Silence` hold still: what was owed has not come, nor has its deadline
    been moved."""
    slots = Slot.objects.filter(node=OuterRef("node"), phase=OuterRef("phase"), due_at__lte=now)
    return (
        Q(waits_for=Waits.RECEIVED, node__received_at__isnull=True)
        | Q(
            waits_for=Waits.DEPLOYED,
            node__deployed_at__isnull=True,
            node__received_at__isnull=False,
        )
        | Q(Exists(slots.filter(OWED[Waits.REPORTED])), waits_for=Waits.REPORTED)
        | Q(Exists(slots.filter(OWED[Waits.SIGNED])), waits_for=Waits.SIGNED)
    )
