"""The values of a form: graded answers, reasons for absence, own values and summed figures."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import CountUnit, ReportFormDefinition
from quetsach.texts import _


class FigureGrade(StrEnum):
    """How far a value is to be trusted, the best first."""

    MEASURED = "measured"
    ATTESTED = "attested"
    DECLARED = "declared"


class AbsenceReason(StrEnum):
    """Why a value is not there; each prints differently, and none of them prints as 0."""

    MISSING = "missing"
    NIL = "nil"
    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class TextValue:
    """A text value; its lines are paragraphs.

    `grade` is None for a text that only explains why there is nothing to grade.
    """

    text: str
    grade: FigureGrade | None


@dataclass(frozen=True, slots=True)
class GradedCount:
    """A number with its grade and a remark. A zero is a count: it was looked for."""

    number: int
    grade: FigureGrade
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ChosenAnswers:
    """The ids of the answers that were chosen, in the order of the form."""

    choices: tuple[str, ...]
    grade: FigureGrade = FigureGrade.DECLARED


@dataclass(frozen=True, slots=True)
class FieldRows:
    """The rows of a table field: the text of each column, in the order of the columns."""

    rows: tuple[tuple[str, ...], ...]
    grade: FigureGrade = FigureGrade.DECLARED


Value: TypeAlias = TextValue | GradedCount | ChosenAnswers | FieldRows | AbsenceReason

MOST = 99_999_999_999
"""The largest number that one unit may give; a larger one is a typing error."""

MOST_TOGETHER = 2**53 - 1
"""No total is larger: it is the largest integer that every reader of JSON keeps whole."""


@dataclass(frozen=True)
class FilledForm:
    """The values of a form by id; an id that is not there is missing."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def value(self, key: str) -> Value:
        """Return the value under `key`."""
        return self.values.get(key, AbsenceReason.MISSING)

    def words(self, key: str) -> TextValue | AbsenceReason:
        """Return the text under `key`, or why there is none. Errors: E403 for another value."""
        answer = self.value(key)
        if isinstance(answer, GradedCount):
            raise QuetsachError("E403", key, reason="a number in a text field")
        if isinstance(answer, ChosenAnswers | FieldRows):
            raise QuetsachError("E403", key, reason="a choice or a table in a text field")
        return answer

    def count(self, key: str) -> GradedCount | AbsenceReason:
        """Return the number under `key`, or why there is none. Errors: E403 for another value."""
        value = self.value(key)
        if isinstance(value, TextValue | ChosenAnswers | FieldRows):
            raise QuetsachError("E403", key, reason="a text in place of a number")
        return value


def checked(form: ReportFormDefinition, filling: FilledForm) -> FilledForm:
    """Return `filling` when each of its values has a place in `form`.

    Errors: E403 for a value that the form does not have.
    """
    ids = frozenset(form.ids())
    for key in filling.values:
        if key not in ids:
            raise QuetsachError("E403", key, reason=f"not in the form {form.code}")
    return filling


_ORDER: Mapping[FigureGrade, int] = {grade: place for place, grade in enumerate(FigureGrade)}


def weakest(grades: Collection[FigureGrade]) -> FigureGrade | None:
    """Return the grade that values together deserve: the weakest of theirs, None of none."""
    return max(grades, key=_ORDER.__getitem__, default=None)


_BLANKS = " \u00a0\u2007\u2009\u202f"
_WIDE = str.maketrans("０１２３４５６７８９，．\u3000", "0123456789,. ")
_PLAIN = re.compile(r"[0-9]{1,15}\Z", re.ASCII)
_GROUPED = re.compile(rf"[1-9][0-9]{{0,2}}(?:([.,{_BLANKS}])[0-9]{{3}})(?:\1[0-9]{{3}})*\Z")
_LONGEST = 40


def read_count(text: str, where: str = "") -> int:
    """Return the whole number that a person typed: 1234, 1.234, 1,234, 1 234 or １２３４.

    Digits in threes are grouped by one sign throughout. Errors: E453 for anything else: nothing
    (which is not 0), a letter, a sign before it, a fraction, an exponent, more than is possible.
    """
    typed = text.translate(_WIDE).strip(_BLANKS + "\t\r\n")
    if not typed:
        raise QuetsachError("E453", where, reason=_("the field is empty; an empty field is not 0"))
    if len(typed) > _LONGEST:
        raise QuetsachError("E453", where, reason=_("it is too long for a number"))
    if not _PLAIN.match(typed) and not _GROUPED.match(typed):
        raise QuetsachError("E453", where, reason=_why_not(typed))
    number = int(re.sub(r"[^0-9]", "", typed))
    if number > MOST:
        raise QuetsachError(
            "E453",
            where,
            reason=_("no unit counts more than %(most)s") % {"most": format_number(MOST)},
        )
    return number


