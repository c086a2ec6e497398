"""Recount of all counters, slow and obvious: count every node and report, and compare.

A difference is reported and shown to people; it is never corrected silently.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F, Max, Min, OuterRef, Q, QuerySet, Subquery

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.counters import SLOT_FIGURES
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
from quetsach_portal.campaigns.units import reached, usable_of_node
from quetsach_portal.cases import history as cases
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.looks import counting as looks
from quetsach_portal.participation import actions as participation
from quetsach_portal.units.dated import ids_on
from quetsach_portal.units.models import UnitContact

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

    Participation and cases count what they themselves move; what units keep of their contacts is
    held against the contacts.
    Cost: reads all nodes, slots and counters once, and adds each to all above it.
    """
    paths = {
        pk: ids_on(path)
        for pk, path in CampaignNode.objects.filter(campaign=campaign).values_list("pk", "path")
    }
    return [*_of_nodes(campaign, paths), *_of_slots(campaign, paths), *unlike_units(campaign)]


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
    nodes = CampaignNode.objects.filter(campaign=campaign, state__in=COUNTED)
    # Rows and no objects: of a country there are hundreds of thousands.
    fields = nodes.values_list("pk", "staff", "told_at", "received_at", "deployed_at")
    for pk, staff, told_at, received_at, deployed_at in fields.iterator(chunk_size=5000):
        own = {
            "units": 1,
            "staff": staff,
            "told": int(told_at is not None),
            "received": int(received_at is not None),
            "deployed": int(deployed_at is not None),
        }
        for above in paths[pk]:
            for name, number in own.items():
                counted[name][above] += number
    for own_numbers in (participation.own_numbers, cases.own_numbers, looks.own_numbers):
        for name, by_node in own_numbers(campaign).items():
            counted[name] = Counter()
            for node_id, number in by_node.items():
                for above in paths[node_id]:
                    counted[name][above] += number
    tallies = NodeCounter.objects.filter(node__campaign=campaign)
    for node_id, *kept in tallies.values_list("node_id", *counted).iterator(chunk_size=5000):
        for name, stored in zip(counted, kept, strict=True):
            number = counted[name][node_id]
            if stored != number:
                yield Difference(node_id, None, name, stored, number)


def _of_slots(campaign: Campaign, paths: dict[int, list[int]]) -> Iterator[Difference]:
    counted: Counter[tuple[int, int, str]] = Counter()
    places = NodeAncestors(paths, history(campaign))
    slots = ExpectedReport.objects.filter(node__campaign=campaign).values_list(
        *("node_id", "phase_id", "phase__no", "state"),
        *("reported_at", "due_at", "is_nil", "signed_at"),
    )
    for slot in slots.iterator(chunk_size=5000):
        node_id, phase_id, no, state, reported_at, due_at, is_nil, signed_at = slot
        excused = state == ExpectedReportState.EXCUSED
        own = {
            "expected": int(not excused),
            "excused": int(excused),
            "reported": int(reported_at is not None and not excused),
            "on_time": int(reported_at is not None and reported_at < due_at and not excused),
            "nil": int(is_nil and not excused),
            "signed": int(signed_at is not None and not excused),
        }
        for above in places.of(no, node_id):
            for name, number in own.items():
                counted[above, phase_id, name] += number
    tallies = ReportCounter.objects.filter(node__campaign=campaign)
    rows = tallies.values_list("node_id", "phase_id", *SLOT_FIGURES)
    for node_id, phase_id, *kept in rows.iterator(chunk_size=5000):
        for name, stored in zip(SLOT_FIGURES, kept, strict=True):
            number = counted[node_id, phase_id, name]
            if stored != number:
                yield Difference(node_id, phase_id, name, stored, number)


def unlike_units(campaign: Campaign) -> Iterator[Difference]:
    """Return what units keep of their contacts and old names, and those do not say."""
    nodes = CampaignNode.objects.filter(campaign=campaign)
    still = UnitContact.objects.filter(valid_to__isnull=True)
    mails = still.exclude(mail="").values("mail").annotate(first=Min("unit"), last=Max("unit"))
    shared = mails.filter(first__lt=F("last")).values("mail")
    conditions = {
        "no_contact": ~_has(still.filter(~Q(disabled_reason="") | ~Q(mail=""))),
        "has_bounced": _has(still.exclude(disabled_reason="")),
        "shares_address": _has(still.filter(mail__in=shared)),
    }
    for figure, condition in conditions.items():
        yield from _unlike(nodes, figure, Q(**{f"unit__{figure}": True}), condition)
    yield from _unlike(nodes, "is_reached", reached(), usable_of_node())
    other = nodes.exclude(name_at_freeze=F("unit__name")).filter(unit__has_old_name=False)
    for node_id in other.values_list("pk", flat=True):
        yield Difference(node_id, None, "has_old_name", 0, 1)
    day = Subquery(
        still.filter(unit_id=OuterRef("unit_id"), disabled_reason="")
        .order_by("valid_from")
        .values("valid_from")[:1]
    )
    dates = nodes.annotate(day=day).values_list("pk", "unit__contact_since", "day")
    for node_id, kept, counted in dates.iterator(chunk_size=5000):
        if kept != counted:
            stored, number = (0 if one is None else one.toordinal() for one in (kept, counted))
            yield Difference(node_id, None, "contact_since", stored, number)


def _has(contacts: QuerySet[UnitContact]) -> Q:
    return Q(unit_id__in=contacts.values("unit_id"))


def _unlike(nodes: QuerySet[CampaignNode], figure: str, kept: Q, asked: Q) -> Iterator[Difference]:
    for stored, rows in (
        (1, nodes.filter(kept).exclude(asked)),
        (0, nodes.filter(asked).exclude(kept)),
    ):
        for node_id in rows.values_list("pk", flat=True):
            yield Difference(node_id, None, figure, stored, 1 - stored)
