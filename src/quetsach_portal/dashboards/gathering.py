"""The job that gathers counters by day, family and coverage; it writes only what changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.db.models import Case as Ordered
from django.db.models import Count, Exists, OuterRef, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from quetsach_portal.campaigns.counters import above_and_self
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    CampaignState,
    NodeCounter,
)
from quetsach_portal.cases.markings import stays_in_unit
from quetsach_portal.cases.models.case import Case, CaseState, Finding
from quetsach_portal.dashboards.models import CounterDay, CoverageCounter, FamilyCounter
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.jobs.queue import RunningJob

COPIED = (
    "units",
    "told",
    "received",
    "deployed",
    "staff",
    "joined_staff",
    "joined_relatives",
    "joined_public",
    "cases_verified",
    "cases_other",
    "looked_full",
    "looked_part",
)
BY_STATE = {
    CaseState.INFECTED.value: "infected",
    CaseState.RECURRED.value: "infected",
    CaseState.HANDLED.value: "handled",
    CaseState.QUIET.value: "unproven",
    CaseState.CANNOT_TELL.value: "unproven",
    CaseState.VERIFIED.value: "unproven",
}
OPEN = ("infected", "handled", "unproven")
FIGURES = (*COPIED, *OPEN)

Groups = Iterator[tuple[Any, Iterator[Any]]]
# Each row has up to seventeen values, and SQLite takes 32,766 in a statement.
_AT_ONCE = 1900


def gather_all(work: RunningJob) -> None:
    """Gather for every campaign that runs; the periodic job."""
    for campaign in Campaign.objects.filter(state__in=[CampaignState.LIVE, CampaignState.CLOSING]):
        work.renew()
        gather(campaign, timezone.localdate())


def gather(campaign: Campaign, day: date) -> None:
    """Store the counters of `campaign` on `day`, its families and its coverage.

    Cost: reads the nodes and counters of the campaign once, its open cases and findings grouped by
    node, and its coverage day by day; writes the rows that differ. As many statements as there are
    thousands of those, and memory for one day of the whole tree.
    """
    paths = {
        node.pk: above_and_self(node)
        for node in CampaignNode.objects.filter(campaign=campaign).only("path")
    }
    with transaction.atomic():
        # One at a time, so that two workers never write the same row.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        _keep_day(campaign, day, paths)
        _keep_families(campaign, paths)
        _keep_coverage(campaign, paths)


def _keep_day(campaign: Campaign, day: date, paths: Mapping[int, Sequence[int]]) -> None:
    states = _open_by_state(campaign, paths)
    last = _last_figures(campaign)
    fresh = []
    rows = NodeCounter.objects.filter(node__campaign=campaign).values_list("node_id", *COPIED)
    for node_id, *copied in rows.iterator(chunk_size=_AT_ONCE):
        figures = (*copied, *(states[node_id, name] for name in OPEN))
        if last.get(node_id) != figures:
            fresh.append((node_id, figures))
    for some in _batches(fresh):
        CounterDay.objects.bulk_create(
            [
                CounterDay(node_id=node_id, day=day, **dict(zip(FIGURES, figures, strict=True)))
                for node_id, figures in some
            ],
            update_conflicts=True,
            unique_fields=["node", "day"],
            update_fields=FIGURES,
        )


def _last_figures(campaign: Campaign) -> dict[int, tuple[int, ...]]:
    rows = CounterDay.objects.filter(node__campaign=campaign)
    # All the days before stay where they are: only the newest of each node is read.
    later = CounterDay.objects.filter(node_id=OuterRef("node_id"), day__gt=OuterRef("day"))
    newest = rows.filter(~Exists(later)).values_list("node_id", *FIGURES)
    return {node_id: tuple(rest) for node_id, *rest in newest.iterator(chunk_size=_AT_ONCE)}


def _open_by_state(
    campaign: Campaign, paths: Mapping[int, Sequence[int]]
) -> Counter[tuple[int, str]]:
    rows = Case.objects.filter(node__campaign=campaign, closed_at__isnull=True)
    counted = rows.values("node_id", "state").annotate(cases=Count("pk"))
    by_node = counted.values_list("node_id", "state", "cases").order_by()
    return _summed(((pk, BY_STATE[state], n) for pk, state, n in by_node), paths)


def _keep_families(campaign: Campaign, paths: Mapping[int, Sequence[int]]) -> None:
    rows = Finding.objects.filter(
        device__node__campaign=campaign, set_aside__isnull=True, withdrawn=False
    )
    # A device that is part of another device counts with it.
    device = Coalesce("device__merged_into_id", "device_id")
    # The word of a list that stays in its unit is not told above it.
    told = rows.annotate(told=Ordered(When(stays_in_unit(), then=Value("")), default="label"))
    counted = told.values("device__node_id", "told").annotate(n=Count(device, distinct=True))
    by_node = counted.values_list("device__node_id", "told", "n").order_by()
    families = FamilyCounter.objects.filter(node__campaign=campaign)
    stored = _stored_rows(families.values_list("node_id", "family", "pk", "devices").iterator())
    _replace(FamilyCounter, ("family", "devices"), stored, _summed(by_node, paths))


def _keep_coverage(campaign: Campaign, paths: Mapping[int, Sequence[int]]) -> None:
    """Read both sides in the order of their days, so that one day is in memory at a time."""
    rows = CoverageDay.objects.filter(node__campaign=campaign, lines__gt=0)
    own = rows.values_list("node_id", "day").distinct().order_by("day", "node_id")
    kept = CoverageCounter.objects.filter(node__campaign=campaign).order_by("day", "node_id")
    covered = groupby(own.iterator(chunk_size=_AT_ONCE), itemgetter(1))
    kept_days = groupby(
        kept.values_list("node_id", "day", "pk", "units").iterator(chunk_size=_AT_ONCE),
        itemgetter(1),
    )
    for some, others in _side_by_side(covered, kept_days):
        counted = _summed(((pk, day, 1) for pk, day in some), paths)
        _replace(CoverageCounter, ("day", "units"), _stored_rows(others), counted)


def _side_by_side(first: Groups, second: Groups) -> Iterator[tuple[Iterable[Any], Iterable[Any]]]:
    """Return what two rows of groups have under the same key; both are in the order of keys."""
    heads = [next(first, None), next(second, None)]
    while any(heads):
        key = min(group[0] for group in heads if group is not None)
        is_here = [group is not None and group[0] == key for group in heads]
        mine, others = (
            group[1] if group is not None and here else ()
            for group, here in zip(heads, is_here, strict=True)
        )
        yield mine, others
        heads = [
            next(groups, None) if here else group
            for groups, group, here in zip((first, second), heads, is_here, strict=True)
        ]


def _stored_rows(
    rows: Iterable[tuple[int, Any, int, int]],
) -> dict[tuple[int, Any], tuple[int, int]]:
    return {(node_id, what): (pk, count) for node_id, what, pk, count in rows}


def _replace(
    model: Any,
    names: tuple[str, str],
    stored: Mapping[tuple[int, Any], tuple[int, int]],
    counted: Mapping[tuple[int, Any], int],
) -> None:
    """Make the rows that are `stored` those of `counted`, by node and name; the same stay as is."""
    name, figure = names
    for some in _batches([pk for key, (pk, _count) in stored.items() if key not in counted]):
        model.objects.filter(pk__in=some).delete()
    differing = [
        key for key, count in counted.items() if key not in stored or stored[key][1] != count
    ]
    for keys in _batches(differing):
        model.objects.bulk_create(
            [model(**{"node_id": key[0], name: key[1], figure: counted[key]}) for key in keys],
            update_conflicts=True,
            unique_fields=["node", name],
            update_fields=[figure],
        )


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]


def _summed(
    own: Iterable[tuple[int, Any, int]], paths: Mapping[int, Sequence[int]]
) -> "Counter[tuple[int, Any]]":
    """Return each own number added to the node and all above it."""
    total: Counter[tuple[int, Any]] = Counter()
    for node_id, what, count in own:
        for above in paths[node_id]:
            total[above, what] += count
    return total
