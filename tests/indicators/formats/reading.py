"""For the tests of forms: bytes read as one list, and one value after the other made wrong."""

import copy
from collections.abc import Iterator
from typing import Any

from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.registry import FORMS

WRONG: tuple[Any, ...] = (None, 7, -1.5, True, "", "text", [], [None], {}, {"a": {}}, "\ud800")


def read(raw: bytes, *, named: bool = True, suffix: str = "") -> tuple[str, FormReading]:
    """Return the name of the form that took `raw`, and what it read."""
    file = ListFile("list", "0" * 64, raw, suffix, named)
    for form in FORMS:
        reading = form.read(file)
        if reading is not None:
            return form.name, reading
    raise AssertionError("no form takes it")


def rows(raw: bytes, form: str) -> list[ListRow]:
    """Return the rows of `raw`, which must be of this form."""
    name, reading = read(raw)
    assert name == form
    return list(reading.rows)


def taken(found: list[ListRow]) -> list[str]:
    """Return the values that a form gives on, as they are written."""
    return [one.value for one in found if one.refused is None]


def each_value_wrong(sample: Any) -> Iterator[Any]:
    """Return `sample` again and again, each time with one of its values replaced by a wrong one."""
    for path in list(_paths(sample)):
        for wrong in WRONG:
            changed = copy.deepcopy(sample)
            holder = changed
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = wrong
            yield changed


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps: Any = ()
    if isinstance(value, dict):
        steps = list(value)
    elif isinstance(value, list):
        steps = range(len(value))
    for step in steps:
        yield (*path, step)
        yield from _paths(value[step], (*path, step))
