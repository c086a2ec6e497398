"""Heads of tables that sort on the server: a link for each, and which way the rows stand now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class SortHead:
    """The head of a column.

    Shapes: `query` is what a press asks for; `order` is what `aria-sort` says, "" where the rows do
    not stand by this column.
    """

    label: str
    query: str
    order: str


def sort_heads(request: HttpRequest, sorts: Mapping[str, tuple[Any, str]]) -> list[SortHead]:
    """Return the heads of `sorts`: a press sorts upwards, a second one downwards.

    Shapes: `sorts` has by name the words of the head and the field. All else of the address stays,
    but for the page.
    """
    chosen = request.GET.get("sort", "")
    heads = []
    for name, (label, _field) in sorts.items():
        query = request.GET.copy()
        query.pop("page", None)
        query["sort"] = f"-{name}" if chosen == name else name
        order = {name: "ascending", f"-{name}": "descending"}.get(chosen, "")
        heads.append(SortHead(str(label), query.urlencode(), order))
    return heads


def sorted_by(
    request: HttpRequest, sorts: Mapping[str, tuple[Any, str]], usual: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the fields by which rows are sorted: those asked for, then the `usual`."""
    chosen = request.GET.get("sort", "")
    name = chosen.removeprefix("-")
    if name not in sorts:
        return usual
    sign = "-" if chosen.startswith("-") else ""
    return (f"{sign}{sorts[name][1]}", *usual)
