"""Which expected reports stand below one in a phase: each node below one parent, never two."""

from collections.abc import Iterable

from quetsach_portal.campaigns.models import CampaignNode, Phase, Slot, SlotState
from quetsach_portal.campaigns.tree.waiting import history

RELATED = ("node__campaign__lead_unit", "node__unit", "phase")


def parent_id_in(node: CampaignNode, phase: Phase) -> int | None:
    """Return the node below which `node` stood in `phase`, None for the root."""
    parent = node.parent_id
    for since, moved, old in _moves(phase):
        if moved == node.pk and (since is None or phase.no < since):
            parent = old
    return parent


def parent_slot(slot: Slot) -> Slot | None:
    """Return the expected report into which that of `slot` goes, None for the root's."""
    parent = parent_id_in(slot.node, slot.phase)
    if parent is None:
        return None
    slots = Slot.objects.filter(phase_id=slot.phase_id, node_id=parent)
    return slots.select_related(*RELATED).first()


def child_slots(slot: Slot) -> list[Slot]:
    """Return the expected reports that go into that of `slot`, by name; excused ones are none.

    Cost: two queries.
    """
    # The latest move stands first, so an earlier one after it tells where the node had stood.
    parents = {
        moved: old
        for since, moved, old in _moves(slot.phase)
        if since is None or slot.phase.no < since
    }
    there = [node for node, parent in parents.items() if parent == slot.node_id]
    gone = [node for node, parent in parents.items() if parent != slot.node_id]
    return [*_slots(slot, node__parent_id=slot.node_id, out=gone), *_slots(slot, node__in=there)]


def _slots(slot: Slot, *, out: Iterable[int] = (), **where: object) -> list[Slot]:
    if where.get("node__in") == []:
        return []
    found = Slot.objects.filter(phase_id=slot.phase_id, **where).exclude(state=SlotState.EXCUSED)
    left = set(out)
    rows = found.select_related("node__unit").order_by("node__name_at_freeze", "pk")
    taken = [one for one in rows if one.node_id not in left]
    if where.get("node__in") is not None:
        taken = [one for one in taken if one.node.parent_id != slot.node_id]
    return taken


def _moves(phase: Phase) -> list[tuple[int | None, int, int | None]]:
    """Return (first phase in the new place, node, old parent) of each move, the latest first."""
    return history(phase.campaign)
