"""Words and numbers of columns, however they come in."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.attribution.columns import array_of, by_word, changes, flat, numbers, worded


@given(st.lists(st.none() | st.text(max_size=5), max_size=20), st.booleans(), st.integers(0, 20))
def test_codes_give_back_the_words_in_order(
    texts: list[str | None], encoded: bool, cut: int
) -> None:
    kept = [None if one is None else one.encode("utf-8", "replace").decode() for one in texts]
    parts = [pa.array(part, pa.string()) for part in (kept[:cut], kept[cut:])]
    if encoded:
        parts = [part.dictionary_encode() for part in parts]
    column = pa.chunked_array(parts)
    lengths = by_word(column, pc.utf8_length).to_pylist()
    assert lengths == [None if one is None else len(one) for one in kept]
    codes, words = worded(column)
    told = [None if one is None else words.text(one) for one in codes.to_pylist()]
    assert told == [one or None for one in kept]
    every = [words.text(code) for code in range(len(words))]
    assert every == sorted({one for one in kept if one}, key=lambda one: one.encode())
    assert [words.find(one) for one in every] == list(range(len(every)))
    assert words.find("no such word") is None


def test_a_column_without_chunks_has_no_words() -> None:
    codes, words = worded(pa.chunked_array([], pa.string()))
    assert (len(codes), len(words), words.find("a")) == (0, 0, None)


@pytest.mark.parametrize("kind", [pa.int8(), pa.int32(), pa.int64(), pa.uint8(), pa.uint32()])
def test_numbers_are_plain_memory_and_back(kind: pa.DataType) -> None:
    column = pa.chunked_array([pa.array([1, 2], kind), pa.array([3, 4], kind)])
    assert numbers(column).tolist() == [1, 2, 3, 4]
    assert numbers(flat(column).slice(1, 2)).tolist() == [2, 3]
    assert array_of(numbers(column)) == flat(column)
    assert numbers(pa.array([], kind)).tolist() == []


def test_numbers_with_nulls_are_refused() -> None:
    with pytest.raises(AssertionError):
        numbers(pa.array([1, None], pa.int64()))


def test_a_row_changes_where_any_column_does() -> None:
    one, other = pa.array([1, 1, 2, 2]), pa.array([5, 5, 5, 6])
    assert changes(one, other).to_pylist() == [True, False, True, True]
    assert changes(one.slice(0, 1)).to_pylist() == [True]
