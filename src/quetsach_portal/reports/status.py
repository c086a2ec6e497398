"""The status of reports: received reports beside the last phase, predecessors, next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.reports import (
    AbsenceReason,
    FigureGrade,
    GradedCount,
    OwnValue,
    ReportFormDefinition,
    TableCount,
    absent_words,
    format_number,
)
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeState,
    Phase,
)
from quetsach_portal.campaigns.tree.succession import between, events_of
from quetsach_portal.reports.models.report import ReportDraft, ReportFigure, ReportVersion
from quetsach_portal.reports.pages.figures import in_language
from quetsach_portal.reports.pages.since_last_phase import difference, last_of_nodes
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.reports.queries import IncomingChild, figures_of
from quetsach_portal.reports.writing import answers
from quetsach_portal.units.models import EventUnit, OrgEvent


@dataclass(frozen=True)
class IncomingReport:
    """A unit's report with the figure that was asked for.

    Shapes: `is_broken` where its units changed; `undone_until` ends the time in which its
    acceptance is undone.
    """

    child: IncomingChild
    now: str = ""
    last: str = ""
    change: str = ""
    is_broken: bool = False
    undone_until: datetime | None = None


def selected_count(slot: ExpectedReport, key: str) -> TableCount | None:
    """Return the count `key` of the form, else its first count; none in phase 1."""
    if slot.phase.no == 1:
        return None
    counts = form_of(campaign_form_of(slot.phase)).counts()
    return next((row for row in counts if row.id == key), counts[0] if counts else None)


def choices(slot: ExpectedReport) -> list[tuple[str, str]]:
    """Return the counts to choose from, with their labels."""
    counts = form_of(campaign_form_of(slot.phase)).counts()
    return [(count.id, in_language(count.label)) for count in counts]


def lines(
    slot: ExpectedReport,
    rows: Sequence[IncomingChild],
    count: TableCount | None,
    *,
    undone_until: Mapping[int, datetime],
) -> list[IncomingReport]:
    """Return `rows` with their values of `count`, and until when each acceptance is undone.

    Shapes: `undone_until` by version. Cost: some six queries, whatever the number.
    """
    reports = _lines(slot, rows, count)
    return [
        replace(report, undone_until=undone_until.get(report.child.version.pk))
        if report.child.version is not None
        else report
        for report in reports
    ]


def _lines(
    slot: ExpectedReport, rows: Sequence[IncomingChild], count: TableCount | None
) -> list[IncomingReport]:
    if count is None:
        return [IncomingReport(child) for child in rows]
    versions = [child.version.pk for child in rows if child.version is not None]
    figures = ReportFigure.objects.filter(version__in=versions, key=count.id)
    now = {figure.version_id: figure for figure in figures}
    last = last_of_nodes([child.slot.node_id for child in rows], slot.phase, count.id)
    alike = _alike({phase.pk: phase for phase, _figure in last.values()}, count)
    events = events_of(slot.node) if last else []
    event_units = EventUnit.objects.filter(event__in=[event.pk for event in events])
    touched = set(event_units.values_list("event_id", "unit_id"))
    reports = []
    for child in rows:
        figure = None if child.version is None else now.get(child.version.pk)
        phase, before = last.get(child.slot.node_id, (None, None))
        if phase is None or phase.pk not in alike:
            reports.append(IncomingReport(child, _value(figure), _("no earlier report")))
            continue
        since = between(events, phase.due_at, slot.phase.due_at)
        is_broken = any(_breaks(event, child.slot, touched) for event in since)
        last_text = _value(before)
        if phase.no < slot.phase.no - 1:
            last_text = _("%(value)s (phase %(no)s)") % {"value": last_text, "no": phase.no}
        reports.append(
            IncomingReport(child, _value(figure), last_text, _change(figure, before), is_broken)
        )
    return reports


def _alike(phases: Mapping[int, Phase], count: TableCount) -> set[int]:
    """Return those of `phases` whose form counts the same units by this name."""
    forms = {pk: form_of(campaign_form_of(phase)) for pk, phase in phases.items()}
    entries = {pk: form.entry(count.id) for pk, form in forms.items()}
    return {pk for pk, row in entries.items() if row is not None and row.unit is count.unit}


def _breaks(event: OrgEvent, slot: ExpectedReport, touched: set[tuple[int, int]]) -> bool:
    unit = slot.node.unit
    return event.path.startswith(unit.path) or (event.pk, unit.pk) in touched


def _change(now: ReportFigure | None, before: ReportFigure | None) -> str:
    if now is None or before is None or now.total is None or before.total is None:
        return ""
    return difference(now.total, before.total)


def _value(figure: ReportFigure | None) -> str:
    if figure is None:
        return "–"
    if figure.total is not None:
        return format_number(figure.total)
    return absent_words(AbsenceReason(figure.absent)) if figure.absent else "–"


# Predecessors: what units wrote before a merger or split ended them.


@dataclass(frozen=True)
class PredecessorUnit:
    """A predecessor of a unit, with its own answers in the phase."""

    name: str
    is_merged: bool
    own: Mapping[str, OwnValue]


def before_of(slot: ExpectedReport) -> list[PredecessorUnit]:
    """Return what the units before had written for this phase, by name; most have none.

    Cost: one query, three more for each unit before.
    """
    nodes = CampaignNode.objects.filter(replaced_by=slot.node_id)
    # A unit that existed before a merger keeps its own report, beside those of the others.
    if slot.node.from_event is None:
        return []
    predecessors = []
    for node in nodes.filter(from_event=slot.node.from_event).order_by("name_at_freeze", "pk"):
        old = ExpectedReport.objects.filter(node=node, phase_id=slot.phase_id).first()
        own, is_merged = {} if old is None else _own_of(old), node.state == NodeState.MERGED
        predecessors.append(PredecessorUnit(node.name_at_freeze, is_merged, own))
    return predecessors


def summed(form: ReportFormDefinition, before: Sequence[PredecessorUnit]) -> dict[str, OwnValue]:
    """Return the counts that all merged units had given, added up; a split copies nothing."""
    if not before or not all(unit.is_merged for unit in before):
        return {}
    sums = {}
    for count in form.counts():
        values = [unit.own[count.id].value for unit in before if count.id in unit.own]
        numbers = [value.number for value in values if isinstance(value, GradedCount)]
        if len(numbers) == len(before):
            sums[count.id] = OwnValue(GradedCount(sum(numbers), FigureGrade.DECLARED))
    return sums


def _own_of(slot: ExpectedReport) -> Mapping[str, OwnValue]:
    draft = ReportDraft.objects.filter(slot=slot).first()
    if draft is not None:
        return answers.from_json(draft.own)
    last = ReportVersion.objects.filter(slot=slot).order_by("-n").first()
    figures = {} if last is None else figures_of(last)
    return {key: one.own for key, one in figures.items() if one.own is not None}


# The state of a report and the next step, in one sentence.

_UNDER: Mapping[str, Promise] = {
    ExpectedReportState.OPEN: _lazy(
        "Step 1 of 5: the unit writes the report and submits it to %(above)s."
    ),
    ExpectedReportState.DRAFT: _lazy(
        "Step 1 of 5: this is a draft; %(above)s does not see it yet."
    ),
    ExpectedReportState.SUBMITTED: _lazy("Step 2 of 5: %(above)s has to read it."),
    ExpectedReportState.RETURNED: _lazy(
        "Back to step 1 of 5: the unit corrects it and submits it again."
    ),
    ExpectedReportState.ACCEPTED: _lazy(
        "Step 3 of 5: %(above)s accepted it and counts it; the unit's signer has to sign it."
    ),
    ExpectedReportState.SIGNED: _lazy(
        "Step 4 of 5: it is signed; the unit's clerk has to forward it to %(above)s."
    ),
    ExpectedReportState.FORWARDED: _lazy(
        "Step 5 of 5, done: it was forwarded to %(above)s. The unit has nothing more to do."
    ),
    ExpectedReportState.EXCUSED: _lazy("This unit has no report due in this phase."),
}

_AT_THE_TOP: Mapping[str, Promise] = {
    ExpectedReportState.OPEN: _lazy("Step 1 of 5: the office adds up the report and submits it."),
    ExpectedReportState.DRAFT: _lazy("Step 1 of 5: this is a draft; it is not submitted yet."),
    ExpectedReportState.SUBMITTED: _lazy(
        "Step 2 of 5: a second person of the office has to read it."
    ),
    ExpectedReportState.ACCEPTED: _lazy("Step 3 of 5: it is accepted; the signer has to sign it."),
    ExpectedReportState.SIGNED: _lazy(
        "Step 4 of 5: it is signed; the clerk has to issue it with a number."
    ),
    ExpectedReportState.FORWARDED: _lazy(
        "Step 5 of 5, done here: it was issued. Send the document to its addressees "
        "with your office's document system; this portal does not send it."
    ),
}


_NOT_COUNTED = _lazy(
    "Step 3 of 5: %(above)s accepted it after its own total was created, and "
    "decides whether to include it; the unit's signer has to sign it."
)

_ON_PAPER = _lazy(
    "The report was received on paper and counts as submitted. Its figures are not "
    "here yet: the unit types and submits them, so that the total includes them."
)


def standing(state: str, above: str, *, is_counted: bool = True, is_on_paper: bool = False) -> str:
    """Return who acts next on a report in `state`; `above` is who reads it, "" at the top.

    `is_counted` is false where the total above was created before and does not include it;
    `is_on_paper` is true where only a record of a report on paper exists.
    """
    if is_on_paper:
        return str(_ON_PAPER)
    sentence = _UNDER.get(state) if above else _AT_THE_TOP.get(state, _UNDER.get(state))
    if above and state == ExpectedReportState.ACCEPTED and not is_counted:
        sentence = _NOT_COUNTED
    return "" if sentence is None else str(sentence) % {"above": above}


def reader(above: ExpectedReport | None) -> str:
    """Return who reads a report that goes into `above`, "" at the root."""
    return "" if above is None else above.node.name_at_freeze


def acceptance_message(above: ExpectedReport | None, *, is_counted: bool) -> str:
    """Return the message to the office above when it has accepted a report."""
    if above is None:
        return _("Accepted. The signer has to sign it.")
    if is_counted:
        return _("Accepted. Your total includes it from now on.")
    return _(
        "Accepted. Your own total was created before and does not change; decide "
        "whether to include this report."
    )
