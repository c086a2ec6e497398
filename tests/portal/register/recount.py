"""The slow, obvious twin of a campaign's counters: every node and slot counted by its path."""

from collections import Counter

from quetsach_portal.campaigns.models import (
    Campaign,
    CampaignNode,
    NodeState,
    NodeTally,
    Slot,
    SlotState,
    SlotTally,
)

COUNTED = (NodeState.ACTIVE, NodeState.MOVED)


def differences(campaign: Campaign, phases: set[int] | None = None) -> list[str]:
    """Return every counter that is not what a count gives, of all phases or of `phases`."""
    nodes = {node.pk: node for node in CampaignNode.objects.filter(campaign=campaign)}
    counted: Counter[tuple[int, int, str]] = Counter()
    for node in nodes.values():
        _count(counted, node, 0, _of_node(node))
    for slot in Slot.objects.filter(node__campaign=campaign):
        _count(counted, nodes[slot.node_id], slot.phase_id, _of_slot(slot))
    stored: dict[tuple[int, int, str], int] = {}
    for tally in NodeTally.objects.filter(node__campaign=campaign):
        if nodes[tally.node_id].state in COUNTED:
            for name in ("units", "staff", "told", "received", "deployed"):
                stored[tally.node_id, 0, name] = getattr(tally, name)
    for tally in SlotTally.objects.filter(node__campaign=campaign):
        if phases is None or tally.phase_id in phases:
            for name in ("expected", "excused", "reported", "on_time", "signed"):
                stored[tally.node_id, tally.phase_id, name] = getattr(tally, name)
    return [
        f"{key}: stored {number}, counted {counted[key]}"
        for key, number in stored.items()
        if number != counted[key]
    ]


def _of_node(node: CampaignNode) -> dict[str, int]:
    if node.state not in COUNTED:
        return {}
    return {
        "units": 1,
        "staff": node.staff,
        "told": node.told_at is not None,
        "received": node.received_at is not None,
        "deployed": node.deployed_at is not None,
    }


def _of_slot(slot: Slot) -> dict[str, int]:
    if slot.state == SlotState.EXCUSED:
        return {"excused": 1}
    came = slot.reported_at is not None
    return {
        "expected": 1,
        "reported": came,
        "on_time": came and slot.reported_at < slot.due_at,
        "signed": slot.signed_at is not None,
    }


def _count(counted: Counter, node: CampaignNode, phase: int, own: dict[str, int]) -> None:
    for above in node.path.strip("/").split("/"):
        for name, number in own.items():
            counted[int(above), phase, name] += number
