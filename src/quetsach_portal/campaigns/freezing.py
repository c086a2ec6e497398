"""The campaign's own tree: nodes, counters and expected reports, written in bulk."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeAlias, TypeVar

from django.db.models import CharField, F, Model, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from quetsach_portal.campaigns.deadlines import due_at_depth
from quetsach_portal.campaigns.models import (
    Campaign,
    CampaignNode,
    NodeTally,
    Phase,
    Slot,
    SlotTally,
    SlotTallyDay,
)
from quetsach_portal.campaigns.register import Planned

AnyModel = TypeVar("AnyModel", bound=Model)
Told: TypeAlias = Callable[[int, int], None]

CHUNK = 4000


def write_tree(campaign: Campaign, planned: Sequence[Planned], told: Told) -> int:
    """Write the nodes of `campaign` with their counters; return how many there are.

    The caller holds the transaction, and there are no nodes yet. `told` hears how far it is.
    Cost: one INSERT for each few thousand rows and one UPDATE a level; no row is read twice.
    """
    by_unit: dict[int, CampaignNode] = {}
    for level in _levels(planned):
        made = _write_level(campaign, level, by_unit)
        by_unit.update((node.unit_id, node) for node in made)
        told(len(by_unit), len(planned))
    nodes = list(by_unit.values())
    totals = _summed(nodes, lambda node: (1, node.staff))
    _insert(
        NodeTally,
        (NodeTally(node=one, units=units, staff=staff) for one, (units, staff) in totals),
    )
    return len(nodes)


def write_slots(phase: Phase, told: Told = lambda _done, _all: None) -> int:
    """Write the expected reports of `phase` for all nodes, and their counters; return how many."""
    nodes = list(CampaignNode.objects.filter(campaign=phase.campaign).order_by("depth", "pk"))
    due: dict[int, datetime] = {}
    for depth in {node.depth for node in nodes}:
        due[depth] = due_at_depth(
            phase.due_at, phase.level_lead_days, depth, working_days=phase.working_days
        )
    _insert(Slot, (Slot(phase=phase, node=one, due_at=due[one.depth]) for one in nodes))
    told(1, 2)
    totals = _summed(nodes, lambda _node: (1,))
    _insert(
        SlotTally,
        (SlotTally(node=one, phase=phase, expected=expected) for one, (expected,) in totals),
    )
    told(2, 2)
    return len(nodes)


def remove_slots(phase: Phase) -> None:
    """Take the expected reports of `phase` away; only before the start."""
    SlotTallyDay.objects.filter(phase=phase).delete()
    SlotTally.objects.filter(phase=phase).delete()
    Slot.objects.filter(phase=phase).delete()


def remove_tree(campaign: Campaign) -> None:
    """Take the nodes of `campaign` away with all that hangs on them; only before the start."""
    for phase in campaign.phases.all():
        remove_slots(phase)
    deepest = CampaignNode.objects.filter(campaign=campaign).order_by("-depth").first()
    if deepest is None:
        return
    NodeTally.objects.filter(node__campaign=campaign).delete()
    for depth in range(deepest.depth, -1, -1):
        CampaignNode.objects.filter(campaign=campaign, depth=depth).delete()


def _write_level(
    campaign: Campaign, level: Sequence[Planned], by_unit: dict[int, CampaignNode]
) -> list[CampaignNode]:
    made = [
        CampaignNode(
            campaign=campaign,
            unit_id=one.unit_id,
            parent=None if one.parent_id is None else by_unit[one.parent_id],
            path="",
            depth=one.depth,
            name_at_freeze=one.name,
            staff=one.staff,
        )
        for one in level
    ]
    CampaignNode.objects.bulk_create(made, batch_size=CHUNK)
    depth = level[0].depth
    above = CampaignNode.objects.filter(pk=OuterRef("parent_id")).values("path")[:1]
    own = Cast(F("pk"), CharField())
    begin = Value("/") if depth == 0 else Subquery(above)
    CampaignNode.objects.filter(campaign=campaign, depth=depth).update(
        path=Concat(begin, own, Value("/"), output_field=CharField())
    )
    for node in made:
        node.path = f"{'/' if node.parent is None else node.parent.path}{node.pk}/"
    return made


def _levels(planned: Sequence[Planned]) -> Iterator[list[Planned]]:
    level: list[Planned] = []
    for one in planned:
        if level and level[0].depth != one.depth:
            yield level
            level = []
        level.append(one)
    if level:
        yield level


def _summed(
    nodes: Sequence[CampaignNode], own: Callable[[CampaignNode], tuple[int, ...]]
) -> list[tuple[CampaignNode, list[int]]]:
    """Return each node with the sums of `own` over its subtree; `nodes` go down level by level."""
    sums = {node.pk: list(own(node)) for node in nodes}
    for node in reversed(nodes):
        if node.parent_id is not None:
            above = sums[node.parent_id]
            for place, number in enumerate(sums[node.pk]):
                above[place] += number
    return [(node, sums[node.pk]) for node in nodes]


def _insert(model: type[AnyModel], rows: Iterable[AnyModel]) -> None:
    waiting = iter(rows)
    while some := list(islice(waiting, CHUNK)):
        model._default_manager.bulk_create(some)
