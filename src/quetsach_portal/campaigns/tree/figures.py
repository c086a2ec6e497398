"""What one node, and one expected report, adds to the counters of all above it."""

from quetsach_portal.campaigns.models import COUNTED, CampaignNode, Slot, SlotState

__all__ = ["COUNTED", "UNFINISHED", "own_figures", "slot_figures"]

UNFINISHED = frozenset({SlotState.OPEN, SlotState.DRAFT, SlotState.RETURNED})


def own_figures(node: CampaignNode) -> dict[str, int]:
    """Return what `node` itself adds while it is counted."""
    return {
        "units": 1,
        "staff": node.staff,
        "told": int(node.told_at is not None),
        "received": int(node.received_at is not None),
        "deployed": int(node.deployed_at is not None),
    }


def slot_figures(slot: Slot) -> dict[str, int]:
    """Return what `slot` adds; one that is excused adds nothing but that."""
    if slot.state == SlotState.EXCUSED:
        return {"excused": 1}
    came = slot.reported_at is not None
    return {
        "expected": 1,
        "reported": int(came),
        "on_time": int(slot.is_on_time),
        "nil": int(came and slot.is_nil),
        "signed": int(slot.signed_at is not None),
    }
