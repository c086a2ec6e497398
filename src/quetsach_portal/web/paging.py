"""Long lists: one page, by its number or by the row before it, or all rows as a file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from quetsach.api import sheets

One = TypeVar("One")

PAGE_ROWS = 50
_MOST_DIGITS = 9
_LONGEST_KEY = 255


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


@dataclass(frozen=True)
class KeyPage(Generic[One]):
    """Rows of one page.

    Shapes: `before` and `after` are what stands in the links to its neighbours, "" where there is
    none; `query` what else was asked, with an "&" behind it.
    """

    rows: Sequence[One]
    before: str
    after: str
    query: str


def key_page_of(
    rows: QuerySet[Any], request: HttpRequest, key: str, *, per: int = PAGE_ROWS
) -> KeyPage[Any]:
    """Return the rows after `?after=`, those before `?before=`, or the first.

    Shapes: `key` is a field with text, in which `rows` differ and whose order an index knows. So a
    page far down costs what the first costs, and a row that came meanwhile moves no other.
    Cost: one query of `per` + 1 rows.
    """
    after, before = (request.GET.get(name, "")[:_LONGEST_KEY] for name in ("after", "before"))
    if before and "\0" not in before:
        above = list(rows.filter(**{f"{key}__lt": before}).order_by(f"-{key}")[: per + 1])
        shown = above[:per][::-1]
        return _key_page(request, shown, key, is_first=len(above) <= per, is_last=not shown)
    is_first = not after or "\0" in after
    below = rows if is_first else rows.filter(**{f"{key}__gt": after})
    found = list(below.order_by(key)[: per + 1])
    shown, is_last = found[:per], len(found) <= per
    return _key_page(request, shown, key, is_first=is_first or not shown, is_last=is_last)


def _key_page(
    request: HttpRequest, rows: Sequence[Any], key: str, *, is_first: bool, is_last: bool
) -> KeyPage[Any]:
    others = request.GET.copy()
    for gone in ("after", "before"):
        others.pop(gone, None)
    query = f"{others.urlencode()}&" if others else ""

    def link(name: str, row: Any) -> str:
        return f"{query}{urlencode({name: getattr(row, key)})}"

    return KeyPage(
        rows,
        "" if is_first else link("before", rows[0]),
        "" if is_last else link("after", rows[-1]),
        query,
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
