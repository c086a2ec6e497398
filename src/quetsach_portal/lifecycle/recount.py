"""Recount of all counters, slow and obvious: count every node and report, and compare.

A difference is reported and shown to people; it is never corrected silently.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import transaction

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.counters import SLOT_FIGURES, above_and_self
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    CampaignState,
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
    ReportCounter,
)
from quetsach_portal.campaigns.models.checks import CounterCheck
from quetsach_portal.campaigns.tree.moves import NodeAncestors
from quetsach_portal.campaigns.tree.waiting import history
from quetsach_portal.cases import history as cases
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.participation import actions as participation

NODE_FIGURES = ("units", "told", "received", "deployed", "staff")
SHOWN = 50


@dataclass(frozen=True)
class Difference:
    """A counter that differs from the recount; `phase` is None for one of NodeCounter."""

    node: int
    phase: int | None
    figure: str
    stored: int
    counted: int


def recount(campaign: Campaign) -> list[Difference]:
    """Return every counter of `campaign` that differs from a count of its nodes and slots.

    Participation and cases count what they themselves move.
    Cost: reads all nodes, slots and counters once, and adds each to all above it.
    """
    paths = {
        node.pk: above_and_self(node) for node in CampaignNode.objects.filter(campaign=campaign)
    }
    return [*_of_nodes(campaign, paths), *_of_slots(campaign, paths)]


def check(campaign: Campaign) -> CounterCheck:
    """Return the stored result of a recount; a difference is an alarm in the audit trail."""
    wrong = recount(campaign)
    with transaction.atomic():
        kept = CounterCheck.objects.create(
            campaign=campaign,
            counters=NodeCounter.objects.filter(node__campaign=campaign).count()
            + ReportCounter.objects.filter(node__campaign=campaign).count(),
            wrong=len(wrong),
            differences=[asdict(one) for one in wrong[:SHOWN]],
        )
        if wrong:
            record(
                "tallies.differ",
                actor=None,
                kind="campaign",
                object_id=campaign.pk,
                unit_path=campaign.lead_unit.path,
                detail={"wrong": len(wrong)},
            )
    return kept


def check_all(work: RunningJob) -> None:
    """Check every campaign that runs or is being closed; the nightly job."""
    running = Campaign.objects.filter(state__in=[CampaignState.LIVE, CampaignState.CLOSING])
    for campaign in running.select_related("lead_unit"):
        work.renew()
        check(campaign)


def _of_nodes(campaign: Campaign, paths: dict[int, list[int]]) -> Iterator[Difference]:
    counted: dict[str, Counter[int]] = {name: Counter() for name in NODE_FIGURES}
    for node in CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED):
        own = {
            "units": 1,
            "staff": node.staff,
            "told": int(node.told_at is not None),
            "received": int(node.received_at is not None),
            "deployed": int(node.deployed_at is not None),
        }
        for above in paths[node.pk]:
            for name, number in own.items():
                counted[name][above] += number
    for own_numbers in (participation.own_numbers, cases.own_numbers):
        for name, by_node in own_numbers(campaign).items():
            counted[name] = Counter()
            for node_id, number in by_node.items():
                for above in paths[node_id]:
                    counted[name][above] += number
    for tally in NodeCounter.objects.filter(node__campaign=campaign).iterator(chunk_size=5000):
        for name, by_id in counted.items():
            stored = getattr(tally, name)
            if stored != by_id[tally.node_id]:
                yield Difference(tally.node_id, None, name, stored, by_id[tally.node_id])


def _of_slots(campaign: Campaign, paths: dict[int, list[int]]) -> Iterator[Difference]:
    counted: Counter[tuple[int, int, str]] = Counter()
    places = NodeAncestors(paths, history(campaign))
    slots = ExpectedReport.objects.filter(node__campaign=campaign).select_related("phase")
    for slot in slots.iterator(chunk_size=5000):
        excused = slot.state == ExpectedReportState.EXCUSED
        own = {
            "expected": int(not excused),
            "excused": int(excused),
            "reported": int(slot.reported_at is not None and not excused),
            "on_time": int(slot.is_on_time and not excused),
            "nil": int(slot.is_nil and not excused),
            "signed": int(slot.signed_at is not None and not excused),
        }
        for above in places.of(slot.phase.no, slot.node_id):
            for name, number in own.items():
                counted[above, slot.phase_id, name] += number
    for tally in ReportCounter.objects.filter(node__campaign=campaign).iterator(chunk_size=5000):
        for name in SLOT_FIGURES:
            stored, number = getattr(tally, name), counted[tally.node_id, tally.phase_id, name]
            if stored != number:
                yield Difference(tally.node_id, tally.phase_id, name, stored, number)
