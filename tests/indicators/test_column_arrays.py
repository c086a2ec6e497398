"""Columns and Arrow arrays are the same numbers and texts."""

import pyarrow as pa

from quetsach.indicators.column_arrays import (
    as_view,
    entry_texts,
    numbers_array,
    parents_of,
    sums,
    text_and_starts,
)
from quetsach.indicators.column_building import build_columns
from quetsach.indicators.indicator_columns import numbers_of
from tests.indicators.columns import bulk


def test_numbers_go_to_arrow_and_back() -> None:
    array = numbers_array(numbers_of([3, 1, 2**32 - 1]))
    assert array.to_pylist() == [3, 1, 2**32 - 1]
    assert as_view(array.slice(1)).tolist() == [1, 2**32 - 1]
    assert as_view(array.slice(3)).tolist() == []


def test_texts_stand_one_behind_the_other() -> None:
    text, starts = text_and_starts(pa.array(["a\n", "bc\n"], pa.large_string()))
    assert (bytes(text), starts.tolist()) == (b"a\nbc\n", [0, 2, 5])
    empty, none = text_and_starts(pa.array([], pa.large_string()))
    assert (bytes(empty), none.tolist()) == (b"", [0])


def test_entries_are_counted_by_their_rows() -> None:
    assert sums(pa.array([2, 0, 1], pa.uint32())).to_pylist() == [2, 2, 3]
    assert parents_of(pa.array([4, 6, 6, 7])).to_pylist() == [0, 0, 2]
    texts = entry_texts(build_columns([bulk()])).to_pylist()
    assert texts == ["a.example\n", "b.example\n", "203.0.113.7\n", "0" * 32 + "\n"]
