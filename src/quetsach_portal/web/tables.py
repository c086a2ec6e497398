"""Long tables: a caption with the count, heads that sort, one box to find, only what is overdue."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from quetsach_portal.web.folding import folded, has_words, with_words
from quetsach_portal.web.paging import PAGE_ROWS, KeyPage, ListPage, page_of

LONGEST_WORDS = 100
MOST_COUNTED = 10_000
"""Of more rows than these the caption says only that: to count a whole country costs too much."""

_MOST_DIGITS = 9
_MINE = ("q", "late", "sort", "page", "after", "before")


@dataclass(frozen=True)
class Column:
    """A column of a long table.

    Shapes: `sort` is the field, or the attributes joined by "__", by which a press on the head
    sorts, "" where it does not; rows in which an `is_optional` one is empty come last either way.
    """

    label: Any
    sort: str = ""
    css: str = ""
    is_optional: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class LongList:
    """What a long table offers, as data.

    Shapes: `columns` by their names in the address; `folded_in` are fields without marks, as
    `OrgUnit.search`; `text_in` fields with text; `number_in` fields with whole numbers; `find` is
    a further condition on rows that have the words. `late` is the condition of what is overdue,
    `is_late` the same of one row where all are at hand.
    """

    title: Any
    columns: Mapping[str, Column]
    folded_in: Sequence[str] = ()
    text_in: Sequence[str] = ()
    number_in: Sequence[str] = ()
    find: Callable[[str], Q] | None = None
    late: Callable[[], Q] | None = None
    is_late: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class TableHead:
    """The head of a column: `query` is what a press asks for, `order` what `aria-sort` says."""

    label: str
    css: str
    is_hidden: bool
    query: str = ""
    order: str = ""


@dataclass(frozen=True)
class LongTable:
    """A page of a long table, and what stands around its rows.

    Shapes: of more rows than `total` there `has_more`; `words` are those looked for; `others` is
    all else that the address asks, for the form of the box.
    """

    title: str
    page: Any
    heads: Sequence[TableHead]
    total: int
    has_more: bool
    words: str
    finds: bool
    offers_late: bool
    only_late: bool
    sort: str
    others: Sequence[tuple[str, str]]

    @property
    def is_narrowed(self) -> bool:
        """True where not all rows were asked for."""
        return bool(self.words) or self.only_late


def long_table(
    rows: QuerySet[Any] | Sequence[Any],
    request: HttpRequest,
    listed: LongList,
    *,
    total: int | None = None,
    per: int = PAGE_ROWS,
    without: Collection[str] = (),
) -> LongTable:
    """Return the page of `rows` that is asked for, found, sorted and counted.

    Shapes: `rows` stand in their usual order, which parts what a column leaves equal; `total` where
    it is known without a look; `without` are columns not to be shown.
    Cost: one query of a page, and one count of at most MOST_COUNTED rows.
    """
    chosen = narrowed(rows, request, listed)
    if total is None or is_narrowed(request, listed):
        total = counted(chosen)
    page = page_of(_sorted(chosen, request, listed), request, total=total, per=per)
    return around(page, request, listed, total=total, without=without)


def around(
    page: ListPage[Any] | KeyPage[Any],
    request: HttpRequest,
    listed: LongList,
    *,
    total: int,
    without: Collection[str] = (),
) -> LongTable:
    """Return what stands around the rows of a `page` that is cut already."""
    others = [(name, str(text)) for name, text in request.GET.items() if name not in _MINE]
    return LongTable(
        title=str(listed.title),
        page=page,
        heads=[
            _head(request, name, column)
            for name, column in listed.columns.items()
            if name not in without
        ],
        total=total if total != MOST_COUNTED + 1 else MOST_COUNTED,
        has_more=total == MOST_COUNTED + 1,
        words=words_in(request, listed),
        finds=_finds(listed),
        offers_late=_offers_late(listed),
        only_late=_asks_late(request, listed),
        sort=_sort_in(request, listed),
        others=others,
    )


def words_in(request: HttpRequest, listed: LongList) -> str:
    """Return the words that the box asks for, "" where the table has no box."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    return words if _finds(listed) else ""


