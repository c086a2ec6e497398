"""The lines of a report as pages show them: each number with its parts, grade and doubts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quetsach.api.reports import (
    UNIT_LABELS,
    Absent,
    Count,
    Field,
    Figure,
    Finding,
    Form,
    Grade,
    Kind,
    Label,
    Picked,
    Row,
    Rows,
    Section,
    Source,
    Value,
    Words,
    kind_of,
    shown_value,
)
from quetsach_portal.reports.grades import words_of
from quetsach_portal.reports.models import ReportReturn
from quetsach_portal.reports.since_last import delta, difference

NOTHING: Mapping[str, Figure] = {}


@dataclass(frozen=True)
class Line:
    """One field of a report, in words; what is not there is "". One that is known is not asked.

    Shapes: `parts` has own, below and adjustment where the total is more than the own number;
    `said` has each text from below once, behind the names of all that say it;
    `findings` are sentences, each with whether it still stands in the way; `last` is the phase
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
        return self.kind == Kind.COUNT.value


@dataclass(frozen=True)
class Part:
    """A section of the form with its lines."""

    number: str
    title: str
    lines: tuple[Line, ...]


def parts_of(
    form: Form,
    figures: Mapping[str, Figure],
    *,
    last: Mapping[str, Figure] = NOTHING,
    findings: Sequence[Finding] = (),
    remarks: Sequence[ReportReturn] = (),
) -> list[Part]:
    """Return the report section by section, in the language of the page."""
    return [
        Part(
            section.number,
            in_language(section.title),
            tuple(
                _line(entry, figures.get(entry.id), last.get(entry.id), findings, remarks)
                for entry in entries_of(section)
            ),
        )
        for section in form.sections
    ]


def entries_of(section: Section) -> tuple[Field | Row, ...]:
    """Return the fields of a section and the rows of its table, in order."""
    return (*section.fields, *(section.table.rows if section.table else ()))


def in_language(label: Label) -> str:
    """Return `label` in the language of the page."""
    return label.of("en" if get_language() == "en" else "vi")


def value_text(entry: Field | Row, value: Value) -> str:
    """Return a value in words; a choice by its labels, a table by how many rows it has."""
    if isinstance(value, Picked) and isinstance(entry, Field):
        names = {one.id: in_language(one.label) for one in entry.choices}
        return "; ".join(names.get(one, one) for one in value.choices)
    if isinstance(value, Rows):
        return _("%(count)s rows") % {"count": len(value.rows)}
    return shown_value(value)


_TONES = {Grade.MEASURED: "good", Grade.ATTESTED: "info", Grade.DECLARED: "calm"}


def _line(
    entry: Field | Row,
    figure: Figure | None,
    before: Figure | None,
    findings: Sequence[Finding],
    remarks: Sequence[ReportReturn],
) -> Line:
    value = Absent.MISSING if figure is None else figure.total
    own = None if figure is None else figure.own
    grade = value.grade if isinstance(value, Count | Words) else None
    derived = own.derived if own is not None and own.differs else None
    columns = entry.columns if isinstance(entry, Field) else ()
    return Line(
        key=entry.id,
        label=in_language(entry.label),
        kind=kind_of(entry).value,
        text=value_text(entry, value),
        is_absent=isinstance(value, Absent),
        unit="" if entry.unit is None else in_language(UNIT_LABELS[entry.unit]),
        grade=words_of(value),
        tone="calm" if grade is None else _TONES[grade],
        remark=value.remark if isinstance(value, Count) else "",
        reason="" if own is None else own.reason,
        derived="" if derived is None else value_text(entry, derived),
        parts=() if figure is None else _parts(figure),
        said=() if figure is None else _alike(figure),
        rows=value.rows if isinstance(value, Rows) else (),
        columns=tuple(in_language(one.label) for one in columns),
        last="" if before is None else value_text(entry, before.total),
        change=_change(figure, before),
        margin=_margin(figure),
        findings=tuple((one.text(), one.is_open) for one in findings if one.field == entry.id),
        remarks=tuple(one for one in remarks if one.key == entry.id),
        is_known=isinstance(entry, Field) and entry.source is Source.UNIT,
    )


def _parts(figure: Figure) -> tuple[tuple[str, str], ...]:
    made = figure.adjustment
    if figure.children is None and made is None and not figure.overlap:
        return ()
    own = Absent.MISSING if figure.own is None else figure.own.value
    whose = _("by the records of the unit and all below it") if figure.own_is_of_all else _("own")
    found = [(whose, shown_value(own))]
    if figure.children is not None:
        found.append((_("from below"), _number(figure.children)))
    if figure.overlap:
        found.append((_("told twice, counted once"), f"−{_number(figure.overlap)}"))
    if made is not None:
        sign = "+" if made.amount > 0 else "−"
        told = f"{sign}{_number(abs(made.amount))} ({made.reason})"
        found.append((_("adjusted"), told))
    return tuple(found)


def _change(figure: Figure | None, before: Figure | None) -> str:
    by = delta(figure, before)
    if by is None or figure is None or not isinstance(figure.total, Count):
        return ""
    return difference(figure.total.number, figure.total.number - by)


def _alike(figure: Figure) -> tuple[tuple[str, str], ...]:
    found: dict[str, list[str]] = {}
    for one in figure.said:
        found.setdefault(shown_value(one.value), []).append(one.name)
    return tuple(("; ".join(names), text) for text, names in found.items())


def _margin(figure: Figure | None) -> str:
    if figure is None or figure.error is None:
        return ""
    low, high = figure.error
    return _("between %(low)s and %(high)s in 95 of 100 cases") % {
        "low": _number(low),
        "high": _number(high),
    }


def _number(number: int) -> str:
    return shown_value(Count(number, Grade.DECLARED))
