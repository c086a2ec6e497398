"""The trend of a unit by phase, over all its campaigns; a change of its tree breaks the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString

from quetsach.api import reports
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, ReportCounter
from quetsach_portal.campaigns.tree import succession
from quetsach_portal.reports.models.report import STANDS, CampaignForm, ReportFigure, ReportVersion
from quetsach_portal.web.drawing.charts import trend

MOST_POINTS = 24
MOST_FIGURES = 60


@dataclass(frozen=True)
class TrendPoint:
    """A phase: its rates, the changes of the tree since the phase before, and the reported figures.

    Shapes: `totals` has by the key of a figure its total, None where the report has no number.
    """

    campaign: str
    phase: int
    due_at: datetime
    slots: ReportCounter
    changes: Sequence[succession.RegisterChange]
    totals: dict[str, int | None]
    opens: str = ""

    @property
    def reported(self) -> float | None:
        """Return the share of received reports, None when none is expected."""
        return _share(self.slots.reported, self.slots.expected)

    @property
    def on_time(self) -> float | None:
        """Return the share of reports in time."""
        return _share(self.slots.on_time, self.slots.expected)


@dataclass(frozen=True)
class TrendLine:
    """A figure through the phases: its label, and its total in each, None where there is none."""

    label: str
    totals: Sequence[int | None]


def points_of(node: CampaignNode, campaigns: Sequence[Campaign]) -> list[TrendPoint]:
    """Return the phases of the unit of `node` in these campaigns, the oldest first.

    Cost: four queries.
    """
    rows = (
        ReportCounter.objects.filter(node__unit_id=node.unit_id, node__campaign__in=campaigns)
        .select_related("phase__campaign")
        .order_by("-phase__due_at", "-phase_id")[:MOST_POINTS]
    )
    counters = list(rows)[::-1]
    events = succession.events_of(node) if len(counters) > 1 else []
    totals = _totals(node, counters)
    points = []
    since: datetime | None = None
    for counter in counters:
        phase = counter.phase
        between = succession.between(events, since, phase.due_at) if since else []
        changes = succession.describe_events(between)
        title, figures = phase.campaign.title, totals.get(phase.pk, {})
        address = reverse("dashboards:show", args=[phase.campaign_id])
        opens = f"{address}?under={counter.node_id}&phase={phase.no}"
        points.append(TrendPoint(title, phase.no, phase.due_at, counter, changes, figures, opens))
        since = phase.due_at
    return points


def drawn(points: Sequence[TrendPoint]) -> SafeString:
    """Return the line of received reports, broken where the tree changed."""
    breaks = {place for place, one in enumerate(points) if one.changes}
    return trend([one.reported for one in points], breaks, tone="draw-line")


def lines_of(points: Sequence[TrendPoint], campaign: Campaign, language: str) -> list[TrendLine]:
    """Return each count of the campaign's form through the phases, where any has been reported.

    Cost: one query.
    """
    kept = CampaignForm.objects.filter(campaign=campaign, phase__isnull=True).first()
    if kept is None:
        return []
    form = reports.read_form(kept.definition.encode(), kept.code)
    lines = [
        TrendLine(
            row.label.of("vi" if language == "vi" else "en"),
            [point.totals.get(row.id) for point in points],
        )
        for row in form.counts()
    ]
    return [line for line in lines if any(n is not None for n in line.totals)][:MOST_FIGURES]


def _totals(
    node: CampaignNode, counters: Sequence[ReportCounter]
) -> dict[int, dict[str, int | None]]:
    """Return by phase the figures of the unit's newest valid report. Cost: two queries."""
    versions = ReportVersion.objects.filter(
        slot__node__unit_id=node.unit_id,
        slot__phase_id__in=[one.phase_id for one in counters],
        state__in=STANDS,
    )
    newest = dict(versions.order_by("n").values_list("slot__phase_id", "pk"))
    figures = ReportFigure.objects.filter(version_id__in=list(newest.values()), words="")
    by_version: dict[int, dict[str, int | None]] = {}
    for one in figures.order_by("pk"):
        by_version.setdefault(one.version_id, {})[one.key] = one.total
    return {phase: by_version.get(version, {}) for phase, version in newest.items()}


def _share(part: int, whole: int) -> float | None:
    return None if whole <= 0 else min(1.0, part / whole)
