"""Tell the office above of units that stay silent: once a unit and step, one mail a day."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models import Campaign, CampaignNode, CampaignState
from quetsach_portal.followup.mails import queue, silence
from quetsach_portal.followup.models import Silence, Waits
from quetsach_portal.followup.silent import overdue, silent_of
from quetsach_portal.jobs.work import Work

DEPLOYING_TAKES = 2
"""To deploy takes longer than to answer: so many times the days of silence."""


def run(work: Work) -> None:
    """Look for silent units in every running campaign; a periodic job."""
    running = Campaign.objects.filter(state=CampaignState.LIVE).select_related("lead_unit")
    for campaign in running:
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
            *_fresh(campaign, Waits.RECEIVED, 1),
            *_fresh(campaign, Waits.DEPLOYED, DEPLOYING_TAKES),
            *_fresh_of_reports(campaign, Waits.REPORTED),
            *_fresh_of_reports(campaign, Waits.SIGNED),
        ]
        if not fresh:
            return 0
        record(
            "silence.told",
            actor=None,
            kind="campaign",
            object_id=campaign.pk,
            unit_path=campaign.lead_unit.path,
            detail={"units": len(fresh)},
        )
        Silence.objects.bulk_create(fresh, batch_size=2000)
        by_parent: defaultdict[int, list[Silence]] = defaultdict(list)
        for one in fresh:
            by_parent[one.node.parent_id or 0].append(one)
        parents = CampaignNode.objects.select_related("campaign", "unit").in_bulk(list(by_parent))
        mails = [
            mail for pk, rows in by_parent.items() if pk for mail in silence(parents[pk], rows)
        ]
        queue(mails, key=f"silence:{campaign.pk}:{timezone.localdate().isoformat()}")
    return len(fresh)


def _fresh(campaign: Campaign, waits_for: Waits, times: int) -> list[Silence]:
    """Return what has not been told yet of those who owe `waits_for`."""
    nodes = CampaignNode.objects.filter(campaign=campaign, parent__isnull=False)
    told = Silence.objects.filter(node__campaign=campaign, waits_for=waits_for)
    days = campaign.silent_days * times
    silent = silent_of(nodes, waits_for, days, None).exclude(pk__in=told.values("node_id"))
    step = "told_at" if waits_for == Waits.RECEIVED else "received_at"
    return [
        Silence(node=one, waits_for=waits_for, since=getattr(one, step))
        for one in silent.select_related("unit").order_by("path")
    ]


def _fresh_of_reports(campaign: Campaign, waits_for: Waits) -> list[Silence]:
    """Return what has not been told yet of reports that are missing, or wait for a signature.

    The days count from the deadline, or from the report where that came later.
    """
    told = set(
        Silence.objects.filter(node__campaign=campaign, waits_for=waits_for).values_list(
            "node_id", "phase_id"
        )
    )
    slots = overdue(campaign, waits_for, campaign.silent_days, timezone.now())
    rows = slots.filter(node__parent__isnull=False).select_related("node__unit", "phase")
    return [
        Silence(
            node=one.node,
            phase=one.phase,
            waits_for=waits_for,
            since=max(one.due_at, one.reported_at or one.due_at),
        )
        for one in rows.order_by("phase__no", "node__path")
        if (one.node_id, one.phase_id) not in told
    ]
