"""Move the counters of a node and of all above it, in the act's own transaction."""

from collections.abc import Mapping

from django.db.models import F, QuerySet

from quetsach_portal.campaigns.models import CampaignNode, NodeTally, SlotTally


def above_and_self(node: CampaignNode) -> list[int]:
    """Return the ids of `node` and of all nodes above it, the root first."""
    return [int(one) for one in node.path.strip("/").split("/")]


def add(node: CampaignNode, **by: int) -> None:
    """Add to counters of NodeTally, `told=1` and the like, in `node` and above it.

    Cost: one UPDATE of as many rows as the tree is deep. Call it after `audit.record`, whose lock
    keeps two acts from waiting for each other.
    """
    _move(NodeTally.objects.filter(node_id__in=above_and_self(node)), by)


def add_slot(node: CampaignNode, phase_id: int, **by: int) -> None:
    """Add to counters of SlotTally for one phase, in `node` and above it."""
    rows = SlotTally.objects.filter(node_id__in=above_and_self(node), phase_id=phase_id)
    _move(rows, by)


def _move(rows: QuerySet[NodeTally] | QuerySet[SlotTally], by: Mapping[str, int]) -> None:
    rows.update(**{name: F(name) + number for name, number in by.items()})
