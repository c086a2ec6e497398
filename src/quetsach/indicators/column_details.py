"""Puts indicators that are no simple values among those that stand in columns."""

from collections.abc import Iterable, Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from quetsach.indicators.column_arrays import (
    entry_texts,
    no_numbers,
    numbers_array,
    parents_of,
    repeated,
    sums,
)
from quetsach.indicators.column_building import KindEntries, ListTables, assembled
from quetsach.indicators.indicator_columns import (
    DetailRow,
    Details,
    IndicatorColumns,
    SourceList,
)
from quetsach.indicators.model import Indicator, IndicatorKind

_NO_TEXT = memoryview(b"")


def add_details(columns: IndicatorColumns, others: Iterable[Indicator]) -> IndicatorColumns:
    """Return `columns` with `others` among them, each in place of the entry of its key, if any."""
    claims = [columns.claim(number) for number in range(len(columns.arrays.claim_starts) - 1)]
    tables = ListTables(columns.lists, claims)
    by_kind: dict[IndicatorKind, list[Indicator]] = {kind: [] for kind in IndicatorKind}
    for other in others:
        by_kind[other.kind].append(other)
    details: list[bytes] = []
    parts = []
    for kind, added in by_kind.items():
        parts.append(_with_details(_entries_of(columns, kind), added, details, tables))
    return assembled(parts, tables, details, tuple(by_kind))


def _entries_of(columns: IndicatorColumns, kind: IndicatorKind) -> KindEntries:
    arrays, span = columns.arrays, columns.of(kind)
    keys = entry_texts(columns).slice(span.start, len(span))
    starts = numbers_array(arrays.row_starts).slice(span.start, len(span) + 1)
    counts = pc.subtract(starts.slice(1), starts.slice(0, len(span)))
    first = starts[0].as_py() if len(span) else 0
    length = starts[-1].as_py() - first if len(span) else 0
    rows = (arrays.row_lists, arrays.rows, arrays.row_claims, arrays.row_places)
    return KindEntries(
        keys,
        numbers_array(arrays.claims).slice(span.start, len(span)),
        counts,
        tuple(numbers_array(column).slice(first, length) for column in rows),
        numbers_array(arrays.numbers) if kind is IndicatorKind.ADDRESS else no_numbers(),
    )


def _with_details(
    entries: KindEntries, added: Sequence[Indicator], details: list[bytes], tables: ListTables
) -> KindEntries:
    if not added:
        return entries
    # A key ends with its newline, below which no sign of a key is sorted.
    new_keys = pa.array([f"{indicator.key}\n" for indicator in added], entries.keys.type)
    is_kept = pc.invert(pc.is_in(entries.keys, new_keys))
    starts = pa.concat_arrays([pa.array([0], pa.int64()), sums(entries.counts)])
    row_kept = is_kept.take(parents_of(starts))
    places = pa.array(range(len(details), len(details) + len(added)), pa.uint32())
    details += [msgspec.msgpack.encode(_details(indicator, tables)) for indicator in added]
    keys = pa.concat_arrays([entries.keys.filter(is_kept), new_keys])
    order = pc.sort_indices(keys)
    simple = is_kept.filter(pc.greater(entries.counts, 0))
    return KindEntries(
        keys.take(order),
        pa.concat_arrays([entries.claims.filter(is_kept), places]).take(order),
        pa.concat_arrays([entries.counts.filter(is_kept), repeated(0, len(added))]).take(order),
        tuple(column.filter(row_kept) for column in entries.rows),
        entries.numbers.filter(simple) if len(entries.numbers) else entries.numbers,
    )


def _details(indicator: Indicator, tables: ListTables) -> Details:
    rows = tuple(
        DetailRow(
            source=tables.source(SourceList(origin.list_name, origin.list_sha256, _NO_TEXT)),
            row=origin.row,
            text=origin.text,
            place=origin.place,
            letter=origin.letter,
            claim=tables.claim(origin.claim),
            rule=origin.rule,
        )
        for origin in indicator.origins
    )
    return Details(
        shown="" if indicator.shown == indicator.key else indicator.shown,
        rule=indicator.rule,
        port=indicator.port,
        claim=tables.claim(indicator.claim),
        rows=rows,
        allow_classes=indicator.allow_classes,
        decided=indicator.decided,
    )
