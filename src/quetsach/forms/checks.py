"""What is odd about the figures of a report: impossible, or in need of a reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quetsach.errors import N_
from quetsach.forms.definition import (
    FACT,
    Check,
    Field,
    Form,
    Kind,
    Label,
    Row,
    Rule,
    Severity,
    kind_of,
)
from quetsach.forms.figure import Figure
from quetsach.forms.numbers import shown, shown_value
from quetsach.forms.values import MOST, Absent, Count, Picked, Rows, Value, Words
from quetsach.texts import Language, _, in_language, language

LONGEST_TEXT = 20_000
MOST_ROWS = 500

TEXTS: Mapping[str, str] = {
    "required": N_("%(label)s is not answered: give it, or say why there is none."),
    "not-a-number": N_("%(label)s is not a number."),
    "wrong-kind": N_("%(label)s has an answer of another kind."),
    "too-large": N_("%(label)s is more than is possible."),
    "too-long": N_("%(label)s is longer than %(most)s characters."),
    "unknown-choice": N_("%(label)s names an answer that the form does not offer."),
    "bad-row": N_("%(label)s has a row that does not fit its columns."),
    "too-many-rows": N_("%(label)s has more than %(most)s rows."),
    "differs": N_("%(label)s: %(number)s was given, the records say %(derived)s. Why?"),
    "not-more": N_("%(label)s is %(number)s, more than %(others)s (%(limit)s)."),
    "sum-of": N_("%(label)s is %(number)s, but %(others)s make %(limit)s."),
    "needs": N_("%(label)s is %(number)s, but %(others)s is not answered."),
    "drop": N_("%(label)s fell from %(before)s to %(number)s since the last phase."),
}
"""What each finding says, by its code."""

ANSWERED: Mapping[str, str] = {
    "differs": N_("%(label)s: %(number)s was given, the records say %(derived)s."),
}
"""What a finding says that asks for a reason, once there is one."""

_FACTS: Mapping[str, str] = {
    "staff": N_("the unit's staff"),
    "organisations": N_("the organisations of the unit"),
    "machines": N_("the unit's machines"),
}


@dataclass(frozen=True)
class Finding:
    """One odd thing: where, what, how grave. A warning is answered by a reason; an error is not.

    Shapes: `reason` is what the unit gave as a reason for this field, empty where it gave none.
    """

    field: str
    code: str
    severity: Severity
    facts: Mapping[str, Any]
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it stands in the way of handing the report in."""
        return self.severity is Severity.ERROR or not self.reason.strip()

    def text(self, wanted: Language | None = None) -> str:
        """Return the sentence, in the language `wanted` or the one in use."""
        with in_language(wanted):
            spoken = {name: _said(value) for name, value in self.facts.items()}
            told = ANSWERED.get(self.code) if self.reason.strip() else None
            return _(TEXTS[self.code] if told is None else told) % spoken


def check(
    form: Form,
    figures: Mapping[str, Figure],
    last: Mapping[str, Figure] | None = None,
    facts: Mapping[str, int] | None = None,
) -> tuple[Finding, ...]:
    """Return what is odd about `figures`, in the form's order.

    Shapes: `last` are the figures of the phase before; `facts` what is known of the unit besides,
    such as `staff`. A rule of which a part is not known is not asked.
    """
    known = {} if facts is None else facts
    found: list[Finding] = []
    for entry in form.entries():
        figure = figures.get(entry.id)
        value = Absent.MISSING if figure is None else figure.total
        found += _of_value(entry, value)
        found += _differs(entry, figure)
        found += _drop(form, entry, value, last or {})
    for rule in form.checks:
        found += _of_rule(rule, form, figures, known)
    return tuple(_with_reason(one, figures) for one in found)


