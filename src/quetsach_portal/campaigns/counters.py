"""Counters of a node and of all nodes above it, moved in the transaction of the act."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from django.db.models import F, QuerySet
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    CampaignNode,
    NodeCounter,
    Phase,
    ReportCounter,
    ReportCounterDay,
)
from quetsach_portal.campaigns.tree.waiting import history
from quetsach_portal.units.dated import ids_on

SLOT_FIGURES = ("expected", "excused", "reported", "on_time", "nil", "signed")


def above_and_self(node: CampaignNode) -> list[int]:
    """Return the ids of `node` and of all nodes above it, the root first."""
    return ids_on(node.path)


def above_in_phase(node: CampaignNode, phase_id: int) -> list[int]:
    """Return the ids of `node` and of all nodes above it as they were in a phase.

    Cost: one query, some more for a node that has moved since.
    """
    moves = history(node.campaign)
    if not moves:
        return above_and_self(node)
    no = Phase.objects.get(pk=phase_id).no
    olds = {moved: old for since, moved, old in moves if since is None or no < since}
    ids: list[int] = []
    rest = above_and_self(node)
    while rest:
        current = rest.pop()
        ids.append(current)
        if current in olds:
            parent_id = olds[current]
            rest = [] if parent_id is None else _above_and_self_of(parent_id)
    return ids[::-1]


def _above_and_self_of(node_id: int) -> list[int]:
    node = CampaignNode.objects.filter(pk=node_id).first()
    return [] if node is None else above_and_self(node)


def add(node: CampaignNode, **by: int) -> None:
    """Add to fields of NodeCounter, such as `told=1`, in `node` and all nodes above it.

    Cost: one UPDATE of as many rows as the tree is deep. Call it after `audit.record`, whose lock
    keeps two acts from waiting for each other.
    """
    if moved := {name: number for name, number in by.items() if number}:
        _move(NodeCounter.objects.filter(node_id__in=above_and_self(node)), moved)


def add_slot(node: CampaignNode, phase_id: int, **by: int) -> None:
    """Add to fields of ReportCounter for one phase, in `node` and above it; keep today's values.

    The nodes above are those of that phase: a late report of a node that has since moved is counted
    where its phase is counted. Cost: six statements over as many rows as the tree is deep.
    """
    moved = {name: number for name, number in by.items() if number}
    if not moved:
        return
    rows = ReportCounter.objects.filter(
        node_id__in=above_in_phase(node, phase_id), phase_id=phase_id
    )
    snapshot_at_freeze(rows)
    _move(rows, moved)
    snapshot_today(rows)


def snapshot_at_freeze(rows: QuerySet[ReportCounter]) -> None:
    """Store the counters at the freeze, where nothing has changed since."""
    before = list(rows.select_related("node__campaign"))
    known = ReportCounterDay.objects.filter(
        node_id__in=[one.node_id for one in before], phase_id__in={one.phase_id for one in before}
    )
    moved = frozenset(known.values_list("node_id", flat=True))
    ReportCounterDay.objects.bulk_create(
        [
            ReportCounterDay(
                day=one.node.campaign.frozen_on or timezone.localdate(), **_figures(one)
            )
            for one in before
            if one.node_id not in moved
        ],
        ignore_conflicts=True,
    )


def snapshot_today(rows: QuerySet[ReportCounter]) -> None:
    """Store today's counters, replacing those stored earlier today."""
    ReportCounterDay.objects.bulk_create(
        [ReportCounterDay(day=timezone.localdate(), **_figures(one)) for one in rows],
        update_conflicts=True,
        unique_fields=["node", "phase", "day"],
        update_fields=SLOT_FIGURES,
    )


def _figures(tally: ReportCounter) -> dict[str, int]:
    named = {name: getattr(tally, name) for name in SLOT_FIGURES}
    return {"node_id": tally.node_id, "phase_id": tally.phase_id, **named}


def _move(rows: QuerySet[NodeCounter] | QuerySet[ReportCounter], by: Mapping[str, int]) -> None:
    rows.update(**{name: F(name) + number for name, number in by.items()})


Step: TypeAlias = Literal["told", "received", "deployed"]


def reach(node: CampaignNode, step: Step, at: datetime) -> bool:
    """Mark `node` as having reached `step`; False when it had, or is replaced by another.

    The caller holds the transaction and has written the trail.
    """
    first = CampaignNode.objects.filter(
        pk=node.pk, state__in=COUNTED, **{f"{step}_at__isnull": True}
    )
    if not first.update(**{f"{step}_at": at}):
        return False
    add(node, **{step: 1})
    return True


def undo(node: CampaignNode, step: Step) -> bool:
    """Mark `node` as not having reached `step` after all; False when it had not.

    The caller holds the transaction and has written the trail.
    """
    nodes = CampaignNode.objects.filter(
        pk=node.pk, state__in=COUNTED, **{f"{step}_at__isnull": False}
    )
    if not nodes.update(**{f"{step}_at": None}):
        return False
    add(node, **{step: -1})
    return True


def reach_many(nodes: Iterable[CampaignNode], step: Step, at: datetime) -> int:
    """Mark all `nodes` that have not reached `step`; return how many those were.

    Cost: a few statements for each thousand nodes, and one for each node above them.
    """
    node_ids = [node.pk for node in nodes]
    by_node: Counter[int] = Counter()
    marked = 0
    for start in range(0, len(node_ids), 900):
        some = CampaignNode.objects.filter(
            pk__in=node_ids[start : start + 900], state__in=COUNTED, **{f"{step}_at__isnull": True}
        )
        fresh = list(some.select_for_update().only("pk", "path"))
        CampaignNode.objects.filter(pk__in=[one.pk for one in fresh]).update(**{f"{step}_at": at})
        marked += len(fresh)
        for node in fresh:
            by_node.update(above_and_self(node))
    by_amount: dict[int, list[int]] = {}
    for node_id, amount in by_node.items():
        by_amount.setdefault(amount, []).append(node_id)
    for amount, ids in by_amount.items():
        for start in range(0, len(ids), 900):
            rows = NodeCounter.objects.filter(node_id__in=ids[start : start + 900])
            rows.update(**{step: F(step) + amount})
    return marked
