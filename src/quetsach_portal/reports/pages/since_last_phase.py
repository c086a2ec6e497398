"""A report compared with the phase before: differences, changed units, missing reports.

Between two phases units are merged, split and moved. A difference between other units is shown,
and marked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from quetsach.api.reports import GradedCount, SummedFigure, format_number
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    Phase,
)
from quetsach_portal.campaigns.tree.succession import (
    RegisterChange,
    between,
    describe_events,
    events_of,
)
from quetsach_portal.reports.models.report import STANDS, ReportFigure, ReportVersion
from quetsach_portal.reports.queries import RELATED, child_slots, figures_of
from quetsach_portal.units.models import OrgEvent


@dataclass(frozen=True)
class SinceLastPhase:
    """The last report before a phase, and the changes of the unit's tree since.

    Shapes: `gaps` has a sentence for each phase in between without a report; `came` and
    `gone` name the units directly below that are expected in only one of the two phases.
    """

    phase: Phase | None
    figures: Mapping[str, SummedFigure]
    gaps: Sequence[str] = ()
    changes: Sequence[RegisterChange] = ()
    came: Sequence[str] = ()
    gone: Sequence[str] = ()

    @property
    def is_broken(self) -> bool:
        """Whether the two totals are not of the same units."""
        return bool(self.changes or self.came or self.gone)


def since_last(slot: ExpectedReport) -> SinceLastPhase:
    """Return the last report before that of `slot`, to compare with. Cost: some ten queries."""
    last = last_version(slot)
    if last is None:
        return SinceLastPhase(None, {}, _gaps(slot, 0))
    before, now = ({row.node_id: row.node for row in child_slots(at)} for at in (last.slot, slot))
    came = [node for pk, node in now.items() if pk not in before]
    gone = [node for pk, node in before.items() if pk not in now]
    return SinceLastPhase(
        last.slot.phase,
        figures_of(last),
        _gaps(slot, last.slot.phase.no),
        _changes(slot, last.slot, [*came, *gone]),
        [node.name_at_freeze for node in came],
        [node.name_at_freeze for node in gone],
    )


def last_version(slot: ExpectedReport) -> ReportVersion | None:
    """Return the valid report of the last phase that has a report. Cost: one query."""
    versions = ReportVersion.objects.filter(
        slot__node_id=slot.node_id, slot__phase__no__lt=slot.phase.no, state__in=STANDS
    )
    related = [f"slot__{one}" for one in RELATED]
    return versions.select_related(*related).order_by("-slot__phase__no", "-n").first()


def last_of_nodes(
    node_ids: Sequence[int], phase: Phase, key: str
) -> Mapping[int, tuple[Phase, ReportFigure | None]]:
    """Return by node the phase of its report before `phase`, and its figure `key`.

    Cost: two queries.
    """
    figures = ReportFigure.objects.filter(key=key)
    versions = ReportVersion.objects.filter(
        slot__node__in=node_ids, slot__phase__no__lt=phase.no, state__in=STANDS
    ).select_related("slot__phase")
    prefetch = Prefetch("figures", queryset=figures, to_attr="key_figures")
    rows = versions.order_by("slot__phase__no", "n").prefetch_related(prefetch)
    return {row.slot.node_id: (row.slot.phase, next(iter(row.key_figures), None)) for row in rows}


def difference(now: int, before: int) -> str:
    """Return how much more or less that is, with its share in whole per cent, as it is printed."""
    if now == before:
        return _("no difference")
    by = now - before
    share = abs(by) * 100 // before if before > 0 else 0
    sign = "+" if by > 0 else "−"
    return f"{sign}{format_number(abs(by))}" + (f" ({sign}{share} %)" if share else "")


def delta(now: SummedFigure | None, before: SummedFigure | None) -> int | None:
    """Return the growth of a figure; None when a value is no number or the unit differs."""
    if now is None or before is None or now.unit is not before.unit:
        return None
    if not isinstance(now.total, GradedCount) or not isinstance(before.total, GradedCount):
        return None
    return now.total.number - before.total.number


def describe_changes(since: SinceLastPhase) -> list[str]:
    """Return a sentence for each change of the tree, and for units expected in only one phase."""
    sentences = []
    for change in since.changes:
        document = f"({change.document})" if change.document else ""
        parts = (f"{change.what}, {change.day:%d/%m/%Y}:", change.units, document)
        sentences.append(" ".join(filter(None, parts)))
    if since.came:
        sentence = _("Expected below only in this phase: %(units)s.")
        sentences.append(sentence % {"units": _in(since.came)})
    if since.gone:
        sentence = _("Expected below only in that phase: %(units)s.")
        sentences.append(sentence % {"units": _in(since.gone)})
    return sentences


_MOST = 20


def _in(names: Sequence[str]) -> str:
    more = " …" if len(names) > _MOST else ""
    return ", ".join(sorted(names)[:_MOST]) + more


def _changes(
    slot: ExpectedReport, last: ExpectedReport, moved: Sequence[CampaignNode]
) -> list[RegisterChange]:
    """Return the events since, and those that moved a unit from this phase on, whatever its day."""
    events = between(events_of(slot.node), last.phase.due_at, slot.phase.due_at)
    known = {event.pk for event in events}
    others = {node.from_event for node in moved if node.from_event is not None} - known
    if others:
        events += OrgEvent.objects.filter(pk__in=others).defer("plan", "undo").order_by("pk")
    events.sort(key=lambda event: (event.effective_on, event.pk))
    return describe_events(events, named=True)


def _gaps(slot: ExpectedReport, after: int) -> list[str]:
    phases = Phase.objects.filter(campaign_id=slot.phase.campaign_id)
    phases = phases.filter(no__gt=after, no__lt=slot.phase.no).order_by("no")
    slots = ExpectedReport.objects.filter(node_id=slot.node_id, phase__in=phases)
    by_phase = {row.phase_id: row for row in slots}
    return [_gap(phase, by_phase.get(phase.pk)) for phase in phases]


def _gap(phase: Phase, slot: ExpectedReport | None) -> str:
    if slot is None:
        return _("Phase %(no)s: this unit was not in the campaign yet.") % {"no": phase.no}
    if slot.state == ExpectedReportState.EXCUSED:
        facts = {"no": phase.no, "why": slot.excuse_reason}
        return _("Phase %(no)s: no report was expected (%(why)s).") % facts
    if slot.state == ExpectedReportState.RETURNED:
        return _("Phase %(no)s: the report was returned and not submitted again.") % {
            "no": phase.no
        }
    if slot.reported_at is not None:
        return _("Phase %(no)s: reported on paper; no figures are known here.") % {"no": phase.no}
    return _("Phase %(no)s: no report was submitted.") % {"no": phase.no}
