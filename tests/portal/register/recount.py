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


def differences(campaign: Campaign, phases: set[int] | None = None) -> list[str]:
    """Return every counter that is not what a count gives, of all phases or of `phases`."""
    nodes = {node.pk: node for node in CampaignNode.objects.filter(campaign=campaign)}
    counted: Counter[tuple[int, int, str]] = Counter()
    for node in nodes.values():
        if node.state in (NodeState.ACTIVE, NodeState.MOVED):
            own = {
                "units": 1,
                "staff": node.staff,
                "told": node.told_at is not None,
                "received": node.received_at is not None,
                "deployed": node.deployed_at is not None,
            }
            for above in _above(node):
                for name, number in own.items():
                    counted[above, 0, name] += number
    for slot in Slot.objects.filter(node__campaign=campaign):
        own = {"excused": 1}
        if slot.state != SlotState.EXCUSED:
            came = slot.reported_at is not None
            own = {
                "expected": 1,
                "reported": came,
                "on_time": came and slot.reported_at < slot.due_at,
                "signed": slot.signed_at is not None,
            }
        for above in _above(nodes[slot.node_id]):
            for name, number in own.items():
                counted[above, slot.phase_id, name] += number
    wrong = []
    for tally in NodeTally.objects.filter(node__campaign=campaign):
        if nodes[tally.node_id].state not in (NodeState.ACTIVE, NodeState.MOVED):
            continue
        for name in ("units", "staff", "told", "received", "deployed"):
            _hold(wrong, (tally.node_id, 0, name), getattr(tally, name), counted)
    for tally in SlotTally.objects.filter(node__campaign=campaign):
        if phases is not None and tally.phase_id not in phases:
            continue
        for name in ("expected", "excused", "reported", "on_time", "signed"):
            key = (tally.node_id, tally.phase_id, name)
            _hold(wrong, key, getattr(tally, name), counted)
    return wrong


def _above(node: CampaignNode) -> list[int]:
    return [int(one) for one in node.path.strip("/").split("/")]


def _hold(wrong: list[str], key: tuple[int, int, str], stored: int, counted: Counter) -> None:
    if stored != counted[key]:
        wrong.append(f"{key}: stored {stored}, counted {counted[key]}")
