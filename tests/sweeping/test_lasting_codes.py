"""Codes of texts stay the same over batches, and rows of several columns have one number each."""

import random

import pyarrow as pa

from quetsach.arrays import np
from quetsach.sweeping.lasting_codes import NONE, LastingCodes, LastingRows, combined, distinct


def test_a_value_has_the_same_code_in_each_batch() -> None:
    codes = LastingCodes()
    assert codes.of(pa.array(["b", None, "a", "b"])).tolist() == [0, NONE, 1, 0]
    assert codes.of(pa.array(["c", "a", None])).tolist() == [2, 1, NONE]
    assert codes.of(pa.array([None, None], pa.string())).tolist() == [NONE, NONE]
    assert codes.values == ["b", "a", "c"]


def test_lists_and_numbers_have_codes_too() -> None:
    lists = pa.array([["a", "b"], None, ["a"]], pa.list_(pa.string()))
    codes = LastingCodes()
    assert codes.of(lists).tolist() == [0, NONE, 1]
    assert codes.values == ["a\x1fb", "a"]
    assert LastingCodes().of(pa.array([True, False, True])).tolist() == [0, 1, 0]


def test_distinct_numbers_come_in_the_order_of_their_first_rows() -> None:
    numbers, place = distinct(np.array([7, 3, 7, 9], np.int64))
    assert (numbers.tolist(), place.tolist()) == ([7, 3, 9], [0, 1, 0, 2])


def test_rows_of_several_columns_are_told_apart() -> None:
    rng = random.Random(2)
    made: list[tuple[object, ...]] = []
    rows = LastingRows(lambda values: made.append(values) or values)
    wanted: dict[tuple[object, ...], int] = {}
    for size in (1, 50, 200):
        columns = [[rng.choice(["x", "y", None]), rng.randrange(5), None] for _ in range(size)]
        arrays = [
            pa.array(each, pa.string() if not at % 2 else pa.int64())
            for at, each in enumerate(zip(*columns, strict=True))
        ]
        for number, values in zip(rows.of(arrays).tolist(), columns, strict=True):
            assert wanted.setdefault(tuple(values), number) == number
            assert rows.made[number] == tuple(values)
    assert len(made) == len(wanted) == len(set(wanted.values()))


def test_kinds_of_rows_have_their_first_row() -> None:
    first, kinds = combined([np.array([4, 4, 2, 4]), np.array([1, 1, 1, 3])])
    assert (first.tolist(), kinds.tolist()) == ([0, 2, 3], [0, 0, 1, 2])
