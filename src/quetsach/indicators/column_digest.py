"""The digest of a set whose indicators stand in columns, without creating each of them."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.indicators.column_arrays import entry_texts, numbers_array
from quetsach.indicators.indicator_columns import USUAL_RULES, IndicatorColumns
from quetsach.indicators.model import Indicator, IndicatorKind, digest_row

_DIGESTED = 65_536
"""How many rows are joined at a time."""


def digest_of(columns: IndicatorColumns, hidden: frozenset[int], beside: Sequence[str]) -> str:
    """Return the SHA-256 of the rows of `digest_row` of all entries and of `beside`, sorted.

    Shapes: the entries at the places `hidden` do not count.
    Cost: the keys are held twice; what their rows say besides is added a part at a time.
    """
    others = [*beside, *_detailed_rows(columns, hidden)]
    parts = [_simple(columns, kind, hidden) for kind in USUAL_RULES]
    # A key ends with a newline here, so that it stands before all longer ones, as its row does.
    texts = pa.concat_arrays([pa.array(others, pa.large_string()), *(part.keys for part in parts)])
    ends = ["", *(end for part in parts for end in part.ends)]
    numbers = [pa.repeat(pa.scalar(0, pa.int64()), len(others))]
    begin = 1
    for part in parts:
        numbers.append(pc.add(part.numbers, begin))
        begin += len(part.ends)
    end_numbers, end_texts = pa.concat_arrays(numbers), pa.array(ends, pa.large_string())
    order = pc.sort_indices(texts)
    digest = hashlib.sha256()
    for start in range(0, len(order), _DIGESTED):
        some = order.slice(start, _DIGESTED)
        keys = pc.ascii_rtrim(texts.take(some), "\n")
        behind = end_texts.take(end_numbers.take(some))
        rows = pc.binary_join_element_wise(keys, behind, pa.scalar("", pa.large_string()))
        digest.update("".join(rows.to_pylist()).encode())
    del texts, end_numbers, order
    pa.default_memory_pool().release_unused()
    return digest.hexdigest()


class _Simple(NamedTuple):
    """The simple entries of a kind: keys, each with a newline; what follows each, by numbers."""

    keys: Any
    numbers: Any
    ends: list[str]


def _detailed_rows(columns: IndicatorColumns, hidden: frozenset[int]) -> Iterator[str]:
    for kind in columns.spans:
        places = (place for place in columns.detailed_places(kind) if place not in hidden)
        yield from (digest_row(columns.indicator(place)) for place in places)


def _simple(columns: IndicatorColumns, kind: IndicatorKind, hidden: frozenset[int]) -> _Simple:
    span = columns.of(kind)
    starts = numbers_array(columns.arrays.row_starts).slice(span.start, len(span) + 1)
    is_simple = pc.greater(starts.slice(1), starts.slice(0, len(span)))
    if hidden:
        places = pa.array(range(span.start, span.stop), pa.int64())
        is_simple = pc.and_not(is_simple, pc.is_in(places, pa.array(sorted(hidden), pa.int64())))
    claims = numbers_array(columns.arrays.claims).slice(span.start, len(span)).filter(is_simple)
    used = pc.unique(claims)
    ends = [
        digest_row(Indicator("", "", kind, USUAL_RULES[kind], claim=columns.claim(number)))
        for number in used.to_pylist()
    ]
    keys = entry_texts(columns).slice(span.start, len(span)).filter(is_simple)
    return _Simple(keys, pc.cast(pc.index_in(claims, used), pa.int64()), ends)
