"""The lines of a report as pages show them: each number with its parts, grade and remarks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

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
    format_value,
    kind_of,
)
from quetsach_portal.reports.expected import words_of
from quetsach_portal.reports.models.report import ReportReturn
from quetsach_portal.reports.pages.since_last_phase import delta, difference

NOTHING: Mapping[str, SummedFigure] = {}


@dataclass(frozen=True)
class FieldView:
    """One field of a report, in words; what is not there is "". One that is known is not asked.

    Shapes: `parts` has own, below and adjustment where the total is more than the own number;
    `said` has each text from below once, behind the names of all that say it;
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
        names = {one.id: in_language(one.label) for one in entry.choices}
        return "; ".join(names.get(one, one) for one in answer.choices)
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
        parts.append((_("from below"), _number(figure.children)))
    if figure.overlap:
        parts.append((_("told twice, counted once"), f"−{_number(figure.overlap)}"))
    if adjustment is not None:
        sign = "+" if adjustment.amount > 0 else "−"
        told = f"{sign}{_number(abs(adjustment.amount))} ({adjustment.reason})"
        parts.append((_("adjusted"), told))
    return tuple(parts)


def _change(figure: SummedFigure | None, before: SummedFigure | None) -> str:
    by = delta(figure, before)
    if by is None or figure is None or not isinstance(figure.total, GradedCount):
        return ""
    return difference(figure.total.number, figure.total.number - by)


def _alike(figure: SummedFigure) -> tuple[tuple[str, str], ...]:
    found: dict[str, list[str]] = {}
    for one in figure.said:
        found.setdefault(format_value(one.value), []).append(one.name)
    return tuple(("; ".join(names), text) for text, names in found.items())


def _margin(figure: SummedFigure | None) -> str:
    if figure is None or figure.error is None:
        return ""
    low, high = figure.error
    return _("between %(low)s and %(high)s in 95 of 100 cases") % {
        "low": _number(low),
        "high": _number(high),
    }


def _number(number: int) -> str:
    return format_value(GradedCount(number, FigureGrade.DECLARED))
