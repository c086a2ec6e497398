"""The figures of one report as a table: own, from below, total, and the last phase."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from quetsach.api.reports import (
    UNIT_LABELS,
    AbsenceReason,
    GradedCount,
    ReportField,
    ReportFormDefinition,
    SummedFigure,
    TableCount,
    Value,
    kind_of,
)
from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.reports.expected import figures_of
from quetsach_portal.reports.models.report import ReportDraft, ReportVersion
from quetsach_portal.reports.pages.figures import in_language, value_text
from quetsach_portal.reports.pages.since_last_phase import (
    SinceLastPhase,
    delta,
    describe_changes,
    since_last,
)
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.writing.checking import checked
from quetsach_portal.web.paging import Row as Cells
from quetsach_portal.web.paging import TableFile

KEYS = (
    "field",
    "label",
    "kind",
    "counts",
    "own",
    "below",
    "told_twice",
    "adjusted",
    "total",
    "last_phase",
    "last_total",
    "difference",
    "units_changed",
    "phases_missing",
)


def name_of(slot: ExpectedReport) -> str:
    """Return what a file of these figures is called, without its end."""
    return f"so-lieu-bao-cao-{slot.node.unit.code}-dot-{slot.phase.no}"


def of_draft(slot: ExpectedReport, draft: ReportDraft) -> TableFile:
    """Return what `draft` adds up to today. Errors: as `checking.checked`."""
    found = checked(slot, draft)
    return table_of(found.form, found.total.figures, since_last(slot))


def of_version(version: ReportVersion) -> TableFile:
    """Return what `version` says. Errors: QuetsachError when it was changed."""
    return table_of(form_of(version.form), figures_of(version), since_last(version.slot))


def table_of(
    form: ReportFormDefinition, figures: Mapping[str, SummedFigure], since: SinceLastPhase
) -> TableFile:
    """Return a row for each field of the form, in its order."""
    rows = [_row(one, figures.get(one.id), since) for one in form.entries()]
    return TableFile(KEYS, _heads(), rows)


def _row(
    question: ReportField | TableCount, figure: SummedFigure | None, since: SinceLastPhase
) -> Cells:
    before = since.figures.get(question.id)
    own = None if figure is None else figure.own
    adjusted = None if figure is None else figure.adjustment
    return [
        question.id,
        in_language(question.label),
        kind_of(question).value,
        "" if question.unit is None else in_language(UNIT_LABELS[question.unit]),
        None if own is None else _cell(question, own.value),
        None if figure is None else figure.children,
        None if figure is None or not figure.overlap else figure.overlap,
        None if adjusted is None else adjusted.amount,
        _cell(question, AbsenceReason.MISSING if figure is None else figure.total),
        None if since.phase is None else since.phase.no,
        None if before is None else _cell(question, before.total),
        delta(figure, before),
        " ".join(describe_changes(since)),
        " ".join(since.gaps),
    ]


def _cell(entry: ReportField | TableCount, value: Value) -> str | int:
    return value.number if isinstance(value, GradedCount) else value_text(entry, value)


def _heads() -> list[str]:
    named = {
        "field": _("Code of the field"),
        "label": _("Question"),
        "kind": _("Kind of answer"),
        "counts": _("What is counted"),
        "own": _("Own"),
        "below": _("From below"),
        "told_twice": _("Told twice, counted once"),
        "adjusted": _("Adjusted"),
        "total": _("Total"),
        "last_phase": _("Held against phase"),
        "last_total": _("Total then"),
        "difference": _("Difference"),
        "units_changed": _("Units that changed since"),
        "phases_missing": _("Phases between without a report"),
    }
    return [str(named[key]) for key in KEYS]
