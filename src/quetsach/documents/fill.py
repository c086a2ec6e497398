"""What stands in a form: values with their grade, and what is left open as a visible blank."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from quetsach.documents.assessment import assess
from quetsach.documents.form import Form, Source
from quetsach.errors import QuetsachError


class Grade(StrEnum):
    """How far a value is to be trusted."""

    MEASURED = "measured"
    ATTESTED = "attested"
    DECLARED = "declared"


class Absent(StrEnum):
    """Why a value is not there; each prints differently, and none of them prints as 0."""

    BLANK = "blank"
    NIL = "nil"
    NOT_COLLECTED = "not_collected"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Words:
    """A text value; its lines are paragraphs.

    `grade` is None for a text that only says why there is nothing to grade.
    """

    text: str
    grade: Grade | None


@dataclass(frozen=True)
class Count:
    """A number with its grade and a remark."""

    number: int
    grade: Grade
    remark: str = ""


Value: TypeAlias = Words | Count | Absent


@dataclass(frozen=True)
class Filling:
    """The values of a form by id; an id that is missing is a blank."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def words(self, key: str) -> Words | Absent:
        """Return the text under `key`, or why there is none."""
        value = self.values.get(key, Absent.BLANK)
        if isinstance(value, Count):
            raise QuetsachError("E403", key, reason="a number in a text field")
        return value

    def count(self, key: str) -> Count | Absent:
        """Return the number under `key`, or why there is none."""
        value = self.values.get(key, Absent.BLANK)
        if isinstance(value, Words):
            raise QuetsachError("E403", key, reason="a text in place of a number")
        return value


def checked(form: Form, filling: Filling) -> Filling:
    """Return `filling` when each of its values has a place in `form`.

    Errors: E403 for a value that the form does not have.
    """
    for key in filling.values:
        if key not in form.ids():
            raise QuetsachError("E403", key, reason=f"not in the form {form.code}")
    return filling


def fill_from_findings(
    form: Form, summary: Mapping[str, Any], coverage: Mapping[str, Any], unit: str | None
) -> Filling:
    """Return what the findings can answer of `form`; counts are no matter of logs and stay open.

    Errors: E404 when `summary` or `coverage` has not the expected shape.
    """
    values: dict[str, Value] = {}
    for section in form.sections:
        for each in section.fields:
            if each.source is Source.SWEEP:
                told = assess(summary, coverage)
                values[each.id] = Words(told.text, Grade.MEASURED if told.is_measured else None)
            elif each.source is Source.UNIT and unit is not None and unit.strip():
                values[each.id] = Words(unit, Grade.DECLARED)
    return Filling(values)