def _why_not(typed: str) -> str:
    if re.match(r"[-\u2212\u2013+]\s*[0-9]", typed):
        return _("a number here has no sign before it")
    if re.match(r"[0-9]+[.,][0-9]{1,2}\Z", typed) or re.match(r"0[.,]", typed):
        return _("a whole number is asked for, no fraction")
    if re.match(r"[0-9]+[eE][+-]?[0-9]+\Z", typed):
        return _("write the number out, without an exponent")
    if re.match(rf"[0-9.,{_BLANKS}]+\Z", typed):
        return _("its digits are not grouped in threes by one separator")
    return _("it contains a character that is not a digit")


def format_number(number: int) -> str:
    """Return a number as it is written in Vietnam, grouped by dots."""
    return f"{number:,}".replace(",", ".")


def absent_words(why: AbsenceReason) -> str:
    """Return the words printed in place of a value, in the language in use; no two are alike."""
    return {
        AbsenceReason.MISSING: _("not reported"),
        AbsenceReason.NIL: _("nothing to report"),
        AbsenceReason.NOT_COLLECTED: _("not collected"),
        AbsenceReason.NOT_APPLICABLE: _("not applicable"),
    }[why]


def format_value(answer: Value) -> str:
    """Return a value as one text for a screen, a paper or an export; a zero is a 0."""
    if isinstance(answer, AbsenceReason):
        return absent_words(answer)
    if isinstance(answer, GradedCount):
        return format_number(answer.number)
    if isinstance(answer, TextValue):
        return answer.text
    if isinstance(answer, ChosenAnswers):
        return "; ".join(answer.choices)
    return "; ".join(" | ".join(row) for row in answer.rows)


@dataclass(frozen=True, slots=True)
class OwnValue:
    """One unit's own value; `derived` is what its records answer, kept beside what was typed.

    Shapes: `organisations` are the ids of the organisations that the value counts, as far as they
    are known; `sketch` is the sketch of the machines that it counts (see distinct.py).
    """

    value: Value
    derived: Value | None = None
    reason: str = ""
    organisations: frozenset[str] = frozenset()
    sketch: bytes | None = None

    @property
    def differs(self) -> bool:
        """Whether another value was given than the records answer."""
        return self.derived is not None and not same_answer(self.value, self.derived)

    @property
    def needs_reason(self) -> bool:
        """Whether it differs without a reason."""
        return self.differs and not self.reason.strip()


def same_answer(one: Value, other: Value) -> bool:
    """Tell whether two values are the same answer, whatever their grades and remarks."""
    return _answer(one) == _answer(other)


def _answer(answer: Value) -> object:
    if isinstance(answer, GradedCount):
        return answer.number
    if isinstance(answer, TextValue):
        return answer.text
    if isinstance(answer, ChosenAnswers):
        return answer.choices
    return answer.rows if isinstance(answer, FieldRows) else answer


class ChildUse(StrEnum):
    """Whether a child's report goes into a total; a late one does, and is named as late."""

    YES = "yes"
    LATE = "late"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a unit adds to or takes off its total, and why."""

    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class UnitWords:
    """The answer of one unit below in words, a choice or a table."""

    node: str
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class SummedFigure:
    """One figure: own + children + adjustment - overlap = total.

    Shapes: `children` adds up the totals of the units below, None where none gave a number;
    `overlap` is what was counted more than once. `organisations` and `sketch`
    identify what was counted. `error` is the range of the total, 95 %, where it is an estimate.
    `grades` shows how much of the total is measured, attested, declared; it makes the total, or
    is empty where that is unknown. `absent` counts the units without a number by reason; `said` has
    the answers of units below in words.
    """

    own: OwnValue | None
    children: int | None
    adjustment: Adjustment | None
    total: Value
    organisations: frozenset[str] | None = None
    sketch: bytes | None = None
    error: tuple[int, int] | None = None
    unit: CountUnit | None = None
    overlap: int = 0
    grades: Mapping[FigureGrade, int] = field(default_factory=dict)
    absent: Mapping[AbsenceReason, int] = field(default_factory=dict)
    said: tuple[UnitWords, ...] = ()

    @property
    def own_is_of_all(self) -> bool:
        """Whether the unit's own figure names several units: its records' of all below it."""
        return self.own is not None and len(self.own.organisations) > 1


@dataclass(frozen=True)
class ChildContribution:
    """One report of a unit below, as it goes into a total: which version, used or not, and why.

    Shapes: `at` is when that version was made, aware. `continues` names the units that this one
    continues after a merger: their reports and its own never go into one total.
    """

    node: str
    name: str
    version: int
    digest: str
    figures: Mapping[str, SummedFigure]
    used: ChildUse = ChildUse.YES
    reason: str = ""
    at: datetime | None = None
    continues: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mismatch:
    """A figure that does not add up: what is written, and what its parts give now."""

    field: str
    stored: SummedFigure
    computed: SummedFigure
