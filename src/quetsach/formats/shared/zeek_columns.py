"""Lines of one Zeek table read column by column; what several columns tell is asked once each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.clocks import Zone
from quetsach.formats import zeek_fields
from quetsach.formats.contract import Line
from quetsach.formats.shared import text_columns
from quetsach.formats.shared.event_columns import (
    Column,
    EventColumns,
    as_column,
    is_there,
    numbered,
    repeated,
)

_BY_VALUE = ("dns.response_code", "http.request.method")
_BY_PRESENCE = ("source.ip", "destination.ip", "http.response.status_code")
_LISTED = frozenset({"dns.answers"})


class TablePlan(Protocol):
    """The columns of one layout; see `_Plan` in zeek_tsv.py."""

    @property
    def separator(self) -> str:
        """What is between two columns."""
        ...

    @property
    def set_separator(self) -> str:
        """What is between two parts of one."""
        ...

    @property
    def absent(self) -> frozenset[str]:
        """What says that there is no value."""
        ...

    @property
    def width(self) -> int:
        """How many columns there are."""
        ...

    @property
    def time(self) -> int:
        """Which of them is the time."""
        ...

    @property
    def direct(self) -> tuple[tuple[int, str, Callable[[Any], Any], bool], ...]:
        """Column, field, how its value is read, whether it has parts."""
        ...

    @property
    def indirect(self) -> tuple[tuple[int, str, bool], ...]:
        """Column, its name, whether it has parts."""
        ...


def zeek_columns(
    lines: Sequence[Line], plan: TablePlan, dataset: str, zone: Zone
) -> EventColumns | None:
    """Return the events of the plain ones of `lines`, None where there is none."""
    is_plain = text_columns.plain_lines([line for _, line in lines], plan.separator, plan.width)
    if not pc.all(is_plain).as_py():
        lines = [lines[row] for row in pc.indices_nonzero(is_plain).to_pylist()]
    if not lines:
        return None
    numbers = sorted(
        {plan.time, *(one[0] for one in plan.direct), *(one[0] for one in plan.indirect)}
    )
    texts = dict(
        zip(
            numbers,
            text_columns.table_columns(
                [line for _, line in lines], plan.separator, plan.width, numbers
            ),
            strict=True,
        )
    )
    when, zones = text_columns.times(texts[plan.time], zone)
    fields: dict[str, Column] = {"@timestamp": when}
    if zones is not None:
        fields["event.timezone"] = zones
    absent = [*plan.absent]
    for number, field, convert, is_list in plan.direct:
        coded = text_columns.without(texts[number], [*absent, "-"])
        if not is_list:
            fields[field] = text_columns.typed(field, coded, convert)
        elif field in _LISTED:
            fields[field] = text_columns.several(coded, plan.set_separator, absent)
        else:
            return None
    fields["event.dataset"] = repeated("event.dataset", dataset, len(lines))
    rest = {name: text_columns.without(texts[number], absent) for number, name, _ in plan.indirect}
    lists = {name for _, name, is_list in plan.indirect if is_list}
    _complete(fields, rest, lists, plan, dataset.partition(".")[2], len(lines))
    return EventColumns(list(lines), fields)


def _complete(
    fields: dict[str, Column],
    rest: Mapping[str, pa.DictionaryArray],
    lists: set[str],
    plan: TablePlan,
    path: str,
    count: int,
) -> None:
    """Fill what `zeek_fields.complete` makes of a line, asked once for all lines alike in it."""
    # A page asked for without a host is one of the server's address.
    by_value = (*_BY_VALUE, "destination.ip") if "uri" in rest else _BY_VALUE
    alike = [
        *rest.values(),
        *(fields[name] for name in by_value if name in fields),
        *(is_there(fields[name]) for name in _BY_PRESENCE if name in fields),
    ]
    numbers, firsts = numbered(alike, count)
    before = EventColumns([], fields).events(firsts, (*_BY_VALUE, *_BY_PRESENCE))
    texts_of = {name: column.take(firsts).to_pylist() for name, column in rest.items()}
    completed: list[dict[str, Any]] = []
    for place, begun in enumerate(before):
        row = {
            name: _parts(texts[place], plan) if name in lists else texts[place]
            for name, texts in texts_of.items()
            if texts[place] is not None
        }
        record = {**begun}
        zeek_fields.complete(record, row, path)
        completed.append(record)
    for name in dict.fromkeys(name for record in completed for name in record):
        if name in by_value or name == "http.response.status_code":
            continue
        column = as_column(name, [record.get(name) for record in completed]).take(numbers)
        fields[name] = _joined(fields[name], column) if name in fields else column


def _joined(first: Column, second: Column) -> Column:
    """Return the values of `first`, and where it has none those of `second`."""
    if first.null_count == 0:
        return first
    texts = (first.cast(pa.string()), second.cast(pa.string()))
    return pc.coalesce(*texts).dictionary_encode()


def _parts(text: str, plan: TablePlan) -> list[str]:
    return [part for part in text.split(plan.set_separator) if part not in plan.absent]
