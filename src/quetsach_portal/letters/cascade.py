"""Which levels passed the campaign on, and how many days each took; one level a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, Max, QuerySet

from quetsach_portal.campaigns.models import COUNTED, CampaignNode
from quetsach_portal.campaigns.tallies import above_and_self
from quetsach_portal.letters.access import OUT
from quetsach_portal.letters.models import Letter
from quetsach_portal.rights.scope import below


@dataclass(frozen=True)
class Link:
    """A unit in the chain from the root, and its own first letter if it passed the campaign on."""

    node: CampaignNode
    letter: Letter | None


@dataclass(frozen=True)
class Level:
    """The letters of one depth of the tree: how many units wrote, and how long they took."""

    depth: int
    units: int
    mean_days: float | None
    most_days: int | None


def chain_to(node: CampaignNode) -> list[Link]:
    """Return the units from the root down to `node` with their letters. Cost: two queries."""
    ids = above_and_self(node)
    nodes = CampaignNode.objects.filter(pk__in=ids).order_by("depth")
    letters = first_letters(ids)
    return [Link(one, letters.get(one.pk)) for one in nodes]


def children_of(node: CampaignNode) -> QuerySet[CampaignNode]:
    """Return the units directly below, with their counters, by name."""
    return (
        CampaignNode.objects.filter(parent=node, state__in=COUNTED)
        .select_related("tally")
        .order_by("name_at_freeze", "pk")
    )


def links_of(nodes: Sequence[CampaignNode]) -> list[Link]:
    """Return `nodes` with their letters. Cost: one query."""
    letters = first_letters([one.pk for one in nodes])
    return [Link(one, letters.get(one.pk)) for one in nodes]


def first_letters(node_ids: Sequence[int]) -> dict[int, Letter]:
    """Return the first released letter of each of these units that has one."""
    found: dict[int, Letter] = {}
    rows = Letter.objects.filter(node_id__in=node_ids, state__in=OUT, is_outside=False)
    for letter in rows.select_related("based_on").order_by("released_at", "pk"):
        found.setdefault(letter.node_id, letter)
    return found


def levels_below(node: CampaignNode) -> list[Level]:
    """Return, for each depth from `node` down, how many units wrote and how many days it took.

    Cost: one query over the letters of the subtree, of which there are few: a leaf writes none.
    """
    rows = (
        Letter.objects.filter(below(node.path, "node__"), campaign_id=node.campaign_id)
        .filter(state__in=OUT, is_outside=False)
        .values("node__depth")
        .annotate(
            units=Count("node", distinct=True),
            mean=Avg("passed_on_days"),
            most=Max("passed_on_days"),
        )
        .order_by("node__depth")
    )
    return [Level(row["node__depth"], row["units"], row["mean"], row["most"]) for row in rows]
