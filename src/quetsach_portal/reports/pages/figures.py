"""The figures of a report in words: the lines of its pages, and the rows of its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.reports import (
    UNIT_LABELS,
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    FormPart,
    FormRemark,
    GradedCount,
    Label,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    SummedFigure,
    TableCount,
    TextSource,
    TextValue,
    Value,
    format_number,
    format_value,
    kind_of,
)
from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.reports.models.report import ReportDraft, ReportReturn, ReportVersion
from quetsach_portal.reports.pages.since_last_phase import (
    SinceLastPhase,
    delta,
    describe_changes,
    difference,
    since_last,
)
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.queries import figures_of
from quetsach_portal.reports.writing.checking import checked
from quetsach_portal.web.paging import Row as Cells
from quetsach_portal.web.paging import TableFile

WORDS = {
    FigureGrade.MEASURED: _lazy("counted from records"),
    FigureGrade.ATTESTED: _lazy("backed by proof"),
    FigureGrade.DECLARED: _lazy("declared"),
}


def words_of(value: Value | None) -> str:
    """Return how far a value is to be trusted, in words; "" for what is none."""
    grade = getattr(value, "grade", None)
    return str(WORDS[grade]) if isinstance(grade, FigureGrade) else ""


def shares(total: Value, grades: Mapping[FigureGrade, int]) -> list[str]:
    """Return how much of a total is known how: "12 declared" where it is known in several ways.

    Where duplicates or adjustments were subtracted, the shares are unknown: the weakest is named.
    """
    if not isinstance(total, GradedCount):
        return []
    by_grade = {grade: number for grade, number in grades.items() if number}
    if not by_grade and total.number and total.grade is not FigureGrade.MEASURED:
        return [_("its weakest part: %(grade)s") % {"grade": words_of(total)}]
    if len(by_grade) < 2:
        return [words_of(total)]
    return [
        _("%(number)s %(grade)s") % {"number": format_number(number), "grade": WORDS[grade]}
        for grade, number in by_grade.items()
    ]


NOTHING: Mapping[str, SummedFigure] = {}


@dataclass(frozen=True)
class FieldView:
    """A field of a report, in words; "" where there is nothing. A known field is not asked for.

    Shapes: `parts` has own, below and adjustment where the total is more than the own number;
    `said` has each text from below once, with the names of its units;
    `findings` are sentences, each with whether it prevents submission; `last` is the phase
    before, and `change` how much more or less this one has.
    """

    key: str
    label: str
    kind: str
    text: str
    is_absent: bool
    unit: str = ""
    grade: str = ""
    tone: str = "calm"
    remark: str = ""
    reason: str = ""
    derived: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ()
    last: str = ""
    change: str = ""
    margin: str = ""
    findings: tuple[tuple[str, bool], ...] = ()
    remarks: tuple[ReportReturn, ...] = ()
    is_known: bool = False

    @property
    def is_count(self) -> bool:
        """Whether it is a number."""
        return self.kind == ReportFieldKind.COUNT.value


@dataclass(frozen=True)
class ReportSection:
    """A section of the form with its lines."""

    number: str
    title: str
    lines: tuple[FieldView, ...]


def parts_of(
    form: ReportFormDefinition,
    figures: Mapping[str, SummedFigure],
    *,
    last: Mapping[str, SummedFigure] = NOTHING,
    findings: Sequence[FormRemark] = (),
    remarks: Sequence[ReportReturn] = (),
) -> list[ReportSection]:
    """Return the report section by section, in the language of the page."""
    return [
        ReportSection(
            section.number,
            in_language(section.title),
            tuple(
                _line(entry, figures.get(entry.id), last.get(entry.id), findings, remarks)
                for entry in entries_of(section)
            ),
        )
        for section in form.sections
    ]


def entries_of(section: FormPart) -> tuple[ReportField | TableCount, ...]:
    """Return the fields of a section and the rows of its table, in order."""
    return (*section.fields, *(section.table.rows if section.table else ()))


def in_language(label: Label) -> str:
    """Return `label` in the language of the page."""
    return label.of("en" if get_language() == "en" else "vi")


def value_text(entry: ReportField | TableCount, answer: Value) -> str:
    """Return a value in words; a choice by its labels, a table by how many rows it has."""
    if isinstance(answer, ChosenAnswers) and isinstance(entry, ReportField):
        names = {choice.id: in_language(choice.label) for choice in entry.choices}
        return "; ".join(names.get(choice, choice) for choice in answer.choices)
    if isinstance(answer, FieldRows):
        return _("%(count)s rows") % {"count": len(answer.rows)}
    return format_value(answer)


_TONES = {FigureGrade.MEASURED: "good", FigureGrade.ATTESTED: "info", FigureGrade.DECLARED: "calm"}


def _line(
    question: ReportField | TableCount,
    figure: SummedFigure | None,
    before: SummedFigure | None,
    findings: Sequence[FormRemark],
    remarks: Sequence[ReportReturn],
) -> FieldView:
    total = AbsenceReason.MISSING if figure is None else figure.total
    own = None if figure is None else figure.own
    grade = total.grade if isinstance(total, GradedCount | TextValue) else None
    derived = own.derived if own is not None and own.differs else None
    columns = question.columns if isinstance(question, ReportField) else ()
    return FieldView(
        key=question.id,
        label=in_language(question.label),
        kind=kind_of(question).value,
        text=value_text(question, total),
        is_absent=isinstance(total, AbsenceReason),
        unit="" if question.unit is None else in_language(UNIT_LABELS[question.unit]),
        grade=words_of(total),
        tone="calm" if grade is None else _TONES[grade],
        remark=total.remark if isinstance(total, GradedCount) else "",
        reason="" if own is None else own.reason,
        derived="" if derived is None else value_text(question, derived),
        parts=() if figure is None else _parts(figure),
        said=() if figure is None else _alike(figure),
        rows=total.rows if isinstance(total, FieldRows) else (),
        columns=tuple(in_language(one.label) for one in columns),
        last="" if before is None else value_text(question, before.total),
        change=_change(figure, before),
        margin=_margin(figure),
        findings=tuple((one.text(), one.is_open) for one in findings if one.field == question.id),
        remarks=tuple(one for one in remarks if one.key == question.id),
        is_known=isinstance(question, ReportField) and question.source is TextSource.UNIT,
    )


def _parts(figure: SummedFigure) -> tuple[tuple[str, str], ...]:
    adjustment = figure.adjustment
    if figure.children is None and adjustment is None and not figure.overlap:
        return ()
    own = AbsenceReason.MISSING if figure.own is None else figure.own.value
    whose = _("by the records of the unit and all below it") if figure.own_is_of_all else _("own")
    parts = [(whose, format_value(own))]
    if figure.children is not None:
        parts.append((_("from below"), format_number(figure.children)))
    if figure.overlap:
        parts.append((_("duplicates, counted once"), f"−{format_number(figure.overlap)}"))
    if adjustment is not None:
        sign = "+" if adjustment.amount > 0 else "−"
        amount = format_number(abs(adjustment.amount))
        parts.append((_("adjusted"), f"{sign}{amount} ({adjustment.reason})"))
    return tuple(parts)


def _change(figure: SummedFigure | None, before: SummedFigure | None) -> str:
    by = delta(figure, before)
    if by is None or figure is None or not isinstance(figure.total, GradedCount):
        return ""
    return difference(figure.total.number, figure.total.number - by)


def _alike(figure: SummedFigure) -> tuple[tuple[str, str], ...]:
    names_by_text: dict[str, list[str]] = {}
    for quote in figure.said:
        names_by_text.setdefault(format_value(quote.value), []).append(quote.name)
    return tuple(("; ".join(names), text) for text, names in names_by_text.items())


def _margin(figure: SummedFigure | None) -> str:
    if figure is None or figure.error is None:
        return ""
    low, high = map(format_number, figure.error)
    return _("95 percent confidence range from %(low)s to %(high)s") % {"low": low, "high": high}


# The same figures as rows of a file: own, from below, total, and the last phase.

COLUMNS = {
    "field": _lazy("Code of the field"),
    "label": _lazy("Question"),
    "kind": _lazy("Kind of answer"),
    "counts": _lazy("What is counted"),
    "own": _lazy("Own"),
    "below": _lazy("From below"),
    "told_twice": _lazy("Duplicates subtracted"),
    "adjusted": _lazy("Adjusted"),
    "total": _lazy("Total"),
    "last_phase": _lazy("Compared with phase"),
    "last_total": _lazy("Total of that phase"),
    "difference": _lazy("Difference"),
    "units_changed": _lazy("Units that changed since"),
    "phases_missing": _lazy("Phases in between without a report"),
}
"""The heading of each column by its key."""


def name_of(slot: ExpectedReport) -> str:
    """Return what a file of these figures is called, without its end."""
    return f"so-lieu-bao-cao-{slot.node.unit.code}-dot-{slot.phase.no}"


def of_draft(slot: ExpectedReport, draft: ReportDraft) -> TableFile:
    """Return what `draft` adds up to today. Errors: as `checking.checked`."""
    draft_check = checked(slot, draft)
    return table_of(draft_check.form, draft_check.total.figures, since_last(slot))


def of_version(version: ReportVersion) -> TableFile:
    """Return the figures of `version`. Errors: QuetsachError when it was changed."""
    return table_of(form_of(version.form), figures_of(version), since_last(version.slot))


def table_of(
    form: ReportFormDefinition, figures: Mapping[str, SummedFigure], since: SinceLastPhase
) -> TableFile:
    """Return a row for each field of the form, in its order."""
    rows = [_row(question, figures.get(question.id), since) for question in form.entries()]
    return TableFile(tuple(COLUMNS), list(map(str, COLUMNS.values())), rows)


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
