"""Groups of rows are those that a plain dictionary makes, however the rows are cut."""

import random
from typing import Any

import pytest

from quetsach.arrays import np
from quetsach.findings import grouping
from quetsach.findings.grouping import GrowingGroups, begins, first_few, in_order, totals


def _columns(rows: list[tuple[int, ...]]) -> tuple[Any, ...]:
    return tuple(np.array(column, np.int64) for column in zip(*rows, strict=True))


def _rows(groups: GrowingGroups) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in groups.rows()), strict=True))


def test_totals_and_the_first_few_are_those_of_a_dictionary(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grouping, "LEAST_WAITING", 10)
    rng = random.Random(4)
    rows = [tuple(rng.randrange(most) for most in (4, 3, 100, 100, 100)) for _ in range(500)]
    sums = GrowingGroups(totals(2, (np.add, np.minimum, None)))
    few = GrowingGroups(first_few(2, 3))
    first = 0
    while first < len(rows):
        part = rows[first : first + rng.randint(1, 40)]
        sums.add(*_columns(part))
        few.add(*_columns(part))
        first += len(part)
    by_keys: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    for row in rows:
        by_keys.setdefault((row[0], row[1]), []).append(row)
    assert _rows(sums) == [
        (*key, sum(row[2] for row in each), min(row[3] for row in each), each[0][4])
        for key, each in sorted(by_keys.items())
    ]
    assert _rows(few) == [row for _, each in sorted(by_keys.items()) for row in sorted(each)[:3]]


def test_no_row_is_no_group() -> None:
    groups = GrowingGroups(totals(1, ()))
    groups.add(np.zeros(0, np.int64))
    assert groups.rows() == ()
    assert begins([np.zeros(0, np.int64)]).tolist() == []


def test_numbers_are_told_once_as_they_come() -> None:
    assert in_order(np.array([5, 2, 5, 9, 2], np.int64)) == [5, 2, 9]
