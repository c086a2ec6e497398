"""Reports of a subtree in numbers: due, come in, in time; today or as known on a past day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.counters import SLOT_FIGURES
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    Phase,
    ReportCounter,
    ReportCounterDay,
)
from quetsach_portal.campaigns.tree.moves import slot_figures


@dataclass(frozen=True)
class ReportRates:
    """Reports of a subtree: how many were due, came in, and in time; no rate passes 100 %."""

    name: str
    node_id: int
    expected: int
    excused: int
    reported: int
    on_time: int
    nil: int
    signed: int
    own: str = ""
    has_below: bool = False

    @property
    def late(self) -> int:
        """Return how many came in late."""
        return self.reported - self.on_time

    @property
    def missing(self) -> int:
        """Return how many are missing."""
        return self.expected - self.reported


def rates_of(
    nodes: Sequence[CampaignNode], phase: Phase | None, on: date | None = None
) -> list[ReportRates]:
    """Return the reports of each node's subtree, now or as they stood at the end of the day `on`.

    Of a day before the freeze there is nothing, nor of one on which a node was not there yet.
    Cost: four queries for any number of nodes.
    """
    if on is not None and nodes and is_before_start(nodes[0].campaign, on):
        return []
    ids = [node.pk for node in nodes]
    now: Mapping[int, ReportCounter | ReportCounterDay | None] = {
        t.node_id: t for t in ReportCounter.objects.filter(node_id__in=ids, phase=phase)
    }
    then = now if on is None else {**now, **_as_of(ids, phase, on)}
    slots = {s.node_id: s for s in ExpectedReport.objects.filter(node_id__in=ids, phase=phase)}
    return [
        _rates(node, tally, slots.get(node.pk) if on is None else None)
        for node in nodes
        if (tally := then.get(node.pk)) is not None
    ]


def is_before_start(campaign: Campaign, day: date | None) -> bool:
    """Whether the tree was not frozen yet at the end of `day`: there are no figures of it."""
    return day is not None and campaign.frozen_on is not None and day < campaign.frozen_on


def own_rates(
    node: CampaignNode, phase: Phase | None, on: date | None = None
) -> ReportRates | None:
    """Return the report of `node` alone, so that the rows below a total add up to it.

    Of a past day it is what its subtree has and those below it had not; None where it owes no
    report. Cost: one query, seven for a past day.
    """
    name = _("%(unit)s, its own report") % {"unit": node.name_at_freeze}
    if on is None:
        slot = ExpectedReport.objects.filter(node=node, phase=phase).first()
        if slot is None:
            return None
        own = slot_figures(slot)
        figures = {figure: own.get(figure, 0) for figure in SLOT_FIGURES}
        return ReportRates(name, node.pk, own=state_word(slot), has_below=False, **figures)
    whole = rates_of([node], phase, on)
    if not whole:
        return None
    others = rates_of(list(CampaignNode.objects.filter(parent=node)), phase, on)
    own = {
        figure: getattr(whole[0], figure) - sum(getattr(row, figure) for row in others)
        for figure in SLOT_FIGURES
    }
    # A unit that has moved since stands below another parent than on that day.
    is_sound = own["expected"] + own["excused"] == 1 and set(own.values()) <= {0, 1}
    return ReportRates(name, node.pk, own="", has_below=False, **own) if is_sound else None


def state_word(slot: ExpectedReport) -> str:
    """Return the state of a unit's own report: five words for five different states (B9)."""
    if slot.state == ExpectedReportState.EXCUSED:
        return _("Excused")
    if slot.reported_at is None:
        returned = slot.state == ExpectedReportState.RETURNED
        return _("Returned, not handed in again") if returned else _("Not reported")
    if slot.is_nil:
        return _("Reported: nothing to report")
    return _("Reported in time") if slot.is_on_time else _("Reported late")


def _as_of(ids: Sequence[int], phase: Phase | None, on: date) -> dict[int, ReportCounterDay | None]:
    """Return for each node its last kept day up to `on`, None where all are later.

    A node of which nothing is kept is not in it: nothing has moved there since the freeze.
    """
    kept = ReportCounterDay.objects.filter(node_id__in=ids, phase=phase)
    latest = kept.filter(node_id=OuterRef("node_id"), day__lte=on).order_by("-day").values("pk")[:1]
    ids_kept = kept.values_list("node_id", flat=True).distinct()
    days: dict[int, ReportCounterDay | None] = dict.fromkeys(ids_kept)
    return days | {row.node_id: row for row in kept.filter(pk=Subquery(latest))}


def _rates(
    node: CampaignNode, tally: ReportCounter | ReportCounterDay, slot: ExpectedReport | None
) -> ReportRates:
    figures = {name: getattr(tally, name) for name in SLOT_FIGURES}
    own = "" if slot is None else state_word(slot)
    below = tally.expected + tally.excused > 1
    return ReportRates(node.name_at_freeze, node.pk, own=own, has_below=below, **figures)
