"""A table as a file for other programs: XLSX, CSV or JSON; no cell is ever a formula."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse

from quetsach import api

Row = Sequence[str | int | float | None]

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
"""By the end of a file's name; what else is asked for is not there."""


@dataclass(frozen=True)
class Table:
    """Rows under their heads; `keys` name the columns where programs read them."""

    keys: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Row]


def as_file(table: Table, name: str, kind: str) -> HttpResponse:
    """Return `table` as a file called `name`.`kind`. Errors: Http404 for another kind."""
    if kind not in MEDIA_TYPES:
        raise Http404
    response = HttpResponse(_written(table, kind), content_type=MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _written(table: Table, kind: str) -> bytes:
    if kind == "json":
        told = [dict(zip(table.keys, row, strict=True)) for row in table.rows]
        return json.dumps({"rows": told}, ensure_ascii=False).encode()
    written: bytes = (api.table_xlsx if kind == "xlsx" else api.table_csv)(table.heads, table.rows)
    return written
