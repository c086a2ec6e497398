"""Carry what units counted into the counters of the tree; a job, once a minute."""

from collections import defaultdict

from django.db.models import F, Sum

from quetsach_portal.campaigns.models import Campaign, NodeTally
from quetsach_portal.campaigns.tallies import above_and_self
from quetsach_portal.jobs.work import Work
from quetsach_portal.participation import tickets
from quetsach_portal.participation.models import JoinKind, JoinTally

COUNTERS = {
    JoinKind.STAFF: "joined_staff",
    JoinKind.RELATIVE: "joined_relatives",
    JoinKind.PUBLIC: "joined_public",
}


def own_numbers(campaign: Campaign) -> dict[str, dict[int, int]]:
    """Return what each node itself brought into the counters, by their names, for a recount."""
    own: dict[str, dict[int, int]] = {name: {} for name in COUNTERS.values()}
    rows = JoinTally.objects.filter(node__campaign=campaign)
    for kind, node_id, rolled in rows.values_list("kind", "node_id").annotate(Sum("rolled")):
        own[COUNTERS[JoinKind(kind)]][node_id] = rolled
    return own


def run(work: Work) -> None:
    """Add what is new of each unit and day to the unit and all above it, exactly once."""
    with work.finishing():
        tickets.forget_old()
        fresh = JoinTally.objects.select_for_update().filter(joined__gt=F("rolled"))
        by_node: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in fresh.select_related("node").order_by("pk")[:5000]:
            more = row.joined - row.rolled
            JoinTally.objects.filter(pk=row.pk).update(rolled=F("rolled") + more)
            for node_id in above_and_self(row.node):
                by_node[node_id][COUNTERS[JoinKind(row.kind)]] += more
        for node_id in sorted(by_node):
            moved = {name: F(name) + more for name, more in by_node[node_id].items()}
            NodeTally.objects.filter(node_id=node_id).update(**moved)
