"""Gather the counters by day, family and coverage; a job, that writes only what changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from quetsach_portal.campaigns.models import Campaign, CampaignNode, CampaignState, NodeTally
from quetsach_portal.campaigns.tallies import above_and_self
from quetsach_portal.cases.models import Case, CaseState, Finding
from quetsach_portal.dashboards.models import CoverageTally, FamilyTally, TallyDay
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.jobs.work import Work

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
)
BY_STATE = {
    CaseState.INFECTED.value: "infected",
    CaseState.RECURRED.value: "infected",
    CaseState.HANDLED.value: "handled",
    CaseState.QUIET.value: "unproven",
    CaseState.CANNOT_TELL.value: "unproven",
    CaseState.VERIFIED.value: "unproven",
}
FIGURES = (*COPIED, "infected", "handled", "unproven")
_AT_ONCE = 2000


def run(work: Work) -> None:
    """Gather for every campaign that runs; the periodic job."""
    for campaign in Campaign.objects.filter(state__in=[CampaignState.LIVE, CampaignState.CLOSING]):
        work.renew()
        gather(campaign, timezone.localdate())


def gather(campaign: Campaign, day: date) -> None:
    """Keep how the counters of `campaign` stand on `day`, its families and its coverage.

    Cost: reads the nodes and counters of the campaign once, its open cases and findings grouped by
    node, and writes the rows that differ.
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
    last = _last_rows(campaign)
    fresh = []
    for tally in NodeTally.objects.filter(node__campaign=campaign).iterator(chunk_size=5000):
        figures = {name: getattr(tally, name) for name in COPIED}
        figures |= {name: states[tally.node_id, name] for name in set(BY_STATE.values())}
        before = last.get(tally.node_id)
        if before is None or any(getattr(before, name) != figures[name] for name in FIGURES):
            fresh.append(TallyDay(node_id=tally.node_id, day=day, **figures))
    TallyDay.objects.bulk_create(
        fresh,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["node", "day"],
        update_fields=FIGURES,
    )


def _last_rows(campaign: Campaign) -> dict[int, TallyDay]:
    rows = TallyDay.objects.filter(node__campaign=campaign)
    newest = dict(rows.values("node_id").annotate(last=Max("day")).values_list("node_id", "last"))
    found = rows.filter(day__in=set(newest.values())) if newest else rows.none()
    return {row.node_id: row for row in found if newest[row.node_id] == row.day}


def _open_by_state(
    campaign: Campaign, paths: Mapping[int, Sequence[int]]
) -> Counter[tuple[int, str]]:
    rows = Case.objects.filter(node__campaign=campaign, closed_at__isnull=True)
    counted = rows.values("node_id", "state").annotate(cases=Count("pk"))
    one_by_one = counted.values_list("node_id", "state", "cases").order_by()
    return _summed(((pk, BY_STATE[state], n) for pk, state, n in one_by_one), paths)


def _keep_families(campaign: Campaign, paths: Mapping[int, Sequence[int]]) -> None:
    rows = Finding.objects.filter(device__node__campaign=campaign, set_aside__isnull=True)
    # A device that is part of another counts with that one.
    one = Coalesce("device__merged_into_id", "device_id")
    counted = rows.values("device__node_id", "label").annotate(n=Count(one, distinct=True))
    found = counted.values_list("device__node_id", "label", "n").order_by()
    _replace(FamilyTally, "family", "devices", campaign, _summed(found, paths))


def _keep_coverage(campaign: Campaign, paths: Mapping[int, Sequence[int]]) -> None:
    rows = CoverageDay.objects.filter(node__campaign=campaign, lines__gt=0)
    found = rows.values_list("node_id", "day").distinct().order_by()
    counted = _summed(((pk, day, 1) for pk, day in found), paths)
    _replace(CoverageTally, "day", "units", campaign, counted)


def _replace(
    model: Any, name: str, figure: str, campaign: Campaign, counted: Mapping[tuple[int, Any], int]
) -> None:
    """Make the rows of `campaign` those of `counted`, by node and `name`; the same stay as is."""
    rows = model.objects.filter(node__campaign=campaign)
    held = {(row.node_id, getattr(row, name)): row for row in rows.iterator(chunk_size=5000)}
    gone = [row.pk for key, row in held.items() if key not in counted]
    for start in range(0, len(gone), 500):
        model.objects.filter(pk__in=gone[start : start + 500]).delete()
    differing = [
        key for key, n in counted.items() if key not in held or _of(held[key], figure) != n
    ]
    model.objects.bulk_create(
        [model(**{"node_id": key[0], name: key[1], figure: counted[key]}) for key in differing],
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["node", name],
        update_fields=[figure],
    )


def _of(row: Any, figure: str) -> int:
    return int(getattr(row, figure))


def _summed(
    own: Iterable[tuple[int, Any, int]], paths: Mapping[int, Sequence[int]]
) -> "Counter[tuple[int, Any]]":
    """Return each own number added to the node and all above it."""
    total: Counter[tuple[int, Any]] = Counter()
    for node_id, what, count in own:
        for above in paths[node_id]:
            total[above, what] += count
    return total
