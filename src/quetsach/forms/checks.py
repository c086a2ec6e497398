"""What is odd about the figures of a report: impossible, or in need of a reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quetsach.errors.catalogue import N_
from quetsach.forms.definition import (
    FACT,
    CheckRule,
    FormCheck,
    Label,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    Severity,
    TableCount,
    kind_of,
)
from quetsach.forms.values import (
    MOST,
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    GradedCount,
    SummedFigure,
    TextValue,
    Value,
    format_number,
    format_value,
)
from quetsach.texts import Language, _, in_language, language

LONGEST_TEXT = 20_000
MOST_ROWS = 500

TEXTS: Mapping[str, str] = {
    "required": N_("%(label)s is not answered: give it, or say why there is none."),
    "not-a-number": N_("%(label)s is not a number."),
    "wrong-kind": N_("%(label)s has an answer of the wrong kind."),
    "too-large": N_("%(label)s is more than is possible."),
    "too-long": N_("%(label)s is longer than %(most)s characters."),
    "unknown-choice": N_("%(label)s names an answer that the form does not offer."),
    "bad-row": N_("%(label)s has a row that does not fit its columns."),
    "too-many-rows": N_("%(label)s has more than %(most)s rows."),
    "differs": N_("%(label)s: %(number)s was given, the records say %(derived)s. Why?"),
    "not-more": N_("%(label)s is %(number)s, more than %(others)s (%(limit)s)."),
    "sum-of": N_("%(label)s is %(number)s, but %(others)s make %(limit)s."),
    "needs": N_("%(label)s is %(number)s, but %(others)s is not answered."),
    "not-without": N_("%(label)s is %(number)s, but %(others)s is 0. Why?"),
    "drop": N_("%(label)s fell from %(before)s to %(number)s since the last phase."),
}
"""The sentence of each finding, by its code."""

ANSWERED: Mapping[str, str] = {
    "not-without": N_("%(label)s is %(number)s, but %(others)s is 0."),
    "differs": N_("%(label)s: %(number)s was given, the records say %(derived)s."),
}
"""The sentence of a finding that needs a reason, once there is one."""

_FACTS: Mapping[str, str] = {
    "staff": N_("the unit's staff"),
    "organisations": N_("the organisations of the unit"),
    "machines": N_("the unit's machines"),
}


_ALWAYS = (FormCheck(CheckRule.NOT_WITHOUT, "people_took_part", ("organisations_deployed",)),)
"""Contradictions between figures of any form that has them; a form itself never changes."""


@dataclass(frozen=True)
class FormRemark:
    """One remark: its field, its code, its severity. A reason answers a warning, but not an error.

    Shapes: `reason` is what the unit gave as a reason for this field, empty where it gave none.
    """

    field: str
    code: str
    severity: Severity
    facts: Mapping[str, Any]
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it blocks handing the report in."""
        return self.severity is Severity.ERROR or not self.reason.strip()

    def text(self, wanted: Language | None = None) -> str:
        """Return the sentence, in the language `wanted` or the one in use."""
        with in_language(wanted):
            spoken = {name: _fact_text(value) for name, value in self.facts.items()}
            told = ANSWERED.get(self.code) if self.reason.strip() else None
            return _(TEXTS[self.code] if told is None else told) % spoken


def check(
    form: ReportFormDefinition,
    figures: Mapping[str, SummedFigure],
    last: Mapping[str, SummedFigure] | None = None,
    facts: Mapping[str, int] | None = None,
) -> tuple[FormRemark, ...]:
    """Return what is odd about `figures`, in the form's order.

    Shapes: `last` are the figures of the phase before; `facts` other numbers known of the unit,
    such as `staff`. A rule with an unknown operand is skipped.
    """
    known_facts = {} if facts is None else facts
    remarks: list[FormRemark] = []
    for field in form.entries():
        figure = figures.get(field.id)
        value = AbsenceReason.MISSING if figure is None else figure.total
        remarks += _of_value(field, value)
        remarks += _differs(field, figure)
        remarks += _drop(form, field, value, last or {})
    for rule in (*form.checks, *_ALWAYS):
        remarks += _of_rule(rule, form, figures, known_facts)
    return tuple(_with_reason(remark, figures) for remark in remarks)


def open_findings(findings: tuple[FormRemark, ...]) -> tuple[FormRemark, ...]:
    """Return the blocking ones: each error, and each warning without a reason."""
    return tuple(one for one in findings if one.is_open)


def _with_reason(finding: FormRemark, figures: Mapping[str, SummedFigure]) -> FormRemark:
    figure = figures.get(finding.field)
    reason = "" if figure is None or figure.own is None else figure.own.reason
    return FormRemark(finding.field, finding.code, finding.severity, finding.facts, reason)


def _of_value(field: ReportField | TableCount, answer: Value) -> Iterator[FormRemark]:
    if _is_open(answer):
        if field.required:
            yield _error(field, "required")
        return
    if isinstance(answer, AbsenceReason):
        return
    kind = kind_of(field)
    if kind is ReportFieldKind.COUNT and isinstance(answer, GradedCount):
        if not answer.number >= 0:
            yield _error(field, "not-a-number")
    elif kind is ReportFieldKind.TEXT and isinstance(answer, TextValue):
        if len(answer.text) > LONGEST_TEXT:
            yield _error(field, "too-long", most=LONGEST_TEXT)
    elif (
        isinstance(field, ReportField)
        and kind is ReportFieldKind.CHOICE
        and isinstance(answer, ChosenAnswers)
    ):
        offered = {choice.id for choice in field.choices}
        picked = answer.choices
        if not set(picked) <= offered or (len(picked) > 1 and not field.several):
            yield _error(field, "unknown-choice")
    elif (
        isinstance(field, ReportField)
        and kind is ReportFieldKind.TABLE
        and isinstance(answer, FieldRows)
    ):
        yield from _of_rows(field, answer)
    else:
        yield _error(field, "not-a-number" if kind is ReportFieldKind.COUNT else "wrong-kind")


