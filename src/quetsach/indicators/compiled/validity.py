"""Whether the columns of a compiled file fit each other, before anything follows their numbers.

A damaged file is known by its checksum; whoever forges one gives it the checksum that fits. Code
in C and Rust reads texts from where the numbers say: none may lead out of its column.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from quetsach.arrays import np
from quetsach.indicators.indicator_columns import (
    AS_ITS_KEY,
    SIMPLE_KINDS,
    ColumnArrays,
    Details,
    SourceList,
)
from quetsach.indicators.model import Claim, IndicatorKind

_NEWLINE = 0x0A
_Decoded = TypeVar("_Decoded", Claim, Details)


def check_columns(
    arrays: ColumnArrays, spans: Mapping[IndicatorKind, range], lists: Sequence[SourceList]
) -> None:
    """Do nothing for columns that fit each other. Errors: ValueError, MsgspecError.

    Cost: one pass over each column, and the details of all that are no simple values.
    """
    count, rows = len(arrays.claims), len(arrays.rows)
    _require(_starts(arrays.key_starts, len(arrays.keys), count))
    _require(_starts(arrays.row_starts, rows, count))
    _require(len(arrays.row_lists) == len(arrays.row_claims) == len(arrays.row_places) == rows)
    _check_spans(spans, count)
    _check_keys(arrays)
    claims = len(list(_decoded(arrays.claim_texts, arrays.claim_starts, Claim)))
    details = 0
    for whole in _decoded(arrays.details, arrays.detail_starts, Details):
        details += 1
        _require(0 <= whole.claim < claims)
        _require(
            all(0 <= row.claim < claims and 0 <= row.source < len(lists) for row in whole.rows)
        )
    has_rows = np.diff(np.asarray(arrays.row_starts)) > 0
    numbers = np.asarray(arrays.claims)
    _require(bool(np.all(numbers[has_rows] < claims)))
    _require(bool(np.all(numbers[~has_rows] < details)))
    _require(bool(np.all(np.asarray(arrays.row_claims) < claims)))
    simple = sum(len(spans.get(kind, range(0))) for kind in SIMPLE_KINDS)
    _require(len(arrays.numbers) <= simple)
    _check_places(arrays, lists)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError


def _starts(starts: memoryview, end: int, count: int) -> bool:
    """Return whether `count` pieces stand one behind the other up to `end`."""
    edges = np.asarray(starts).astype(np.int64)
    if len(edges) != count + 1:
        return False
    return int(edges[0]) == 0 and int(edges[-1]) == end and bool(np.all(np.diff(edges) >= 0))


def _check_spans(spans: Mapping[IndicatorKind, range], count: int) -> None:
    end = 0
    for span in sorted(spans.values(), key=lambda span: span.start):
        _require(span.start == end and span.stop >= end)
        end = span.stop
    _require(end == count)


def _check_keys(arrays: ColumnArrays) -> None:
    keys = np.frombuffer(arrays.keys, np.uint8)
    ends = np.asarray(arrays.key_starts)[1:].astype(np.int64) - 1
    _require(not len(ends) or int(ends[0]) >= 0)
    _require(
        bool(np.all(keys[ends] == _NEWLINE)) and np.count_nonzero(keys == _NEWLINE) == len(ends)
    )
    str(arrays.keys, "utf-8")


def _decoded(texts: memoryview, starts: memoryview, of_type: type[_Decoded]) -> Iterator[_Decoded]:
    """Yield all of them."""
    count = len(starts) - 1
    _require(_starts(starts, len(texts), count))
    decoder = msgspec.msgpack.Decoder(of_type)
    for number in range(count):
        yield decoder.decode(texts[starts[number] : starts[number + 1]])


def _check_places(arrays: ColumnArrays, lists: Sequence[SourceList]) -> None:
    sources, places = np.asarray(arrays.row_lists), np.asarray(arrays.row_places)
    _require(not len(sources) or int(sources.max()) < len(lists))
    lengths = np.array([len(source.text) for source in lists], np.int64)
    inside = places.astype(np.int64) <= lengths[sources] if len(sources) else np.ones(0, bool)
    _require(bool(np.all(inside | (places == AS_ITS_KEY))))
