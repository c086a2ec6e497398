"""What the engine uses of NumPy gives the same in plain Python: NumPy is the judge."""

import os
import re
import subprocess
import sys
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach import arrays
from quetsach.arrays import plain

ROOT = Path(__file__).parents[2]
NEAR = st.one_of(st.integers(-3, 6), st.integers(-(1 << 62), 1 << 62))

WAYS: dict[str, Callable[..., Any]] = {
    "sum": lambda np, a, b, m: (a + b, 7 + a, a - b, 1 - b, -a, a * 2, 3 * a, m + 1),
    "whole parts": lambda np, a, b, m: (a // 1000, a % 1000, a >> 3, (a & 0xFFFF) << 32 | b & 255),
    "bits": lambda np, a, b, m: (a & b, a | b, a ^ b, ~a, ~m, m & (a > 0), m | (b > 0), m ^ m),
    "compared": lambda np, a, b, m: (a == b, a != 1, a < b, a <= 2, a > b, a >= b),
    "parts": lambda np, a, b, m: (a[m], a[~m], a[1:], a[:-1], a[::-1], a[np.flatnonzero(m)]),
    "places": lambda np, a, b, m: (np.flatnonzero(m), np.flatnonzero(a), np.count_nonzero(a)),
    "where": lambda np, a, b, m: (np.where(m, a, b), np.where(m, 0, a), np.where(a > b, a, -1)),
    "in order": lambda np, a, b, m: (np.argsort(a, kind="stable"), np.sort(b)),
    "by several": lambda np, a, b, m: (np.lexsort((a, b)), np.lexsort((b, a % 4, m))),
    "unique": lambda np, a, b, m: (
        *np.unique(a, return_index=True, return_inverse=True),
        *np.unique(b % 5, return_counts=True),
        np.unique(a),
    ),
    "sets": lambda np, a, b, m: (np.isin(a, b), np.union1d(a, b), np.setdiff1d(a, b[:2])),
    "sought": lambda np, a, b, m: (
        np.searchsorted(np.sort(a), b),
        np.searchsorted(np.sort(a), b, side="right"),
    ),
    "joined": lambda np, a, b, m: (
        np.concatenate([a, b[:1], [7]]),
        np.concatenate([np.zeros(0, np.int64), a]),
        np.append(a, 3),
        np.append(m[1:], True),
        np.append(a, b),
    ),
    "grown": lambda np, a, b, m: (
        np.diff(a % 9, prepend=-1),
        np.diff(a % 9, append=4),
        np.cumsum(a % 9),
        np.cumsum(m),
        np.maximum.accumulate(a),
    ),
    "repeated": lambda np, a, b, m: (np.repeat(a, b % 4), np.repeat([1, 2], [2, 3])),
    "greater": lambda np, a, b, m: (np.maximum(a, b), np.minimum(a, 5), np.maximum(0, b)),
    "made": lambda np, a, b, m: (
        np.full(3, -1),
        np.zeros(2, bool),
        np.ones(2, np.int64),
        np.arange(2, 5),
        np.arange(len(a)),
        np.array([True, False], np.bool_),
        np.bincount(a % 7, minlength=3),
    ),
    "as others": lambda np, a, b, m: (
        a.astype(np.int32),
        m.astype(np.int64),
        a.astype(np.uint64),
        a.view(np.uint64),
        (a.view(np.uint64) * np.uint64(0x9E37_79B9_7F4A_7C15)) >> np.uint64(29),
        a.astype(bool),
    ),
    "of bytes": lambda np, a, b, m: (
        np.frombuffer(a.tobytes(), ">i8").astype(np.int64),
        np.frombuffer(a.tobytes(), "<i4"),
        np.frombuffer(a.tobytes(), np.int64, len(a) - 1, 8),
        np.asarray(memoryview(array("I", [4, 1 << 31]))),
        np.asarray(array("q", [-4, 1])) + 1,
    ),
    "of all": lambda np, a, b, m: (
        a.min(),
        a.max(),
        m.all(),
        m.any(),
        np.all(a > 0),
        (a % 9).sum(),
        int(a[0]),
        bool(m[-1]),
        len(a),
    ),
    "sums of narrow types": lambda np, a, b, m: tuple(
        part
        for kind in (np.uint8, np.uint16, np.int32, np.uint32, np.uint64)
        for column in [np.concatenate([np.full(2, np.iinfo(kind).max, kind), a.astype(kind)])]
        for part in (
            np.cumsum(column),
            np.add.accumulate(column),
            np.add.reduceat(column, np.array([0, 1])),
            np.maximum.accumulate(column),
        )
    ),
    "a sum beyond 64 bits": lambda np, a, b, m: np.full(3, np.iinfo(np.int64).max).sum(),
    "limits": lambda np, a, b, m: (np.iinfo(np.int64).min, np.iinfo(a.dtype).max, np.uint32(7)),
}


def told(answer: Any) -> Any:
    if isinstance(answer, tuple):
        return tuple(told(part) for part in answer)
    if hasattr(answer, "tolist") and hasattr(answer, "__len__"):
        return answer.tolist(), getattr(answer.dtype, "name", ""), answer.tobytes()
    return int(answer)


@st.composite
def rows(draw: st.DrawFn) -> tuple[list[int], list[int], list[bool]]:
    count = draw(st.integers(1, 12))
    column = st.lists(NEAR, min_size=count, max_size=count)
    marks = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    return draw(column), draw(column), marks


@pytest.mark.parametrize("name", WAYS)
@given(rows())
def test_it_gives_what_numpy_gives(name: str, columns: tuple[list[int], ...]) -> None:
    answers = []
    for np in (plain, numpy):
        left, right = (np.array(column, np.int64) for column in columns[:2])
        with numpy.errstate(over="ignore"):
            answers.append(told(WAYS[name](np, left, right, np.array(columns[2], np.bool_))))
    assert answers[0] == answers[1]


def test_the_engine_uses_only_what_both_have() -> None:
    named = {
        word
        for path in (ROOT / "src/quetsach").rglob("*.py")
        if "arrays import" in (text := path.read_text("utf-8")) and "arrays" not in path.parts
        for word in re.findall(r"\bnp\.(\w+)", text)
    }
    assert {"lexsort", "where", "int64"} <= named
    assert [name for name in sorted(named) if not hasattr(plain, name)] == []
    assert arrays.np is numpy


ROOMS = (
    *("attribution/test_sure_columns.py", "attribution/test_hourly_columns.py"),
    *("findings/test_grouping.py", "findings/test_device_groups.py", "findings/test_alive.py"),
    *("findings/test_many_devices.py", "findings/test_changed_hands.py"),
    *("fingerprints", "sweeping/test_lasting_codes.py", "sweeping/test_group_naming.py"),
    *("sweeping/test_shared_beginnings.py", "sweeping/test_common_connections.py"),
    *("indicators/compiled", "watch/test_prints.py"),
)


def test_the_rooms_that_use_columns_pass_without_numpy() -> None:
    paths = [f"tests/{room}" for room in ROOMS if (ROOT / "tests" / room).exists()]
    assert len(paths) > 8
    words = ("-q", "-n", "0", "-p", "tests.arrays.without_numpy", "-p", "no:cacheprovider", *paths)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=ROOT,
        env=os.environ | {"PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
