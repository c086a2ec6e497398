"""What a report form asks, in words, and what another form would change in the drafts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quetsach.api.reports import (
    FACT,
    UNIT_LABELS,
    Aggregation,
    CheckRule,
    FormCheck,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    Severity,
    TableCount,
    kind_of,
)
from quetsach_portal.campaigns.models.campaign import Phase
from quetsach_portal.reports.models.report import ReportDraft
from quetsach_portal.reports.pages.figures import entries_of, in_language
from quetsach_portal.reports.phase_forms.changing import answers_of, question_text, refitted


@dataclass(frozen=True)
class FieldSummary:
    """One field in words."""

    label: str
    kind: str
    adds: str
    by_records: bool
    is_required: bool


@dataclass(frozen=True)
class FormSection:
    """A section of a form with what it asks."""

    number: str
    title: str
    fields: tuple[FieldSummary, ...]


@dataclass(frozen=True)
class FormOverview:
    """A form as the review page shows it."""

    title: str
    code: str
    version: str
    parts: tuple[FormSection, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True)
class FormChangeEffect:
    """What choosing another form changes.

    Shapes: labels of what is asked newly and no more; `drafts` that were begun, `touched` of them
    with an answer that is set aside.
    """

    added: tuple[str, ...]
    gone: tuple[str, ...]
    drafts: int
    touched: int


def form_overview(form: ReportFormDefinition) -> FormOverview:
    """Return `form` in the language of the page."""
    parts = (
        FormSection(one.number, in_language(one.title), tuple(map(_field_summary, entries_of(one))))
        for one in form.sections
    )
    checks = (_rule(form, one) for one in form.checks)
    return FormOverview(
        in_language(form.title), form.code, form.version, tuple(parts), tuple(filter(None, checks))
    )


def effect(phase: Phase, old: ReportFormDefinition, new: ReportFormDefinition) -> FormChangeEffect:
    """Return what `new` in place of `old` changes. Cost: one query, and each draft is read."""
    before, after = ({one.id: question_text(one) for one in form.entries()} for form in (old, new))
    drafts = ReportDraft.objects.filter(slot__phase=phase)
    drafts = drafts.only("own", "typed", "adjustments", "aside")
    count = touched = 0
    for draft in drafts.iterator(chunk_size=500):
        held = answers_of(draft)
        count += 1
        touched += len(refitted(held, old, new).aside) > len(held.aside)
    return FormChangeEffect(
        added=_labels(new, [key for key, one in after.items() if before.get(key) != one]),
        gone=_labels(old, [key for key, one in before.items() if after.get(key) != one]),
        drafts=count,
        touched=touched,
    )


def _labels(form: ReportFormDefinition, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(_label(form, key) for key in keys)


def _label(form: ReportFormDefinition, key: str) -> str:
    if key.startswith(FACT):
        return _("what the portal knows of the unit")
    entry = form.entry(key)
    return key if entry is None else in_language(entry.label)


def _field_summary(question: ReportField | TableCount) -> FieldSummary:
    kinds = {
        ReportFieldKind.COUNT: _("number"),
        ReportFieldKind.TEXT: _("text"),
        ReportFieldKind.CHOICE: _("choice"),
        ReportFieldKind.TABLE: _("table"),
    }
    unit = "" if question.unit is None else f" ({in_language(UNIT_LABELS[question.unit])})"
    return FieldSummary(
        label=in_language(question.label),
        kind=kinds[kind_of(question)] + unit,
        adds=_adding()[question.aggregation],
        by_records=question.derived is not None,
        is_required=question.required,
    )


def _adding() -> dict[Aggregation, str]:
    return {
        Aggregation.SUM: _("sum"),
        Aggregation.DISTINCT_ORGANISATIONS: _("each organisation once"),
        Aggregation.DISTINCT_MACHINES: _("each machine once"),
        Aggregation.LATEST: _("the newest answer"),
        Aggregation.TEXTS: _("all texts with who wrote them"),
        Aggregation.NONE: _("not added up"),
    }


def _rule(form: ReportFormDefinition, check: FormCheck) -> str:
    facts = {
        "field": _label(form, check.field),
        "others": " + ".join(_labels(form, check.of)),
        "percent": check.percent,
    }
    sentence = {
        CheckRule.NOT_MORE: _("“%(field)s” is not more than “%(others)s”"),
        CheckRule.SUM_OF: _("“%(field)s” is exactly “%(others)s”"),
        CheckRule.NEEDS: _("“%(field)s” above 0 needs “%(others)s”"),
        CheckRule.DROP: _("“%(field)s” falls by no more than %(percent)s %% since the last phase"),
    }[check.rule] % facts
    if check.severity is Severity.ERROR:
        return sentence + " – " + _("no reason answers it")
    return sentence
