"""One page of a long list, by number, with links to its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest

One = TypeVar("One")

PAGE_ROWS = 50
_MOST_DIGITS = 9


@dataclass(frozen=True)
class Page(Generic[One]):
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
) -> Page[Any]:
    """Return the page that `?page=` asks for, the first for anything that is no number.

    Cost: one query of `per` + 1 rows, none where the rows are at hand.
    """
    asked = request.GET.get("page", "1")
    # Python reads no number of thousands of digits, and raises an error.
    number = int(asked[:_MOST_DIGITS]) if asked.isascii() and asked.isdigit() else 1
    number = min(max(1, number), 100_000)
    found: list[Any] = list(rows[(number - 1) * per : number * per + 1])
    others = request.GET.copy()
    others.pop("page", None)
    query = others.urlencode()
    return Page(found[:per], number, len(found) > per, f"{query}&" if query else "", total)