def _is_open(answer: Value) -> bool:
    """Tell whether there is no answer: blanks, no choice or no row."""
    if isinstance(answer, TextValue):
        return not answer.text.strip()
    if isinstance(answer, ChosenAnswers):
        return not answer.choices
    return not answer.rows if isinstance(answer, FieldRows) else answer is AbsenceReason.MISSING


def _of_rows(field: ReportField, table: FieldRows) -> Iterator[FormRemark]:
    if len(table.rows) > MOST_ROWS:
        yield _error(field, "too-many-rows", most=MOST_ROWS)
    if any(len(row) != len(field.columns) for row in table.rows):
        yield _error(field, "bad-row")
    if sum(len(cell) for row in table.rows for cell in row) > LONGEST_TEXT:
        yield _error(field, "too-long", most=LONGEST_TEXT)


def _differs(field: ReportField | TableCount, figure: SummedFigure | None) -> Iterator[FormRemark]:
    own = None if figure is None else figure.own
    if own is None:
        return
    if isinstance(own.value, GradedCount) and own.value.number > MOST:
        yield _error(field, "too-large")
    if own.differs and own.derived is not None:
        facts = {"number": own.value, "derived": own.derived}
        yield _finding(field, "differs", Severity.WARNING, **facts)


def _drop(
    form: ReportFormDefinition,
    field: ReportField | TableCount,
    answer: Value,
    last: Mapping[str, SummedFigure],
) -> Iterator[FormRemark]:
    own = [one for one in form.checks if one.rule is CheckRule.DROP and one.field == field.id]
    percent = own[0].percent if own else form.drop_percent
    before = last[field.id].total if field.id in last else None
    if not percent or not isinstance(answer, GradedCount) or not isinstance(before, GradedCount):
        return
    if (before.number - answer.number) * 100 > percent * before.number:
        severity = own[0].severity if own else Severity.WARNING
        yield _finding(field, "drop", severity, number=answer, before=before)


def _of_rule(
    rule: FormCheck,
    form: ReportFormDefinition,
    figures: Mapping[str, SummedFigure],
    facts: Mapping[str, int],
) -> Iterator[FormRemark]:
    field = form.entry(rule.field)
    number = _number(rule.field, figures, facts)
    if field is None or number is None or rule.rule is CheckRule.DROP:
        return
    others = [_label(one, form) for one in rule.of]
    if rule.rule is CheckRule.NEEDS:
        missing = [
            label
            for one, label in zip(rule.of, others, strict=True)
            if one not in figures or _is_open(figures[one].total)
        ]
        if number and missing:
            yield _finding(field, "needs", rule.severity, number=number, others=missing)
        return
    parts = [_number(one, figures, facts) for one in rule.of]
    if rule.rule is CheckRule.NOT_WITHOUT:
        empty = [label for label, part in zip(others, parts, strict=True) if part == 0]
        if number and empty:
            yield _finding(field, "not-without", rule.severity, number=number, others=empty)
        return
    limit = sum(part for part in parts if part is not None)
    if None in parts:
        return
    if rule.rule is CheckRule.NOT_MORE and number > limit:
        compared = {"number": number, "others": others, "limit": limit}
        yield _finding(field, "not-more", rule.severity, **compared)
    if rule.rule is CheckRule.SUM_OF and number != limit:
        compared = {"number": number, "others": others, "limit": limit}
        yield _finding(field, "sum-of", rule.severity, **compared)


def _number(key: str, figures: Mapping[str, SummedFigure], facts: Mapping[str, int]) -> int | None:
    if key.startswith(FACT):
        return facts.get(key.removeprefix(FACT))
    figure = figures.get(key)
    value = None if figure is None else figure.total
    if value is AbsenceReason.NIL:
        return 0
    return value.number if isinstance(value, GradedCount) else None


def _label(key: str, form: ReportFormDefinition) -> object:
    entry = form.entry(key)
    return key if entry is None else entry.label


def _finding(
    entry: ReportField | TableCount, code: str, severity: Severity, **facts: Any
) -> FormRemark:
    return FormRemark(entry.id, code, severity, {"label": entry.label, **facts})


def _error(entry: ReportField | TableCount, code: str, **facts: Any) -> FormRemark:
    return _finding(entry, code, Severity.ERROR, **facts)


def _fact_text(fact: object) -> str:
    if isinstance(fact, Label):
        return fact.of(language())
    if isinstance(fact, list):
        return ", ".join(map(_fact_text, fact))
    if isinstance(fact, int):
        return format_number(fact)
    if isinstance(fact, AbsenceReason | GradedCount | TextValue | ChosenAnswers | FieldRows):
        return format_value(fact)
    name = str(fact).removeprefix(FACT)
    return _(_FACTS[name]) if name in _FACTS else name
