"""Canonical JSON for hashing, and values and figures to and from it; empty keys are left out."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from quetsach.forms.definition import CountUnit
from quetsach.forms.values import (
    MOST_TOGETHER,
    AbsenceReason,
    Adjustment,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    SummedFigure,
    TextValue,
    UnitWords,
    Value,
)

T = TypeVar("T")


class NotCanonicalError(ValueError):
    """The JSON is not canonical; the message names the place."""


def canonical(content: object) -> bytes:
    """Return `content` as JSON: keys sorted, no blanks, UTF-8, and no number but whole ones.

    With keys of ASCII and no fractions this is the form of RFC 8785. Errors: NotCanonicalError for
    half a surrogate, which no UTF-8 can hold.
    """
    text = json.dumps(
        content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonicalError("half a surrogate pair in a text") from error


def decoded(raw: bytes, most_bytes: int) -> object:
    """Return the JSON value in `raw`. Errors: NotCanonicalError when it is none or too large."""
    if len(raw) > most_bytes:
        raise NotCanonicalError(f"larger than {most_bytes} bytes")
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise NotCanonicalError(str(error)[:200]) from error


class CanonicalObject:
    """A JSON object that is read key by key; each value must be of the expected type."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise NotCanonicalError(f"{where}: not an object")
        self._value: Mapping[str, Any] = value
        self._where = where

    def has(self, key: str) -> bool:
        """Tell whether `key` is there."""
        return key in self._value

    def within(self, key: str) -> str:
        """Return the place of `key`, for a message."""
        return f"{self._where}.{key}"[:200]

    def names(self) -> Sequence[str]:
        """Return the keys that are there."""
        return tuple(self._value)

    def only(self, *keys: str) -> None:
        """Refuse any key that is not among `keys`."""
        for key in self._value:
            if key not in keys:
                raise NotCanonicalError(f"{self.within(key)}: not known")

    def any(self, key: str) -> object:
        """Return the value under `key`."""
        if key not in self._value:
            raise NotCanonicalError(f"{self.within(key)}: missing")
        return self._value[key]

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; `default` where the key is not there."""
        if default is not None and key not in self._value:
            return default
        value = self.any(key)
        if not isinstance(value, str):
            raise NotCanonicalError(f"{self.within(key)}: not a text")
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        """Return a whole number; `default` where the key is not there."""
        if default is not None and key not in self._value:
            return default
        value = self.any(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise NotCanonicalError(f"{self.within(key)}: not a whole number")
        return value

    def items(self, key: str) -> Sequence[object]:
        """Return a list; empty where the key is not there."""
        value = self._value.get(key, [])
        if not isinstance(value, list):
            raise NotCanonicalError(f"{self.within(key)}: not a list")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty where the key is not there."""
        found = self.items(key)
        if not all(isinstance(one, str) for one in found):
            raise NotCanonicalError(f"{self.within(key)}: not a list of texts")
        return tuple(str(one) for one in found)

    def parsed(self, key: str, parse: Callable[[str], T]) -> T:
        """Return what `parse` makes of a text, such as a member of an enum."""
        try:
            return parse(self.text(key))
        except NotCanonicalError:
            raise
        except ValueError as error:
            raise NotCanonicalError(f"{self.within(key)}: {error}"[:200]) from error

    def below(self, key: str) -> "CanonicalObject":
        """Return the object under `key`."""
        return CanonicalObject(self.any(key), self.within(key))


MOST_TEXT = 100_000
"""No text of a report is longer, in characters."""

_GRADES: Mapping[str, FigureGrade] = {grade.value: grade for grade in FigureGrade}
_ABSENT: Mapping[str, AbsenceReason] = {why.value: why for why in AbsenceReason}

_FIGURE = (
    "own",
    "children",
    "adjustment",
    "total",
    "organisations",
    "sketch",
    "error",
    "unit",
    "overlap",
    "grades",
    "absent",
    "said",
)


def value_to_json(answer: Value) -> dict[str, Any]:
    """Return a value as an object of JSON."""
    if isinstance(answer, AbsenceReason):
        return {"absent": answer.value}
    if isinstance(answer, GradedCount):
        record: dict[str, Any] = {"count": answer.number, "grade": answer.grade.value}
        return record | ({"remark": answer.remark} if answer.remark else {})
    if isinstance(answer, TextValue):
        graded = {} if answer.grade is None else {"grade": answer.grade.value}
        return {"words": answer.text, **graded}
    if isinstance(answer, ChosenAnswers):
        return {"picked": list(answer.choices), "grade": answer.grade.value}
    return {"rows": [list(row) for row in answer.rows], "grade": answer.grade.value}


def value_from_json(raw: object, where: str) -> Value:
    """Return the value in an object of JSON. Errors: NotCanonicalError."""
    fields = CanonicalObject(raw, where)
    if fields.has("absent"):
        fields.only("absent")
        return fields.parsed("absent", AbsenceReason)
    if fields.has("count"):
        fields.only("count", "grade", "remark")
        number = _number(fields, "count")
        return GradedCount(number, fields.parsed("grade", FigureGrade), _short(fields, "remark"))
    if fields.has("words"):
        fields.only("words", "grade")
        grade = fields.parsed("grade", FigureGrade) if fields.has("grade") else None
        return TextValue(_short(fields, "words"), grade)
    if fields.has("picked"):
        fields.only("picked", "grade")
        return ChosenAnswers(fields.texts("picked"), fields.parsed("grade", FigureGrade))
    fields.only("rows", "grade")
    return FieldRows(_rows(fields), fields.parsed("grade", FigureGrade))