def is_narrowed(request: HttpRequest, listed: LongList) -> bool:
    """Return whether not all rows are asked for."""
    return bool(words_in(request, listed)) or _asks_late(request, listed)


def narrowed(
    rows: QuerySet[Any] | Sequence[Any], request: HttpRequest, listed: LongList
) -> QuerySet[Any] | Sequence[Any]:
    """Return those of `rows` that have the words, and are overdue where that is asked."""
    words, only_late = words_in(request, listed), _asks_late(request, listed)
    if isinstance(rows, QuerySet):
        if words:
            rows = rows.filter(_condition(listed, words))
        return rows.filter(listed.late()) if only_late and listed.late is not None else rows
    if words:
        rows = [row for row in rows if _has_words(row, listed, words)]
    if only_late and listed.is_late is not None:
        rows = [row for row in rows if listed.is_late(row)]
    return rows


def counted(rows: QuerySet[Any] | Sequence[Any]) -> int:
    """Return how many `rows` there are, MOST_COUNTED + 1 for any number above."""
    if isinstance(rows, QuerySet):
        return rows.order_by()[: MOST_COUNTED + 1].count()
    return len(rows)


def is_sorted(request: HttpRequest, listed: LongList) -> bool:
    """Return whether another order than the usual one is asked for."""
    return bool(_sort_in(request, listed))


def _sort_in(request: HttpRequest, listed: LongList) -> str:
    asked = request.GET.get("sort", "")
    column = listed.columns.get(asked.removeprefix("-"))
    return asked if column is not None and column.sort else ""


def _finds(listed: LongList) -> bool:
    return bool(listed.folded_in or listed.text_in or listed.number_in)


def _offers_late(listed: LongList) -> bool:
    return listed.late is not None or listed.is_late is not None


def _asks_late(request: HttpRequest, listed: LongList) -> bool:
    return _offers_late(listed) and request.GET.get("late") == "1"


def _head(request: HttpRequest, name: str, column: Column) -> TableHead:
    label, sort = str(column.label), request.GET.get("sort", "")
    if not column.sort:
        return TableHead(label, column.css, column.is_hidden)
    query = request.GET.copy()
    for place in ("page", "after", "before"):
        query.pop(place, None)
    query["sort"] = f"-{name}" if sort == name else name
    order = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    return TableHead(label, column.css, column.is_hidden, query.urlencode(), order)


def _sorted(
    rows: QuerySet[Any] | Sequence[Any], request: HttpRequest, listed: LongList
) -> QuerySet[Any] | Sequence[Any]:
    order = _sort_in(request, listed)
    if not order:
        return rows
    column, is_falling = listed.columns[order.removeprefix("-")], order.startswith("-")
    if isinstance(rows, QuerySet):
        field, last = F(column.sort), True if column.is_optional else None
        first = field.desc(nulls_last=last) if is_falling else field.asc(nulls_last=last)
        return rows.order_by(first, *rows.query.order_by, "pk")
    values = [(_value(row, column.sort), row) for row in rows]
    present = [(value, row) for value, row in values if value is not None]
    present.sort(key=lambda pair: _as_key(pair[0]), reverse=is_falling)
    return [row for _v, row in present] + [row for value, row in values if value is None]


def _as_key(value: Any) -> Any:
    return (folded(value), value) if isinstance(value, str) else value


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        if row is None:
            return None
        row = row[int(name)] if name.isdigit() else getattr(row, name)
    return row() if callable(row) else row


def _condition(listed: LongList, words: str) -> Q:
    condition = with_words(words, folded_in=listed.folded_in, text_in=listed.text_in)
    for name in listed.number_in:
        condition |= Q(**{f"{name}__in": _numbers(words)})
    return condition if listed.find is None else condition | listed.find(words)


def _numbers(words: str) -> list[int]:
    is_number = words.isascii() and words.isdigit() and len(words) <= _MOST_DIGITS
    return [int(words)] if is_number else []


def _has_words(row: Any, listed: LongList, words: str) -> bool:
    texts = [_value(row, name) for name in (*listed.folded_in, *listed.text_in)]
    numbers = _numbers(words)
    return has_words(words, texts) or any(_value(row, name) in numbers for name in listed.number_in)