def open_findings(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return those that stand in the way: each error, and each warning without a reason."""
    return tuple(one for one in findings if one.is_open)


def _with_reason(finding: Finding, figures: Mapping[str, Figure]) -> Finding:
    figure = figures.get(finding.field)
    reason = "" if figure is None or figure.own is None else figure.own.reason
    return Finding(finding.field, finding.code, finding.severity, finding.facts, reason)


def _of_value(entry: Field | Row, value: Value) -> Iterator[Finding]:
    if _is_open(value):
        if entry.required:
            yield _error(entry, "required")
        return
    if isinstance(value, Absent):
        return
    kind = kind_of(entry)
    if kind is Kind.COUNT and isinstance(value, Count):
        if not value.number >= 0:
            yield _error(entry, "not-a-number")
    elif kind is Kind.TEXT and isinstance(value, Words):
        if len(value.text) > LONGEST_TEXT:
            yield _error(entry, "too-long", most=LONGEST_TEXT)
    elif isinstance(entry, Field) and kind is Kind.CHOICE and isinstance(value, Picked):
        offered = {choice.id for choice in entry.choices}
        picked = value.choices
        if not set(picked) <= offered or (len(picked) > 1 and not entry.several):
            yield _error(entry, "unknown-choice")
    elif isinstance(entry, Field) and kind is Kind.TABLE and isinstance(value, Rows):
        yield from _of_rows(entry, value)
    else:
        yield _error(entry, "not-a-number" if kind is Kind.COUNT else "wrong-kind")


def _is_open(value: Value) -> bool:
    """Tell whether nothing was answered; blanks, no choice and no row are no answer."""
    if isinstance(value, Words):
        return not value.text.strip()
    if isinstance(value, Picked):
        return not value.choices
    return not value.rows if isinstance(value, Rows) else value is Absent.MISSING


def _of_rows(entry: Field, value: Rows) -> Iterator[Finding]:
    if len(value.rows) > MOST_ROWS:
        yield _error(entry, "too-many-rows", most=MOST_ROWS)
    if any(len(row) != len(entry.columns) for row in value.rows):
        yield _error(entry, "bad-row")
    if sum(len(cell) for row in value.rows for cell in row) > LONGEST_TEXT:
        yield _error(entry, "too-long", most=LONGEST_TEXT)


def _differs(entry: Field | Row, figure: Figure | None) -> Iterator[Finding]:
    own = None if figure is None else figure.own
    if own is None:
        return
    if isinstance(own.value, Count) and own.value.number > MOST:
        yield _error(entry, "too-large")
    if own.differs and own.derived is not None:
        facts = {"number": own.value, "derived": own.derived}
        yield _finding(entry, "differs", Severity.WARNING, **facts)


def _drop(
    form: Form, entry: Field | Row, value: Value, last: Mapping[str, Figure]
) -> Iterator[Finding]:
    own = [one for one in form.checks if one.rule is Rule.DROP and one.field == entry.id]
    percent = own[0].percent if own else form.drop_percent
    before = last[entry.id].total if entry.id in last else None
    if not percent or not isinstance(value, Count) or not isinstance(before, Count):
        return
    if (before.number - value.number) * 100 > percent * before.number:
        severity = own[0].severity if own else Severity.WARNING
        yield _finding(entry, "drop", severity, number=value, before=before)


def _of_rule(
    rule: Check, form: Form, figures: Mapping[str, Figure], facts: Mapping[str, int]
) -> Iterator[Finding]:
    entry = form.entry(rule.field)
    number = _number(rule.field, figures, facts)
    if entry is None or number is None or rule.rule is Rule.DROP:
        return
    others = [_label(one, form) for one in rule.of]
    if rule.rule is Rule.NEEDS:
        missing = [
            label
            for one, label in zip(rule.of, others, strict=True)
            if one not in figures or _is_open(figures[one].total)
        ]
        if number and missing:
            yield _finding(entry, "needs", rule.severity, number=number, others=missing)
        return
    parts = [_number(one, figures, facts) for one in rule.of]
    limit = sum(part for part in parts if part is not None)
    if None in parts:
        return
    if rule.rule is Rule.NOT_MORE and number > limit:
        said = {"number": number, "others": others, "limit": limit}
        yield _finding(entry, "not-more", rule.severity, **said)
    if rule.rule is Rule.SUM_OF and number != limit:
        said = {"number": number, "others": others, "limit": limit}
        yield _finding(entry, "sum-of", rule.severity, **said)


def _number(key: str, figures: Mapping[str, Figure], facts: Mapping[str, int]) -> int | None:
    if key.startswith(FACT):
        return facts.get(key.removeprefix(FACT))
    figure = figures.get(key)
    value = None if figure is None else figure.total
    if value is Absent.NIL:
        return 0
    return value.number if isinstance(value, Count) else None


def _label(key: str, form: Form) -> object:
    entry = form.entry(key)
    return key if entry is None else entry.label


def _finding(entry: Field | Row, code: str, severity: Severity, **facts: Any) -> Finding:
    return Finding(entry.id, code, severity, {"label": entry.label, **facts})


def _error(entry: Field | Row, code: str, **facts: Any) -> Finding:
    return _finding(entry, code, Severity.ERROR, **facts)


def _said(value: object) -> str:
    if isinstance(value, Label):
        return value.of(language())
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, int):
        return shown(value)
    if isinstance(value, Absent | Count | Words | Picked | Rows):
        return shown_value(value)
    name = str(value).removeprefix(FACT)
    return _(_FACTS[name]) if name in _FACTS else name
