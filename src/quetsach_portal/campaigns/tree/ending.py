"""Nodes that nothing continues: they leave the counters, their open reports are excused."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import (
    CampaignNode,
    NodeState,
    Phase,
    Slot,
    SlotState,
)
from quetsach_portal.campaigns.tree.figures import COUNTED, UNFINISHED, own_figures, slot_figures
from quetsach_portal.campaigns.tree.shifts import Shifts, pieces
from quetsach_portal.units.models import OrgEvent


def close_nodes(
    nodes: Sequence[CampaignNode],
    slots: Iterable[tuple[CampaignNode, Slot]],
    event: OrgEvent,
    shifts: Shifts,
) -> list[list[object]]:
    """End `nodes` and excuse those of `slots` in which nothing came in.

    Shapes: what comes back are the excused slots by id, each with the state it had. What came in
    stays as it is and in the counters; `shifts` is the caller's to write.
    """
    for node in nodes:
        shifts.add(node.path, own_figures(node), -1)
        node.state, node.from_event = NodeState.CLOSED, event.pk
    changed: list[Slot] = []
    before: list[list[object]] = []
    told = _("Dissolved (%(document)s)") % {"document": event.legal_doc}
    for node, slot in slots:
        if slot.state not in UNFINISHED:
            continue
        before.append([slot.pk, slot.state])
        shifts.add_slot(node.path, slot.phase_id, slot_figures(slot), -1)
        slot.state, slot.excuse_reason = SlotState.EXCUSED, told[:255]
        shifts.add_slot(node.path, slot.phase_id, slot_figures(slot))
        changed.append(slot)
    CampaignNode.objects.bulk_update(nodes, ["state", "from_event"], batch_size=200)
    Slot.objects.bulk_update(changed, ["state", "excuse_reason"], batch_size=200)
    return before


def close_from(nodes: Iterable[CampaignNode], phases: Sequence[Phase], event: OrgEvent) -> None:
    """End `nodes` from the first of `phases` on; earlier phases keep their expected reports."""
    ended = [node for node in nodes if node.state in COUNTED]
    by_id = {node.pk: node for node in ended}
    shifts = Shifts()
    slots: list[tuple[CampaignNode, Slot]] = []
    for some in pieces(list(by_id)):
        found = Slot.objects.filter(node_id__in=some, phase__in=phases).select_for_update()
        slots += [(by_id[slot.node_id], slot) for slot in found]
    close_nodes(ended, slots, event, shifts)
    shifts.write()
