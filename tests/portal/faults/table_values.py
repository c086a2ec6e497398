"""The rows of the database in a form in which two runs of an act can be compared."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Model

from quetsach_portal.jobs.models import Job
from tests.portal.access.contents import as_text, compared_models, keys

_BY_LOT = re.compile(
    r"\b\d{1,2}:\d\d(:\d\d)?\b|\b[0-9a-f]{16}\b|\bin -?\d+ h\b|datetime\.date\([^)]*\)"
)
"""A time of day within a text, such as that of a mail; the name of a folder; hours and days from
now, between which a new one may begin.
"""

UNLIKE = frozenset({"jobs.Job", "people.SignInDelay"})
"""Tables in which a second try shows, as it should: of a job, of a sign-in."""


class TableValues:
    """Reads the rows of tables in a form that two runs of an act have in common.

    Cost: of a table that is as it was, only its raw rows.
    """

    def __init__(self) -> None:
        self._known = keys()
        self._raw = _raw_rows()
        self.before = self._read({})

    def now(self) -> dict[str, Any]:
        """Return the rows of each table as they are."""
        raw = _raw_rows()
        same = {label for label in raw if raw[label] == self._raw[label]}
        return self._read({label: rows for label, rows in self.before.items() if label in same})

    def _read(self, same: Mapping[str, Any]) -> dict[str, Any]:
        rows = dict(same)
        for model in compared_models():
            label = model._meta.label
            if label not in rows and label not in UNLIKE:
                rows[label] = sorted(
                    _BY_LOT.sub("#", as_text(row, model, self._known)) for row in _rows_of(model)
                )
        return rows | {"jobs": sorted(Job.objects.values_list("kind", flat=True))}


def _raw_rows() -> dict[str, list[Any]]:
    with connection.cursor() as cursor:
        rows = {}
        for model in compared_models():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            rows[model._meta.label] = sorted(cursor.fetchall(), key=repr)
    return rows


def _rows_of(model: type[Model]) -> Any:
    return model._base_manager.all()
