"""Columns in plain Python are changed and refused as those of NumPy."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.arrays import plain
from tests.arrays.test_plain import rows, told


@given(rows(), st.lists(st.integers(0, 11), min_size=1, max_size=4, unique=True))
def test_groups_are_reduced_and_rows_are_set_alike(
    columns: tuple[list[int], list[int], list[bool]], starts: list[int]
) -> None:
    answers = []
    count = len(columns[0])
    starts = sorted({0, *(place for place in starts if place < count)})
    for np in (plain, numpy):
        left, right = (np.array(column, np.int64) for column in columns[:2])
        marks = np.array(columns[2], np.bool_)
        each = np.array(starts)
        ways = (np.add, np.minimum, np.maximum)
        small = right % 50
        reduced = tuple(way.reduceat(small, each) for way in ways)
        both = np.logical_and.reduceat(marks, each)
        changed = [left.copy() for _ in range(6)]
        changed[0][marks] = 5
        changed[1][marks] = right[marks]
        changed[2][each] = right[each]
        changed[3][starts] = [-1] * len(starts)
        changed[4][1:] = right[:-1]
        changed[5][0] = -9
        marks[1:] &= left[1:] == left[:-1]
        answers.append(told((*reduced, both, *changed, marks)))
    assert answers[0] == answers[1]


def test_what_does_not_fit_is_refused_as_by_numpy() -> None:
    for np in (plain, numpy):
        column = np.array([1, 2, 3], np.int64)
        with pytest.raises(IndexError):
            column[np.array([5])]
        with pytest.raises(IndexError):
            column[np.array([True], np.bool_)]
        with pytest.raises(ValueError, match=r"."):
            column + np.array([1, 2], np.int64)
        with pytest.raises(ValueError, match=r"."):
            column[1:] = np.array([1, 2, 3], np.int64)
        with pytest.raises(ValueError, match=r"."):
            np.frombuffer(b"1234567", np.int64)
        with pytest.raises(ValueError, match=r"."):
            np.array([], np.int64).max()