def own_to_json(own: OwnValue) -> dict[str, Any]:
    """Return a unit's own value as a JSON object."""
    record: dict[str, Any] = {"value": value_to_json(own.value)}
    if own.derived is not None:
        record["derived"] = value_to_json(own.derived)
    if own.reason:
        record["reason"] = own.reason
    if own.organisations:
        record["organisations"] = sorted(own.organisations)
    if own.sketch is not None:
        record["sketch"] = base64.b64encode(own.sketch).decode()
    return record


def own_from_json(raw: object, where: str) -> OwnValue:
    """Return a unit's own value from JSON. Errors: NotCanonicalError."""
    fields = CanonicalObject(raw, where)
    fields.only("value", "derived", "reason", "organisations", "sketch")
    derived = None
    if fields.has("derived"):
        derived = value_from_json(fields.any("derived"), fields.within("derived"))
    return OwnValue(
        value_from_json(fields.any("value"), fields.within("value")),
        derived,
        _short(fields, "reason"),
        frozenset(fields.texts("organisations")),
        _sketch(fields) if fields.has("sketch") else None,
    )


def figure_to_json(figure: SummedFigure) -> dict[str, Any]:
    """Return a figure with all its parts as an object of JSON."""
    record: dict[str, Any] = {"total": value_to_json(figure.total)}
    if figure.own is not None:
        record["own"] = own_to_json(figure.own)
    if figure.children is not None:
        record["children"] = figure.children
    if figure.adjustment is not None:
        adjustment = figure.adjustment
        record["adjustment"] = {"amount": adjustment.amount, "reason": adjustment.reason}
    if figure.organisations is not None:
        record["organisations"] = sorted(figure.organisations)
    if figure.sketch is not None:
        record["sketch"] = base64.b64encode(figure.sketch).decode()
    if figure.error is not None:
        record["error"] = list(figure.error)
    if figure.unit is not None:
        record["unit"] = figure.unit.value
    if figure.overlap:
        record["overlap"] = figure.overlap
    return record | _shares_to_json(figure)


def _shares_to_json(figure: SummedFigure) -> dict[str, Any]:
    record: dict[str, Any] = {}
    if figure.grades:
        record["grades"] = {grade.value: number for grade, number in figure.grades.items()}
    if figure.absent:
        record["absent"] = {why.value: number for why, number in figure.absent.items()}
    if figure.said:
        record["said"] = [
            {"node": answer.node, "name": answer.name, "value": value_to_json(answer.value)}
            for answer in figure.said
        ]
    return record


def figure_from_json(raw: object, where: str) -> SummedFigure:
    """Return the figure in an object of JSON. Errors: NotCanonicalError."""
    fields = CanonicalObject(raw, where)
    fields.only(*_FIGURE)
    has = fields.has
    return SummedFigure(
        own=own_from_json(fields.any("own"), fields.within("own")) if has("own") else None,
        children=_number(fields, "children") if has("children") else None,
        adjustment=_adjustment(fields.below("adjustment")) if has("adjustment") else None,
        total=value_from_json(fields.any("total"), fields.within("total")),
        organisations=frozenset(fields.texts("organisations")) if has("organisations") else None,
        sketch=_sketch(fields) if has("sketch") else None,
        error=_range(fields) if has("error") else None,
        unit=fields.parsed("unit", CountUnit) if has("unit") else None,
        overlap=fields.whole("overlap", 0),
        grades={_GRADES[key]: n for key, n in _counted(fields, "grades", _GRADES)},
        absent={_ABSENT[key]: n for key, n in _counted(fields, "absent", _ABSENT)},
        said=tuple(_unit_words(one, fields.within("said")) for one in fields.items("said")),
    )


def _adjustment(fields: CanonicalObject) -> Adjustment:
    fields.only("amount", "reason")
    amount = fields.whole("amount")
    if abs(amount) > MOST_TOGETHER:
        raise NotCanonicalError(f"{fields.within('amount')}: out of range")
    return Adjustment(amount, _short(fields, "reason"))


def _unit_words(raw: object, where: str) -> UnitWords:
    taken = CanonicalObject(raw, where)
    taken.only("node", "name", "value")
    value = value_from_json(taken.any("value"), taken.within("value"))
    return UnitWords(taken.text("node"), taken.text("name"), value)


def _number(taken: CanonicalObject, key: str) -> int:
    number = taken.whole(key)
    if not 0 <= number <= MOST_TOGETHER:
        raise NotCanonicalError(f"{taken.within(key)}: out of range")
    return number


def _short(taken: CanonicalObject, key: str) -> str:
    text = taken.text(key, "")
    if len(text) > MOST_TEXT:
        raise NotCanonicalError(f"{taken.within(key)}: longer than {MOST_TEXT} characters")
    return text


def _range(fields: CanonicalObject) -> tuple[int, int]:
    match fields.items("error"):
        case [int(low), int(high)] if not isinstance(low, bool) and not isinstance(high, bool):
            return low, high
    raise NotCanonicalError(f"{fields.within('error')}: not two whole numbers")


def _rows(fields: CanonicalObject) -> tuple[tuple[str, ...], ...]:
    rows = []
    for row in fields.items("rows"):
        if not isinstance(row, list) or not all(isinstance(cell, str) for cell in row):
            raise NotCanonicalError(f"{fields.within('rows')}: not rows of texts")
        rows.append(tuple(row))
    return tuple(rows)


def _counted(
    fields: CanonicalObject, key: str, allowed: Mapping[str, object]
) -> Sequence[tuple[str, int]]:
    if not fields.has(key):
        return ()
    below = fields.below(key)
    below.only(*allowed)
    return [(name, _number(below, name)) for name in below.names()]


def _sketch(fields: CanonicalObject) -> bytes:
    try:
        return base64.b64decode(fields.text("sketch").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise NotCanonicalError(f"{fields.within('sketch')}: not base64") from error
