"""Takes the abolition of a level back, as long as no later phase has counted on it."""

from typing import Any

from django.utils import timezone

from quetsach_portal.campaigns.models import (
    Campaign,
    CampaignNode,
    NodeState,
    Phase,
    Slot,
    SlotState,
)
from quetsach_portal.campaigns.tree.change import open_phases
from quetsach_portal.campaigns.tree.figures import own_figures, slot_figures
from quetsach_portal.campaigns.tree.moves import move_nodes
from quetsach_portal.campaigns.tree.shifts import Shifts, pieces
from quetsach_portal.campaigns.tree.waiting import WaitingChange
from quetsach_portal.rights.models import Assignment
from quetsach_portal.units.models import EventKind, EventState, OrgEdge, OrgEvent, OrgUnit
from quetsach_portal.units.paths import hang


def may_be_reversed(event: OrgEvent) -> bool:
    """True for the abolition of a level after which no phase has opened anywhere it counts."""
    if event.kind != EventKind.ABOLISH or event.state != EventState.APPLIED:
        return False
    if event.decided_at is None or _has_later(event):
        return False
    campaigns = _campaigns(event)
    opened = Phase.objects.filter(
        campaign_id__in=campaigns, opens_at__gt=event.decided_at, opens_at__lte=timezone.now()
    )
    return not opened.exists()


def take_back(event: OrgEvent) -> None:
    """Put register, campaigns and roles back; the caller holds the transaction."""
    now = timezone.now()
    WaitingChange.objects.filter(event=event).update(cancelled_at=now)
    for campaign_id, undo in event.undo.get("campaigns", {}).items():
        _campaign_back(Campaign.objects.get(pk=int(campaign_id)), undo)
    _register_back(event)


def _campaigns(event: OrgEvent) -> set[int]:
    named = {int(one) for one in event.undo.get("campaigns", {})}
    waiting = WaitingChange.objects.filter(event=event).values_list("node__campaign_id", flat=True)
    return named | set(waiting)


def _has_later(event: OrgEvent) -> bool:
    """Return whether another event has changed units of this one since."""
    units = [unit for unit, _old, _new in event.undo.get("register", {}).get("moved", [])]
    later = OrgEvent.objects.filter(
        state=EventState.APPLIED, decided_at__gt=event.decided_at, units__unit_id__in=units[:20_000]
    )
    return later.exclude(pk=event.pk).exists()


def _register_back(event: OrgEvent) -> None:
    undo, day = event.undo["register"], event.effective_on
    closed: list[int] = undo["closed"]
    OrgUnit.objects.filter(pk__in=closed).update(closed_on=None)
    OrgEdge.objects.filter(child_id__in=closed, valid_to=day).update(valid_to=None)
    Assignment.objects.filter(unit_id__in=closed, valid_to__gt=day, valid_from__lte=day).update(
        valid_to=None
    )
    moved: list[list[int]] = undo["moved"]
    for some in pieces([unit for unit, _old, _new in moved]):
        OrgEdge.objects.filter(child_id__in=some, valid_from=day, valid_to__isnull=True).delete()
        OrgEdge.objects.filter(child_id__in=some, valid_to=day).update(valid_to=None)
    parents = OrgUnit.objects.in_bulk({old for _unit, old, _new in moved})
    for unit_id, old, _new in moved:
        hang(OrgUnit.objects.get(pk=unit_id), parents[old])


def _campaign_back(campaign: Campaign, undo: dict[str, Any]) -> None:
    phases = open_phases(campaign, timezone.now())
    shifts = Shifts()
    nodes = list(CampaignNode.objects.filter(pk__in=undo.get("closed", [])))
    for node in nodes:
        node.state = NodeState.ACTIVE
        shifts.add(node.path, own_figures(node))
    CampaignNode.objects.bulk_update(nodes, ["state"], batch_size=200)
    states = dict(undo.get("slots", []))
    slots = list(Slot.objects.filter(pk__in=list(states)).select_related("node"))
    for slot in slots:
        shifts.add_slot(slot.node.path, slot.phase_id, slot_figures(slot), -1)
        slot.state, slot.excuse_reason = SlotState(states[slot.pk]), ""
        shifts.add_slot(slot.node.path, slot.phase_id, slot_figures(slot))
    Slot.objects.bulk_update(slots, ["state", "excuse_reason"], batch_size=200)
    shifts.write()
    moved = [(node, old) for node, old, _new in undo.get("moved", []) if old is not None]
    found = CampaignNode.objects.in_bulk([one for pair in moved for one in pair])
    move_nodes([(found[node], found[old]) for node, old in moved], phases, None)
    Campaign.objects.filter(pk=campaign.pk).update(tree_rev=campaign.tree_rev + 1)
