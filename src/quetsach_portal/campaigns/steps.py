"""The first three steps of the ladder: told, received, deployed; each is reached once."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeAlias

from django.db.models import F

from quetsach_portal.campaigns.models import COUNTED, CampaignNode, NodeTally
from quetsach_portal.campaigns.tallies import above_and_self, add

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
    held = CampaignNode.objects.filter(
        pk=node.pk, state__in=COUNTED, **{f"{step}_at__isnull": False}
    )
    if not held.update(**{f"{step}_at": None}):
        return False
    add(node, **{step: -1})
    return True


def reach_many(nodes: Iterable[CampaignNode], step: Step, at: datetime) -> int:
    """Mark all `nodes` that have not reached `step`; return how many those were.

    Cost: a few statements for each thousand nodes, and one a node above them.
    """
    wanted = [node.pk for node in nodes]
    by_node: Counter[int] = Counter()
    marked = 0
    for start in range(0, len(wanted), 900):
        some = CampaignNode.objects.filter(
            pk__in=wanted[start : start + 900],
            state__in=COUNTED,
            **{f"{step}_at__isnull": True},
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
            rows = NodeTally.objects.filter(node_id__in=ids[start : start + 900])
            rows.update(**{step: F(step) + amount})
    return marked
