"""The answer to one field as typed, and the value that it means."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from quetsach.api.reports import (
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    QuetsachError,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    TableCount,
    TextSource,
    TextValue,
    Value,
    format_number,
    kind_of,
    own_from_json,
    own_to_json,
    read_count,
    same_answer,
)
from quetsach_portal.reports.records.units import DerivedAnswer

ZERO = "zero"
"""Chosen in place of a number: counted, and there was none."""

LONGEST = 100_000
_ABSENT = {why.value: why for why in AbsenceReason if why is not AbsenceReason.MISSING}


@dataclass(frozen=True)
class TypedAnswer:
    """An answer as it was typed.

    Shapes: `text` for a number or a text; `instead` is "", zero, nil, not_collected or
    not_applicable; `picked` for a choice, `rows` for a table. `remark` is printed beside the
    number; `reason` explains an unusual number or a difference from the records.
    """

    text: str = ""
    instead: str = ""
    picked: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    remark: str = ""
    reason: str = ""


def value_of(question: ReportField | TableCount, answer: TypedAnswer) -> Value:
    """Return the value that `answer` gives. Errors: QuetsachError for what is no number."""
    if answer.instead in _ABSENT:
        return _ABSENT[answer.instead]
    kind = kind_of(question)
    if kind is ReportFieldKind.COUNT:
        remark = tidy(answer.remark)[:1000]
        if answer.instead == ZERO:
            return GradedCount(0, FigureGrade.DECLARED, remark)
        if not answer.text.strip():
            return AbsenceReason.MISSING
        return GradedCount(read_count(answer.text, question.id), FigureGrade.DECLARED, remark)
    if kind is ReportFieldKind.CHOICE:
        return ChosenAnswers(answer.picked) if answer.picked else AbsenceReason.MISSING
    if kind is ReportFieldKind.TABLE:
        rows = tuple(tuple(map(tidy, row)) for row in answer.rows if any(map(str.strip, row)))
        return FieldRows(rows) if rows else AbsenceReason.MISSING
    text = tidy(answer.text)
    return TextValue(text, FigureGrade.DECLARED) if text else AbsenceReason.MISSING


def own_of(stated: Value, derived: DerivedAnswer | None, reason: str) -> OwnValue:
    """Return the own value of a unit with the answer of its records beside it.

    An equal answer has the grade of the records; named organisations stay if the number allows.
    """
    reason = tidy(reason)[:1000]
    if derived is None:
        return OwnValue(stated, reason=reason)
    agrees = same_answer(stated, derived.value)
    if not isinstance(stated, GradedCount):
        return OwnValue(derived.value if agrees else stated, derived.value, reason)
    grade = derived.grade if agrees else FigureGrade.DECLARED
    named = derived.organisations if stated.number >= len(derived.organisations) else frozenset()
    stated = GradedCount(stated.number, grade, stated.remark)
    return OwnValue(stated, derived.value, reason, named, derived.sketch)


def with_remark(value: Value, remark: str) -> Value:
    """Return `value` with a remark printed beside it; only a number has one."""
    return replace(value, remark=remark) if isinstance(value, GradedCount) else value


def contradiction(question: ReportField | TableCount, answer: TypedAnswer) -> str:
    """Return what is wrong with `answer` as it was typed, "" where nothing is."""
    if answer.instead and has_content(answer):
        return contradiction_text(question)
    try:
        value_of(question, answer)
    except QuetsachError as error:
        return str(error.problem.facts.get("reason", error))
    return ""


def has_content(answer: TypedAnswer) -> bool:
    """True where something was typed or picked, a reason why there is nothing aside."""
    cells = (cell for row in answer.rows for cell in row)
    return bool(answer.text.strip() or answer.picked or any(map(str.strip, cells)))


def contradiction_text(entry: ReportField | TableCount) -> str:
    """Return the message for an answer together with a reason why there is none."""
    if kind_of(entry) is ReportFieldKind.COUNT:
        return _("Give a number or the reason why there is none, not both.")
    return _("Give an answer or the reason why there is none, not both.")


def as_typed(answer: TypedAnswer) -> str:
    """Return the input as one text, to be kept while it is not a valid answer."""
    rows = (" | ".join(row) for row in answer.rows if any(map(str.strip, row)))
    return tidy(answer.text) or "; ".join((*answer.picked, *rows)) or answer.instead


def untaken(question: ReportField | TableCount, typed: str) -> str:
    """Return why `typed`, kept as it was typed, is no answer to `question`."""
    if kind_of(question) is ReportFieldKind.COUNT:
        try:
            read_count(typed, question.id)
        except QuetsachError:
            return _("%(text)s is not a number.") % {"text": f"“{typed}”"}
    return contradiction_text(question)


def as_answer(own: OwnValue | None, typed: str = "") -> TypedAnswer:
    """Return the answer as a page shows it again."""
    if own is None:
        return TypedAnswer(text=typed)
    stated, reason = own.value, own.reason
    if isinstance(stated, AbsenceReason):
        instead = "" if stated is AbsenceReason.MISSING else stated.value
        return TypedAnswer(text=typed, instead=instead, reason=reason)
    if isinstance(stated, GradedCount):
        return TypedAnswer(text=format_number(stated.number), remark=stated.remark, reason=reason)
    if isinstance(stated, ChosenAnswers):
        return TypedAnswer(picked=stated.choices, reason=reason)
    if isinstance(stated, FieldRows):
        return TypedAnswer(rows=stated.rows, reason=reason)
    return TypedAnswer(text=stated.text, reason=reason)


def prefilled(
    form: ReportFormDefinition, derived: Mapping[str, DerivedAnswer], unit: str
) -> dict[str, OwnValue]:
    """Return the answers of a new draft: those of the records, and the unit's name."""
    by_records = {
        question.id: own_of(derived[question.id].value, derived[question.id], "")
        for question in form.entries()
        if question.id in derived
    }
    return by_records | prefilled_values(form, unit)


def prefilled_values(form: ReportFormDefinition, unit: str) -> dict[str, OwnValue]:
    """Return the answers that are not asked for: the unit's name in the campaign's register."""
    named = OwnValue(TextValue(unit, FigureGrade.DECLARED))
    return {question.id: named for question in form.entries() if is_prefilled(question)}


def is_prefilled(entry: ReportField | TableCount) -> bool:
    """True for a field that the program fills in and that cannot be edited."""
    return isinstance(entry, ReportField) and entry.source is TextSource.UNIT


def to_json(own: Mapping[str, OwnValue]) -> dict[str, object]:
    """Return answers as a draft keeps them."""
    return {key: own_to_json(answer) for key, answer in own.items()}


def from_json(raw: Mapping[str, object]) -> dict[str, OwnValue]:
    """Return the answers that a draft keeps."""
    return {key: own_from_json(answer, key) for key, answer in raw.items()}


def tidy(text: str) -> str:
    """Return `text` with plain line ends and without what no database keeps; all else stays."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    return "".join(sign for sign in lines if unicodedata.category(sign) != "Cs")[:LONGEST]
