"""Apply the changes that waited for the next phase, once it has opened; a job each minute."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, Phase
from quetsach_portal.campaigns.tree.moves import move_nodes
from quetsach_portal.campaigns.tree.succession import close_from
from quetsach_portal.campaigns.tree.waiting import WaitingChange, WaitKind
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.units.dated import in_batches
from quetsach_portal.units.models import OrgEvent


def apply_waiting_changes(work: RunningJob) -> None:
    """Apply due changes in every campaign; the job `register.waiting`."""
    waiting = WaitingChange.objects.filter(done_at__isnull=True, cancelled_at__isnull=True)
    for campaign_id in sorted(set(waiting.values_list("node__campaign_id", flat=True))):
        work.renew()
        apply_due(Campaign.objects.get(pk=campaign_id), timezone.now())


def apply_due(campaign: Campaign, now: datetime) -> int:
    """Apply the changes that waited for a phase open by `now`; return their number."""
    with transaction.atomic():
        waiting = list(
            WaitingChange.objects.select_for_update(of=("self",))
            .select_related("event")
            .filter(node__campaign=campaign, done_at__isnull=True, cancelled_at__isnull=True)
            .order_by("pk")
        )
        phases = list(Phase.objects.filter(campaign=campaign).order_by("no"))
        by_phase: dict[int, list[WaitingChange]] = defaultdict(list)
        for change in waiting:
            opened = [one for one in phases if change.made_at < one.opens_at <= now]
            if opened:
                by_phase[opened[0].no].append(change)
        if not by_phase:
            return 0
        record(
            "tree.next_phase",
            actor=None,
            kind="campaign",
            object_id=campaign.pk,
            unit_path=campaign.lead_unit.path,
            detail={"changes": sum(map(len, by_phase.values()))},
        )
        for number, changes in by_phase.items():
            _do(changes, [one for one in phases if one.no >= number], now)
        Campaign.objects.filter(pk=campaign.pk).update(tree_rev=campaign.tree_rev + 1)
    return sum(map(len, by_phase.values()))


def _do(changes: list[WaitingChange], phases: list[Phase], now: datetime) -> None:
    ids = {one.node_id for one in changes} | {one.parent_id for one in changes if one.parent_id}
    nodes: dict[int, CampaignNode] = {}
    for some in in_batches(sorted(ids)):
        nodes |= CampaignNode.objects.in_bulk(some)
    pairs = [
        (nodes[one.node_id], nodes[one.parent_id])
        for one in changes
        if one.kind == WaitKind.MOVE and one.parent_id is not None
    ]
    for change in changes:
        change.old_parent_id = nodes[change.node_id].parent_id
        change.from_phase, change.done_at = phases[0].no, now
    move_nodes(pairs, phases, changes[0].event_id)
    ending: dict[OrgEvent, list[CampaignNode]] = defaultdict(list)
    for change in changes:
        if change.kind == WaitKind.CLOSE:
            ending[change.event].append(nodes[change.node_id])
    for event, ended in ending.items():
        close_from(ended, phases, event)
    WaitingChange.objects.bulk_update(
        changes, ["old_parent", "from_phase", "done_at"], batch_size=200
    )
