"""What stands in a form: values with their grade, and five ways of not being there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from quetsach.errors import QuetsachError
from quetsach.forms.definition import Form


class Grade(StrEnum):
    """How far a value is to be trusted, the best first."""

    MEASURED = "measured"
    ATTESTED = "attested"
    DECLARED = "declared"


class Absent(StrEnum):
    """Why a value is not there; each prints differently, and none of them prints as 0."""

    MISSING = "missing"
    NIL = "nil"
    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Words:
    """A text value; its lines are paragraphs.

    `grade` is None for a text that only says why there is nothing to grade.
    """

    text: str
    grade: Grade | None


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its grade and a remark. A zero is a count: somebody looked."""

    number: int
    grade: Grade
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """The ids of the answers that were chosen, in the order of the form."""

    choices: tuple[str, ...]
    grade: Grade = Grade.DECLARED


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table field: the text of each column, in the order of the columns."""

    rows: tuple[tuple[str, ...], ...]
    grade: Grade = Grade.DECLARED


Value: TypeAlias = Words | Count | Picked | Rows | Absent

MOST = 99_999_999_999
"""No unit counts more of anything; a larger number is a slip of the hand."""

MOST_TOGETHER = 2**53 - 1
"""No total is larger: it is the largest integer that every reader of JSON keeps whole."""


@dataclass(frozen=True)
class Filling:
    """The values of a form by id; an id that is not there is missing."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def value(self, key: str) -> Value:
        """Return what stands under `key`."""
        return self.values.get(key, Absent.MISSING)

    def words(self, key: str) -> Words | Absent:
        """Return the text under `key`, or why there is none. Errors: E403 for another value."""
        value = self.value(key)
        if isinstance(value, Count):
            raise QuetsachError("E403", key, reason="a number in a text field")
        if isinstance(value, Picked | Rows):
            raise QuetsachError("E403", key, reason="a choice or a table in a text field")
        return value

    def count(self, key: str) -> Count | Absent:
        """Return the number under `key`, or why there is none. Errors: E403 for another value."""
        value = self.value(key)
        if isinstance(value, Words | Picked | Rows):
            raise QuetsachError("E403", key, reason="a text in place of a number")
        return value


def checked(form: Form, filling: Filling) -> Filling:
    """Return `filling` when each of its values has a place in `form`.

    Errors: E403 for a value that the form does not have.
    """
    ids = frozenset(form.ids())
    for key in filling.values:
        if key not in ids:
            raise QuetsachError("E403", key, reason=f"not in the form {form.code}")
    return filling


_ORDER: Mapping[Grade, int] = {grade: place for place, grade in enumerate(Grade)}


def weakest(grades: Collection[Grade]) -> Grade | None:
    """Return the grade that values together deserve: the weakest of theirs, None of none."""
    return max(grades, key=_ORDER.__getitem__, default=None)
