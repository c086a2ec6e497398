"""What the findings of a sweep can answer of a form by themselves."""

from collections.abc import Mapping
from typing import Any

from quetsach.documents.assessment import assess
from quetsach.forms.definition import Field, Form, Source
from quetsach.forms.values import Filling, Grade, Value, Words


def fill_from_findings(
    form: Form, summary: Mapping[str, Any], coverage: Mapping[str, Any], unit: str | None
) -> Filling:
    """Return what the findings can answer of `form`; counts are no matter of logs and stay open.

    Errors: E404 when `summary` or `coverage` has not the expected shape.
    """
    values: dict[str, Value] = {}
    for each in form.entries():
        if not isinstance(each, Field):
            continue
        if each.source is Source.SWEEP:
            told = assess(summary, coverage)
            values[each.id] = Words(told.text, Grade.MEASURED if told.is_measured else None)
        elif each.source is Source.UNIT and unit is not None and unit.strip():
            values[each.id] = Words(unit, Grade.DECLARED)
    return Filling(values)
