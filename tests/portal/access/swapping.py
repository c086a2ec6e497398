"""Bodies in which a number of one's own is exchanged for one of another unit."""

import re
from collections.abc import Iterator
from typing import Any

from django.db import models

from tests.portal.access.filling import Body
from tests.portal.access.homes import Rows, home_of, of_unit

_NUMBERED = re.compile(r"(?P<before>[a-z_-]*?)(?P<number>[1-9][0-9]{0,9})(?P<after>(?:[:_-].*)?)")

MOST_TWINS = 2
"""Numbers of another unit that are tried for one of one's own, of each table."""


def swapped(body: Body, own: int, other: int, rows: Rows) -> Iterator[tuple[str, Body]]:
    """Yield `body` with one number that is of the unit `own` exchanged for one of `other`.

    Before each stands which field it was. Numbers stand in values, and in names such as "r-12".
    """
    for name, value in body.items():
        values = value if isinstance(value, list) else [value]
        for place, text in enumerate(values):
            for twin in _twins(text, own, other, rows):
                changed = [*values[:place], twin, *values[place + 1 :]]
                yield f"{name}={twin}", {**body, name: changed if len(values) > 1 else twin}
        for twin in _twins(name, own, other, rows):
            yield f"{twin} for {name}", {twin if key == name else key: body[key] for key in body}


def _twins(text: Any, own: int, other: int, rows: Rows) -> Iterator[str]:
    match = _NUMBERED.fullmatch(str(text)) if isinstance(text, str | int) else None
    if match is None:
        return
    key, seen = int(match["number"]), set()
    for model, known in rows.items():
        if key not in known or not isinstance(model._meta.pk, models.AutoField):
            continue
        if home_of(known[key]) == {own}:
            seen |= set(of_unit(model, other)[-MOST_TWINS:])
    for twin in sorted(seen):
        yield f"{match['before']}{twin}{match['after']}"
