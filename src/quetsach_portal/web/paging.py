"""Long lists: one page by number with links to its neighbours, or all rows as a file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from quetsach.api import sheets

One = TypeVar("One")

PAGE_ROWS = 50
_MOST_DIGITS = 9


@dataclass(frozen=True)
class ListPage(Generic[One]):
    """Rows of one page; `total` is None where counting would cost too much."""

    rows: Sequence[One]
    number: int
    has_next: bool
    query: str
    total: int | None = None


def page_of(
    rows: QuerySet[Any] | Sequence[Any],
    request: HttpRequest,
    *,
    total: int | None = None,
    per: int = PAGE_ROWS,
) -> ListPage[Any]:
    """Return the page that `?page=` asks for, the first for anything that is no number.

    Cost: one query of `per` + 1 rows, none where the rows are at hand.
    """
    asked = request.GET.get("page", "1")
    # Python reads no number of thousands of digits, and raises an error.
    number = int(asked[:_MOST_DIGITS]) if asked.isascii() and asked.isdigit() else 1
    number = min(max(1, number), 100_000)
    fetched_rows: list[Any] = list(rows[(number - 1) * per : number * per + 1])
    others = request.GET.copy()
    others.pop("page", None)
    query = others.urlencode()
    return ListPage(
        fetched_rows[:per], number, len(fetched_rows) > per, f"{query}&" if query else "", total
    )


Row = Sequence[str | int | float | None]

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
"""By the end of a file's name; what else is asked for is not there."""


@dataclass(frozen=True)
class TableFile:
    """Rows under their heads; `keys` name the columns where programs read them."""

    keys: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Row]


def as_file(table: TableFile, name: str, kind: str) -> HttpResponse:
    """Return `table` as a file called `name`.`kind`. Errors: Http404 for another kind."""
    if kind not in MEDIA_TYPES:
        raise Http404
    response = HttpResponse(_written(table, kind), content_type=MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _written(table: TableFile, kind: str) -> bytes:
    if kind == "json":
        told = [dict(zip(table.keys, row, strict=True)) for row in table.rows]
        return json.dumps({"rows": told}, ensure_ascii=False).encode()
    written: bytes = (sheets.table_xlsx if kind == "xlsx" else sheets.table_csv)(
        table.heads, table.rows
    )
    return written
