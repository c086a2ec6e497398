"""Nodes hung under another parent, with their counters in the phases that the move is for."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat, Length, Substr

from quetsach_portal.campaigns.models import CampaignNode, NodeTally, Phase, SlotTally
from quetsach_portal.campaigns.tallies import SLOT_FIGURES
from quetsach_portal.campaigns.tree.shifts import NODE_FIGURES, Shifts, pieces

Pair = tuple[CampaignNode, CampaignNode]


def move_nodes(pairs: Sequence[Pair], phases: Sequence[Phase], event_id: int | None) -> None:
    """Hang each node under its new parent, with everything below it.

    The counters of units move with it, and those of `phases`; other phases keep their totals.
    Cost: two statements for each old parent all of whose children go one way, else two a node.
    """
    if not pairs:
        return
    _move_counters(pairs, phases)
    by_parents: dict[tuple[int | None, int], list[Pair]] = defaultdict(list)
    for node, parent in pairs:
        by_parents[node.parent_id, parent.pk].append((node, parent))
    old_ids = [old for old, _new in by_parents if old is not None]
    olds: dict[int, CampaignNode] = {}
    for some in pieces(old_ids):
        olds |= CampaignNode.objects.in_bulk(some)
    for (old_id, _new_id), some_pairs in by_parents.items():
        _hang(None if old_id is None else olds[old_id], some_pairs)
    for some in pieces([node.pk for node, _parent in pairs]):
        CampaignNode.objects.filter(pk__in=some).update(from_event=event_id)


def _hang(old: CampaignNode | None, pairs: Sequence[Pair]) -> None:
    parent = pairs[0][1]
    ids = [node.pk for node, _parent in pairs]
    start = "/" if old is None else old.path
    by = parent.depth - (-1 if old is None else old.depth)
    if old is not None and CampaignNode.objects.filter(parent=old).count() == len(ids):
        places = [_below(old.path) & ~Q(pk=old.pk)]
    else:
        places = [_below(node.path) for node, _parent in pairs]
    rest = Substr("path", Value(len(start) + 1), Length("path"))
    moved = Concat(Value(parent.path), rest, output_field=CharField())
    for place in places:
        CampaignNode.objects.filter(place).update(path=moved, depth=F("depth") + by)
    for some in pieces(ids):
        CampaignNode.objects.filter(pk__in=some).update(parent=parent)
    for node, _parent in pairs:
        node.path = parent.path + node.path[len(start) :]
        node.depth, node.parent = node.depth + by, parent


def _below(path: str) -> Q:
    return Q(path__gte=path, path__lt=f"{path[:-1]}0")


def _move_counters(pairs: Sequence[Pair], phases: Sequence[Phase]) -> None:
    shifts = Shifts()
    nodes = {node.pk: (node, parent) for node, parent in pairs}
    for some in pieces(list(nodes)):
        for tally in NodeTally.objects.filter(node_id__in=some):
            node, parent = nodes[tally.node_id]
            by = {name: getattr(tally, name) for name in NODE_FIGURES}
            _between(shifts, node, parent, by, None)
        for slots in SlotTally.objects.filter(node_id__in=some, phase__in=phases):
            node, parent = nodes[slots.node_id]
            by = {name: getattr(slots, name) for name in SLOT_FIGURES}
            _between(shifts, node, parent, by, slots.phase_id)
    shifts.write()


def _between(
    shifts: Shifts, node: CampaignNode, parent: CampaignNode, by: dict[str, int], phase: int | None
) -> None:
    above = node.path[: -len(f"{node.pk}/")]
    for path, sign in ((above, -1), (parent.path, 1)):
        if len(path) < 2:
            continue
        if phase is None:
            shifts.add(path, by, sign)
        else:
            shifts.add_slot(path, phase, by, sign)
