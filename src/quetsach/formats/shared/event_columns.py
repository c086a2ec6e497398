"""Events of many lines, column by column: each field is worked on at once, not line by line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.clocks import Zone
from quetsach.formats.contract import Line, LogLayout
from quetsach.schema import EVENT_FIELDS

Column: TypeAlias = pa.Array
"""Of texts a dictionary of the different ones, of whole numbers and times (us) int64, or lists."""

_TYPES = {field.name: field.type for field in EVENT_FIELDS}
_CODES = pa.int32()
_MOST_NUMBERS = 1 << 62


@dataclass(frozen=True)
class EventColumns:
    """Events, one a line. Shapes: a column has for each of `lines` a value, or null."""

    lines: list[Line]
    fields: dict[str, Column]

    def take(self, rows: pa.Array) -> "EventColumns":
        """Return the events of `rows`, which are whole numbers."""
        lines = self.lines
        return EventColumns(
            [lines[row] for row in rows.to_pylist()],
            {name: column.take(rows) for name, column in self.fields.items()},
        )

    def events(self, rows: pa.Array, names: Iterable[str]) -> list[dict[str, Any]]:
        """Return the events of `rows` with the fields `names` alone."""
        events: list[dict[str, Any]] = [{} for _ in range(len(rows))]
        for name in names:
            if name in self.fields:
                for event, content in zip(
                    events, self.fields[name].take(rows).to_pylist(), strict=True
                ):
                    if content is not None:
                        event[name] = content
        return events


@runtime_checkable
class ColumnFormat(Protocol):
    """A format that reads many lines at once."""

    def parse_columns(
        self, lines: Sequence[Line], layout: LogLayout, zone: Zone
    ) -> EventColumns | None:
        """Return the events of those of `lines` of which it is sure, one a line; else None.

        They are what `parse` returns for these lines; the others are left to it.
        """
        ...


def columns_of(lines: list[Line], events: Sequence[Mapping[str, Any]]) -> EventColumns | None:
    """Return `events`, each of one of `lines`, as columns; None where a value is of an odd kind."""
    names = dict.fromkeys(name for event in events for name in event)
    try:
        return EventColumns(
            lines, {name: as_column(name, [event.get(name) for event in events]) for name in names}
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        # Whoever takes them one by one may never ask for that value.
        return None


def as_column(name: str, values: Sequence[Any]) -> Column:
    """Return the column of the field `name`; None stands for a value that is not there."""
    kind = _TYPES[name]
    if pa.types.is_string(kind):
        return pa.array(values, kind).dictionary_encode()
    return pa.array(values, pa.int64() if pa.types.is_timestamp(kind) else kind)


def repeated(name: str, value: Any, count: int) -> Column:
    """Return the column of the field `name` that holds one value `count` times."""
    return spread(name, [value], pa.repeat(pa.scalar(0, _CODES), count))


def spread(name: str, values: Sequence[Any], codes: pa.Array) -> Column:
    """Return the column of the field `name` whose rows have the `values` that `codes` number."""
    kind = _TYPES[name]
    if not pa.types.is_string(kind):
        return as_column(name, values).take(codes)
    return with_nulls(codes, pa.array(values, kind))


def with_nulls(codes: pa.Array, different: pa.Array) -> pa.DictionaryArray:
    """Return a dictionary whose rows are null where their value is."""
    if different.null_count:
        numbers = pa.array(range(len(different)), _CODES)
        kept = pc.if_else(different.is_valid(), numbers, pa.scalar(None, _CODES))
        codes = kept.take(codes)
    return pa.DictionaryArray.from_arrays(codes, different)


def converted(name: str, texts: pa.DictionaryArray, convert: Callable[[str], Any]) -> Column:
    """Return the column of the field `name` whose values `convert` makes of `texts`.

    It is asked once for each different text, and says None for one that gives no value.
    """
    return spread(name, [convert(one) for one in texts.dictionary.to_pylist()], texts.indices)


def is_there(column: Column) -> pa.Array:
    """Return where `column` holds a value."""
    return column.is_valid()


def numbered(columns: Sequence[pa.Array], count: int) -> tuple[pa.Array, pa.Array]:
    """Return a number for each row, the same where all `columns` have the same value.

    Shapes: numbers from 0 in the order in which they come first; the rows where they do.
    """
    whole = pa.repeat(pa.scalar(0, pa.int64()), count)
    size = 1
    for column in columns:
        codes, different = _codes(column)
        if size * different >= _MOST_NUMBERS:
            coded = whole.dictionary_encode()
            whole, size = coded.indices.cast(pa.int64()), len(coded.dictionary)
        whole = pc.add(pc.multiply(whole, different), codes.cast(pa.int64()))
        size *= different
    numbers = whole.dictionary_encode().indices
    if not count:
        return numbers, numbers
    highest = pc.cumulative_max(numbers)
    is_new = pc.not_equal(highest[1:], highest[:-1])
    firsts = pc.add(pc.indices_nonzero(is_new).cast(_CODES), pa.scalar(1, _CODES))
    return numbers, pa.concat_arrays([pa.array([0], _CODES), firsts])


def _codes(column: pa.Array) -> tuple[pa.Array, int]:
    """Return numbers for the values of `column`, 0 for none, and how many there may be."""
    coded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    codes = pc.add(coded.indices.fill_null(pa.scalar(-1, coded.indices.type)), 1)
    return codes, len(coded.dictionary) + 1
