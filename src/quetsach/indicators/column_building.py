"""Builds the columns of indicators: sorts rows and puts those of one key together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.indicators.column_arrays import (
    as_view,
    entry_texts,
    joined,
    no_numbers,
    numbers_array,
    parents_of,
    repeated,
    sums,
    text_and_starts,
)
from quetsach.indicators.indicator_columns import (
    SIMPLE_KINDS,
    ColumnArrays,
    IndicatorColumns,
    SourceList,
    packed,
    packed_claims,
)
from quetsach.indicators.model import (
    NO_CLAIM,
    Claim,
    Indicator,
    IndicatorKind,
    MatchRule,
    merge_indicators,
)
from quetsach.indicators.simple_values import numbers

_TYPES = (pa.large_string(), pa.int8(), *(pa.uint32() for _column in range(4)))


@dataclass(frozen=True)
class BulkRows:
    """Rows of one list that each contain one simple value, as columns, in their order.

    Shapes: the chunked Arrow arrays `keys` (text), `kinds` (places in SIMPLE_KINDS), `rows` (line
    numbers from 1), `claim_numbers` (places in `claims`) and `places` (where the line begins in
    `text`, or AS_ITS_KEY) are of one length.
    """

    list_name: str
    list_sha256: str
    keys: Any
    kinds: Any
    rows: Any
    claim_numbers: Any
    places: Any
    claims: tuple[Claim, ...]
    text: bytes

    def __len__(self) -> int:
        return len(self.keys)


class ListTables:
    """The lists and claims of a set by their numbers, as they come; claim 0 is the empty one."""

    def __init__(self, lists: Iterable[SourceList] = (), claims: Iterable[Claim] = ()) -> None:
        self.lists: list[SourceList] = []
        self._list_numbers: dict[tuple[str, str], int] = {}
        self._claim_numbers: dict[Claim, int] = {NO_CLAIM: 0}
        for source in lists:
            self.source(source)
        for claim in claims:
            self.claim(claim)

    @property
    def claims(self) -> list[Claim]:
        """The claims in the order of their numbers."""
        return list(self._claim_numbers)

    def source(self, source: SourceList) -> int:
        """Return the number of a list; one that comes with its text keeps that."""
        number = self._list_numbers.setdefault((source.name, source.sha256), len(self.lists))
        if number == len(self.lists):
            self.lists.append(source)
        elif source.text and not self.lists[number].text:
            self.lists[number] = source
        return number

    def claim(self, claim: Claim) -> int:
        """Return the number of a claim."""
        return self._claim_numbers.setdefault(claim, len(self._claim_numbers))


@dataclass(frozen=True)
class _Rows:
    """Rows of any lists as chunked Arrow arrays; numbers of lists and claims as in tables."""

    keys: Any
    kinds: Any
    lists: Any
    rows: Any
    claims: Any
    places: Any

    def of_kind(self, number: int) -> "_Rows":
        """Return the rows of one kind sorted by key, those of one key in their order."""
        is_kind = pc.equal(self.kinds, number)
        keys = self.keys.filter(is_kind).combine_chunks()
        order = pc.sort_indices(keys)
        keys = keys.take(order)
        others = (self.kinds, self.lists, self.rows, self.claims, self.places)
        kinds, lists, rows, claims, places = (
            column.filter(is_kind).combine_chunks().take(order) for column in others
        )
        return _Rows(keys, kinds, lists, rows, claims, places)


@dataclass(frozen=True)
class KindEntries:
    """Entries of one kind, sorted: keys with their newline, claims, counts of rows; their rows."""

    keys: Any
    claims: Any
    counts: Any
    rows: tuple[Any, ...]
    numbers: Any


def build_columns(parts: list[BulkRows | IndicatorColumns]) -> IndicatorColumns:
    """Return the rows as indicators, those of one key merged in the order of the parts.

    Of columns the simple entries are taken. A list that is given twice counts once. `parts` is
    empty afterwards: each part goes as soon as it is not needed any more.
    """
    tables = ListTables()
    rows = _all_rows(parts, tables)
    parts.clear()
    # The pool of Arrow keeps what it was given for a while; here it is a third of all.
    pa.default_memory_pool().release_unused()
    return assembled(_all_entries(rows, tables), tables)


def _all_rows(parts: Iterable[BulkRows | IndicatorColumns], tables: ListTables) -> list[_Rows]:
    rows: list[_Rows] = []
    read: set[tuple[str, str]] = set()
    for part in parts:
        if isinstance(part, BulkRows):
            named = {(part.list_name, part.list_sha256)}
            rows += [] if named <= read else [_from_bulk(part, tables)]
        else:
            named = {(source.name, source.sha256) for source in part.lists}
            rows.append(_rows_of(part, tables, read))
        read |= named
    return rows


def _all_entries(rows: list[_Rows], tables: ListTables) -> list[KindEntries]:
    """Return the entries of each simple kind."""
    every = _Rows(
        *(
            pa.chunked_array(
                [chunk for part in rows for chunk in [*vars(part).values()][place].chunks], of_type
            )
            for place, of_type in enumerate(_TYPES)
        )
    )
    rows.clear()
    return [_entries(every.of_kind(number), tables) for number in range(len(SIMPLE_KINDS))]


def _from_bulk(bulk: BulkRows, tables: ListTables) -> _Rows:
    source = tables.source(SourceList(bulk.list_name, bulk.list_sha256, memoryview(bulk.text)))
    claims = pa.array([tables.claim(claim) for claim in bulk.claims], pa.uint32())
    return _Rows(
        bulk.keys,
        bulk.kinds,
        pa.chunked_array([repeated(source, len(bulk))]),
        bulk.rows,
        claims.take(bulk.claim_numbers),
        bulk.places,
    )


def _rows_of(columns: IndicatorColumns, tables: ListTables, read: set[tuple[str, str]]) -> _Rows:
    """Return the rows of the simple entries of `columns`, but for those of the lists `read`."""
    arrays = columns.arrays
    sources = pa.array([tables.source(source) for source in columns.lists], pa.uint32())
    count = len(arrays.claim_starts) - 1
    claims = pa.array([tables.claim(columns.claim(n)) for n in range(count)], pa.uint32())
    starts = numbers_array(arrays.row_starts)
    parents = parents_of(starts)
    kinds = pa.concat_arrays(
        [
            pa.repeat(pa.scalar(number, pa.int8()), len(columns.of(kind)))
            for number, kind in enumerate(columns.spans)
        ]
    )
    # Entries of other kinds have no rows, so that only the numbers of simple kinds are asked for.
    places = {kind: number for number, kind in enumerate(SIMPLE_KINDS)}
    to_simple = pa.array([places.get(kind) for kind in columns.spans], pa.int8())
    row_lists = numbers_array(arrays.row_lists)
    again = [n for n, source in enumerate(columns.lists) if (source.name, source.sha256) in read]
    is_new = pc.invert(pc.is_in(row_lists, pa.array(again, pa.uint32())))
    every = _Rows(
        pc.ascii_rtrim(entry_texts(columns).take(parents), "\n"),
        to_simple.take(kinds.take(parents)),
        sources.take(row_lists),
        numbers_array(arrays.rows),
        claims.take(numbers_array(arrays.row_claims)),
        numbers_array(arrays.row_places),
    )
    return _Rows(*(pa.chunked_array([column.filter(is_new)]) for column in vars(every).values()))


def _entries(rows: _Rows, tables: ListTables) -> KindEntries:
    """Return sorted rows as entries, each with all rows of its key."""
    count = len(rows.keys)
    is_again = pc.equal(rows.keys.slice(min(count, 1)), rows.keys.slice(0, max(count - 1, 0)))
    is_first = pa.concat_arrays([pa.array([True] * min(count, 1), pa.bool_()), pc.invert(is_again)])
    starts = pc.cast(pc.indices_nonzero(is_first), pa.int64())
    ends = pa.concat_arrays(
        [starts.slice(min(count, 1)), pa.array([count] * min(count, 1), pa.int64())]
    )
    keys = rows.keys if len(starts) == count else rows.keys.filter(is_first)
    is_address = count and pc.any(pc.equal(rows.kinds, SIMPLE_KINDS.index(IndicatorKind.ADDRESS)))
    return KindEntries(
        pc.binary_join_element_wise(keys, pa.scalar("\n", keys.type), pa.scalar("", keys.type)),
        _merged_claims(rows.claims, is_first, tables),
        pc.cast(pc.subtract(ends, starts), pa.uint32()),
        (rows.lists, rows.rows, rows.claims, rows.places),
        pc.cast(numbers(keys), pa.uint32()) if is_address and is_address.as_py() else no_numbers(),
    )


def _merged_claims(claims: Any, is_first: Any, tables: ListTables) -> Any:
    """Return the claim of each entry; most have one row, or rows that all say the same."""
    # The first row is compared with itself.
    before = pa.concat_arrays([claims.slice(0, 1), claims.slice(0, max(len(claims) - 1, 0))])
    differs = pc.and_(pc.not_equal(claims, before.slice(0, len(claims))), pc.invert(is_first))
    firsts = claims.filter(is_first)
    if not pc.any(differs).as_py():
        return firsts
    entry_of_row = pc.subtract(pc.cumulative_sum(pc.cast(is_first, pa.int64())), 1)
    doubtful = pc.unique(entry_of_row.filter(differs))
    is_doubtful = pc.is_in(entry_of_row, doubtful)
    groups: dict[int, list[int]] = {}
    pairs = (entry_of_row.filter(is_doubtful), claims.filter(is_doubtful))
    for entry, number in zip(*(column.to_pylist() for column in pairs), strict=True):
        groups.setdefault(entry, []).append(number)
    known = _Merging(tables)
    mask = pc.is_in(pc.cast(pa.array(range(len(firsts))), pa.int64()), doubtful)
    merged = [known.claim(tuple(group)) for _entry, group in sorted(groups.items())]
    return pc.replace_with_mask(firsts, mask, pa.array(merged, pa.uint32()))


class _Merging:
    """Numbers of merged claims, each combination merged once."""

    def __init__(self, tables: ListTables) -> None:
        self._tables = tables
        self._claims = tables.claims
        self._known: dict[tuple[int, ...], int] = {}

    def claim(self, numbers_of_rows: tuple[int, ...]) -> int:
        if numbers_of_rows not in self._known:
            rows = [
                Indicator("", "", IndicatorKind.HASH, MatchRule.HASH, claim=self._claims[number])
                for number in numbers_of_rows
            ]
            merged = reduce(merge_indicators, rows).claim
            self._known[numbers_of_rows] = self._tables.claim(merged)
        return self._known[numbers_of_rows]


def assembled(
    parts: Sequence[KindEntries],
    tables: ListTables,
    details: Sequence[bytes] = (),
    kinds: Sequence[IndicatorKind] = SIMPLE_KINDS,
) -> IndicatorColumns:
    """Return columns of the entries of each of `kinds`, in this order."""
    keys = joined([part.keys for part in parts])
    counts = joined([part.counts for part in parts])
    rows = [joined(columns) for columns in zip(*(part.rows for part in parts), strict=True)]
    text, starts = text_and_starts(keys)
    claim_texts, claim_starts = packed_claims(tables.claims)
    detail_texts, detail_starts = packed(details)
    arrays = ColumnArrays(
        keys=text,
        key_starts=starts,
        claims=as_view(joined([part.claims for part in parts])),
        row_starts=as_view(pa.concat_arrays([pa.array([0], pa.int64()), sums(counts)])),
        row_lists=as_view(rows[0]),
        rows=as_view(rows[1]),
        row_claims=as_view(rows[2]),
        row_places=as_view(rows[3]),
        numbers=as_view(joined([part.numbers for part in parts])),
        claim_texts=claim_texts,
        claim_starts=claim_starts,
        details=detail_texts,
        detail_starts=detail_starts,
    )
    spans: dict[IndicatorKind, range] = {}
    begin = 0
    for kind, part in zip(kinds, parts, strict=True):
        spans[kind] = range(begin, begin := begin + len(part.keys))
    return IndicatorColumns(arrays, spans, tables.lists)
