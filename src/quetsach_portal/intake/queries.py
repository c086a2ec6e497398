"""Queries on submissions: lists, coverage of a unit, and counts of those below."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.intake.coverage import CoverageDays, covered
from quetsach_portal.intake.models import (
    CoverageDay,
    IntakeRules,
    OwnTable,
    StreamPart,
    Submission,
    SubmissionState,
    UnitKey,
)
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.tables import Column, LongList


@dataclass(frozen=True)
class EvidenceCounts:
    """What the unit above sees of a node: counts, and no address or machine."""

    node: CampaignNode
    submissions: int
    last_at: datetime | None
    lines: int
    not_all_read: int
    days: int
    open_cases: int


SUBMISSIONS = LongList(
    _lazy("What was handed in"),
    {
        "number": Column(_lazy("Submission"), "pk"),
        "kind": Column(_lazy("What"), "kind"),
        "at": Column(_lazy("Handed in"), "created_at"),
        "state": Column(_lazy("State"), "state"),
        "lines": Column(_lazy("Lines"), "lines", "number"),
        "days": Column(_lazy("From – to"), "first_day", is_optional=True),
        "machines": Column(_lazy("Machines found"), "devices", "number"),
    },
    text_in=("note", "created_by__name"),
    number_in=("pk",),
)

BELOW = LongList(
    _lazy("Units directly below"),
    {
        "unit": Column(_lazy("Unit"), "name_at_freeze"),
        "submissions": Column(_lazy("Submissions"), css="number"),
        "last": Column(_lazy("Last")),
        "days": Column(_lazy("Days covered by logs"), css="number"),
        "lines": Column(_lazy("Lines"), css="number"),
        "rest": Column(_lazy("Not read"), css="number"),
        "cases": Column(_lazy("Open cases"), "tally__cases_open", "number"),
    },
    folded_in=("unit__search",),
    text_in=("name_at_freeze",),
)


def submissions_of(node: CampaignNode) -> QuerySet[Submission]:
    """Return what was handed in for `node`, newest first."""
    rows = Submission.objects.filter(node=node).select_related("created_by", "job")
    return rows.defer("summary").order_by("-pk")


def files_of(submission: Submission) -> list[StoredFile]:
    """Return the files of a submission, in the order in which they came."""
    return list(submission.files.order_by("created_at", "pk"))


def coverage_of(node: CampaignNode, first: date, last: date) -> CoverageDays:
    """Return which days from `first` to `last` are covered for `node`. Cost: one query."""
    rows = CoverageDay.objects.filter(node=node, day__gte=first, day__lte=last)
    days: dict[date, tuple[int, int]] = {}
    for day, lines, alive in rows.values_list("day", "lines", "alive"):
        # A source of several kinds stands in several rows: the largest is no double count.
        known = days.get(day, (0, 0))
        days[day] = (max(known[0], lines), max(known[1], alive))
    return covered(first, last, days)


def days_in_question(node: CampaignNode) -> tuple[date, date]:
    """Return the first and the last day that the campaign asks about so far.

    It begins with the campaign, or before it with the first logs of the unit: those that are
    looked through at the start are of the weeks before.
    """
    now = timezone.localdate()
    start, end = node.campaign.starts_at, node.campaign.ends_at
    last = now if end is None else min(now, timezone.localdate(end))
    first = last if start is None else timezone.localdate(start)
    earliest = CoverageDay.objects.filter(node=node, lines__gt=0).aggregate(day=Min("day"))["day"]
    return min(first, last, earliest or last), last


def children_of(node: CampaignNode) -> QuerySet[CampaignNode]:
    """Return the direct children of `node` alone."""
    return node.children.select_related("tally").order_by("name_at_freeze", "pk")


def counts_of(nodes: Sequence[CampaignNode]) -> list[EvidenceCounts]:
    """Return the counts of `nodes`, in order; a line that was handed in twice counts once.

    Cost: three queries.
    """
    ids = [node.pk for node in nodes]
    done = Submission.objects.filter(node_id__in=ids, state=SubmissionState.DONE)
    rows: Iterable[Any] = done.values("node_id").annotate(
        submissions=Count("pk"),
        last_at=Max("finished_at"),
        lines=Sum("lines", filter=Q(streams_kept=False), default=0),
        not_all_read=Sum("problems"),
    )
    sums_by_node: dict[int, dict[str, Any]] = {row.pop("node_id"): row for row in rows}
    parts = StreamPart.objects.filter(stream__node_id__in=ids).values("stream__node_id")
    for node_id, lines in parts.annotate(lines=Sum("new_lines")).values_list(
        "stream__node_id", "lines"
    ):
        sums_by_node[node_id]["lines"] += lines
    days = dict(
        CoverageDay.objects.filter(node_id__in=ids, lines__gt=0)
        .values("node_id")
        .annotate(days=Count("day", distinct=True))
        .values_list("node_id", "days")
    )
    nothing = {"submissions": 0, "last_at": None, "lines": 0, "not_all_read": 0}
    return [
        EvidenceCounts(
            node=node,
            days=days.get(node.pk, 0),
            open_cases=node.tally.cases_open if hasattr(node, "tally") else 0,
            **sums_by_node.get(node.pk, nothing),
        )
        for node in nodes
    ]


def tables_of(unit: OrgUnit) -> list[OwnTable]:
    """Return the tables of a unit, those in use first."""
    rows = OwnTable.objects.filter(unit=unit).select_related("file", "added_by")
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "kind", "-as_of")[:200])


def tables_in_use(unit_id: int, kind: str) -> list[StoredFile]:
    """Return the files of a unit's tables of one kind that its sweeps use, the newest first."""
    rows = OwnTable.objects.filter(
        unit_id=unit_id, kind=kind, ended_at=None, file__state=FileState.ACCEPTED
    )
    return [table.file for table in rows.select_related("file").order_by("-as_of", "-pk")]


def keys_of(unit: OrgUnit) -> list[UnitKey]:
    """Return the keys of a unit, those that hold first."""
    rows = UnitKey.objects.filter(unit=unit).select_related("added_by")
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-pk")[:100])


def destroyed_on(submission: Submission, keep_days: int) -> date | None:
    """Return the day on which the raw files will be destroyed, None before the end."""
    if submission.finished_at is None:
        return None
    return timezone.localdate(submission.finished_at + timedelta(days=keep_days))


def rules_of(campaign: Campaign) -> IntakeRules:
    """Return the lead office's rules, or what holds where it decided nothing (not saved)."""
    return IntakeRules.objects.filter(campaign=campaign).first() or IntakeRules(campaign=campaign)
