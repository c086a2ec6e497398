"""Which units are silent: what each was asked for and has not answered, and since when."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from quetsach_portal.campaigns.models import COUNTED, CampaignNode, Phase, Slot, SlotState
from quetsach_portal.followup.models import Waits


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
    if phase is None or phase.opens_at > since:
        return standing.none()
    owed = Slot.objects.filter(
        ~Q(state=SlotState.EXCUSED), node=OuterRef("pk"), phase=phase, reported_at__isnull=True
    )
    return standing.filter(Exists(owed), told_at__lte=since)


def waits_for_of(node: CampaignNode, slot: Slot | None) -> str:
    """Return the first step that `node` owes, "" when it owes none."""
    if node.received_at is None:
        return Waits.RECEIVED.value
    if node.deployed_at is None:
        return Waits.DEPLOYED.value
    owes = slot is not None and slot.reported_at is None and slot.state != SlotState.EXCUSED
    return Waits.REPORTED.value if owes else ""
