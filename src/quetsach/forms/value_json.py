"""Values and figures as JSON and back; a key whose value is empty is left out."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from quetsach.forms.canonical import NotCanonicalError, Taken
from quetsach.forms.definition import Unit
from quetsach.forms.figure import Adjustment, Figure, Said
from quetsach.forms.own import Own
from quetsach.forms.values import (
    MOST_TOGETHER,
    Absent,
    Count,
    Grade,
    Picked,
    Rows,
    Value,
    Words,
)

MOST_TEXT = 100_000
"""No text of a report is longer, in characters."""

_GRADES: Mapping[str, Grade] = {grade.value: grade for grade in Grade}
_ABSENT: Mapping[str, Absent] = {why.value: why for why in Absent}

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


def value_to_json(value: Value) -> dict[str, Any]:
    """Return a value as an object of JSON."""
    if isinstance(value, Absent):
        return {"absent": value.value}
    if isinstance(value, Count):
        said: dict[str, Any] = {"count": value.number, "grade": value.grade.value}
        return said | ({"remark": value.remark} if value.remark else {})
    if isinstance(value, Words):
        graded = {} if value.grade is None else {"grade": value.grade.value}
        return {"words": value.text, **graded}
    if isinstance(value, Picked):
        return {"picked": list(value.choices), "grade": value.grade.value}
    return {"rows": [list(row) for row in value.rows], "grade": value.grade.value}


def value_from_json(raw: object, where: str) -> Value:
    """Return the value in an object of JSON. Errors: NotCanonicalError."""
    taken = Taken(raw, where)
    if taken.has("absent"):
        taken.only("absent")
        return taken.made("absent", Absent)
    if taken.has("count"):
        taken.only("count", "grade", "remark")
        number = _number(taken, "count")
        return Count(number, taken.made("grade", Grade), _short(taken, "remark"))
    if taken.has("words"):
        taken.only("words", "grade")
        grade = taken.made("grade", Grade) if taken.has("grade") else None
        return Words(_short(taken, "words"), grade)
    if taken.has("picked"):
        taken.only("picked", "grade")
        return Picked(taken.texts("picked"), taken.made("grade", Grade))
    taken.only("rows", "grade")
    return Rows(_rows(taken), taken.made("grade", Grade))


def own_to_json(own: Own) -> dict[str, Any]:
    """Return what a unit says of itself as an object of JSON."""
    said: dict[str, Any] = {"value": value_to_json(own.value)}
    if own.derived is not None:
        said["derived"] = value_to_json(own.derived)
    if own.reason:
        said["reason"] = own.reason
    if own.organisations:
        said["organisations"] = sorted(own.organisations)
    if own.sketch is not None:
        said["sketch"] = base64.b64encode(own.sketch).decode()
    return said


def own_from_json(raw: object, where: str) -> Own:
    """Return what a unit says of itself. Errors: NotCanonicalError."""
    taken = Taken(raw, where)
    taken.only("value", "derived", "reason", "organisations", "sketch")
    derived = None
    if taken.has("derived"):
        derived = value_from_json(taken.any("derived"), taken.within("derived"))
    return Own(
        value_from_json(taken.any("value"), taken.within("value")),
        derived,
        _short(taken, "reason"),
        frozenset(taken.texts("organisations")),
        _sketch(taken) if taken.has("sketch") else None,
    )


def figure_to_json(figure: Figure) -> dict[str, Any]:
    """Return a figure with all its parts as an object of JSON."""
    said: dict[str, Any] = {"total": value_to_json(figure.total)}
    if figure.own is not None:
        said["own"] = own_to_json(figure.own)
    if figure.children is not None:
        said["children"] = figure.children
    if figure.adjustment is not None:
        made = figure.adjustment
        said["adjustment"] = {"amount": made.amount, "reason": made.reason}
    if figure.organisations is not None:
        said["organisations"] = sorted(figure.organisations)
    if figure.sketch is not None:
        said["sketch"] = base64.b64encode(figure.sketch).decode()
    if figure.error is not None:
        said["error"] = list(figure.error)
    if figure.unit is not None:
        said["unit"] = figure.unit.value
    if figure.overlap:
        said["overlap"] = figure.overlap
    return said | _shares_to_json(figure)


def _shares_to_json(figure: Figure) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if figure.grades:
        said["grades"] = {grade.value: number for grade, number in figure.grades.items()}
    if figure.absent:
        said["absent"] = {why.value: number for why, number in figure.absent.items()}
    if figure.said:
        said["said"] = [
            {"node": one.node, "name": one.name, "value": value_to_json(one.value)}
            for one in figure.said
        ]
    return said


def figure_from_json(raw: object, where: str) -> Figure:
    """Return the figure in an object of JSON. Errors: NotCanonicalError."""
    taken = Taken(raw, where)
    taken.only(*_FIGURE)
    has = taken.has
    return Figure(
        own=own_from_json(taken.any("own"), taken.within("own")) if has("own") else None,
        children=_number(taken, "children") if has("children") else None,
        adjustment=_adjustment(taken.below("adjustment")) if has("adjustment") else None,
        total=value_from_json(taken.any("total"), taken.within("total")),
        organisations=frozenset(taken.texts("organisations")) if has("organisations") else None,
        sketch=_sketch(taken) if has("sketch") else None,
        error=_range(taken) if has("error") else None,
        unit=taken.made("unit", Unit) if has("unit") else None,
        overlap=taken.whole("overlap", 0),
        grades={_GRADES[key]: n for key, n in _counted(taken, "grades", _GRADES)},
        absent={_ABSENT[key]: n for key, n in _counted(taken, "absent", _ABSENT)},
        said=tuple(_said(one, taken.within("said")) for one in taken.items("said")),
    )


def _adjustment(taken: Taken) -> Adjustment:
    taken.only("amount", "reason")
    amount = taken.whole("amount")
    if abs(amount) > MOST_TOGETHER:
        raise NotCanonicalError(f"{taken.within('amount')}: out of range")
    return Adjustment(amount, _short(taken, "reason"))


def _said(raw: object, where: str) -> Said:
    taken = Taken(raw, where)
    taken.only("node", "name", "value")
    value = value_from_json(taken.any("value"), taken.within("value"))
    return Said(taken.text("node"), taken.text("name"), value)


def _number(taken: Taken, key: str) -> int:
    number = taken.whole(key)
    if not 0 <= number <= MOST_TOGETHER:
        raise NotCanonicalError(f"{taken.within(key)}: out of range")
    return number


def _short(taken: Taken, key: str) -> str:
    text = taken.text(key, "")
    if len(text) > MOST_TEXT:
        raise NotCanonicalError(f"{taken.within(key)}: longer than {MOST_TEXT} characters")
    return text


def _range(taken: Taken) -> tuple[int, int]:
    match taken.items("error"):
        case [int(low), int(high)] if not isinstance(low, bool) and not isinstance(high, bool):
            return low, high
    raise NotCanonicalError(f"{taken.within('error')}: not two whole numbers")


def _rows(taken: Taken) -> tuple[tuple[str, ...], ...]:
    rows = []
    for row in taken.items("rows"):
        if not isinstance(row, list) or not all(isinstance(cell, str) for cell in row):
            raise NotCanonicalError(f"{taken.within('rows')}: not rows of texts")
        rows.append(tuple(row))
    return tuple(rows)


def _counted(taken: Taken, key: str, known: Mapping[str, object]) -> Sequence[tuple[str, int]]:
    if not taken.has(key):
        return ()
    below = taken.below(key)
    below.only(*known)
    return [(name, _number(below, name)) for name in below.names()]


def _sketch(taken: Taken) -> bytes:
    try:
        return base64.b64decode(taken.text("sketch").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise NotCanonicalError(f"{taken.within('sketch')}: not base64") from error
