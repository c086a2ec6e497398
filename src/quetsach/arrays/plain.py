"""What the engine uses of NumPy, in plain Python, by the same names. Source: NumPy's reference.

Decision 20 says what a sweep without NumPy costs: half as much again for a million sightings.
"""

from array import array as _array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import accumulate, chain, compress, pairwise
from typing import Any

from quetsach.arrays.plain_array import (
    BOOL,
    INT8,
    INT32,
    INT64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    NumberType,
    PlainArray,
    Values,
    joint_type,
    number_type,
)

bool_, int8, int32, int64 = BOOL, INT8, INT32, INT64
uint8, uint16, uint32, uint64 = UINT8, UINT16, UINT32, UINT64
ndarray = PlainArray
_BY_CODE = {one.code: one for one in (UINT8, UINT16, INT32, UINT32, INT64, UINT64)}
_BY_CODE |= {"b": INT8, "l": INT64, "L": UINT64}


class ufunc:  # noqa: N801 - NumPy's name
    """A way to make one number of two, number by number or over many."""

    def __init__(
        self,
        way: Callable[[Any, Any], Any],
        *,
        is_logical: bool = False,
        summed: Callable[[NumberType], NumberType] = lambda dtype: dtype,
    ) -> None:
        self._way, self._is_logical, self._summed = way, is_logical, summed

    def __call__(self, first: Values, second: Values) -> PlainArray:
        """Return one number for each two."""
        count = max(len(one) if isinstance(one, PlainArray) else 1 for one in (first, second))
        dtype = BOOL if self._is_logical else joint_type(first, second)
        both = (_filled(one, count) for one in (first, second))
        return PlainArray(list(map(self._way, *both)), dtype)

    def accumulate(self, numbers: PlainArray) -> PlainArray:
        """Return for each number what all up to it make."""
        dtype = self._summed(numbers.dtype)
        return PlainArray(list(accumulate(numbers.plain, self._way)), dtype)

    def reduceat(self, numbers: PlainArray, starts: PlainArray) -> PlainArray:
        """Return what the numbers from each of `starts` up to the next make; `starts` rise."""
        edges = [*starts.plain, len(numbers)]
        plain = numbers.plain
        made = [reduce(self._way, plain[begin:end]) for begin, end in pairwise(edges)]
        return PlainArray(made, BOOL if self._is_logical else self._summed(numbers.dtype))


def _of_sums(dtype: NumberType) -> NumberType:
    """Return the type of sums of many numbers: 64 bits, whatever the numbers have."""
    return INT64 if dtype.is_signed else UINT64


add = ufunc(lambda left, right: left + right, summed=_of_sums)
minimum = ufunc(min)
maximum = ufunc(max)
logical_and = ufunc(lambda left, right: bool(left and right), is_logical=True)


def iinfo(kind: Any) -> NumberType:
    """Return the limits of a type: its `min` and `max`."""
    return number_type(kind)[0]


def array(values: Values, dtype: Any = None) -> PlainArray:
    """Return a new column of these numbers."""
    column = asarray(values, dtype)
    return column.copy() if column is values else column


def asarray(values: Any, dtype: Any = None) -> PlainArray:
    """Return these numbers as a column, the same one where they are one of that type."""
    if isinstance(values, PlainArray):
        return values if dtype is None else values.astype(dtype, copy=False)
    if isinstance(values, memoryview):
        values = _array(values.format, values.tobytes())
    if isinstance(values, _array):
        column = PlainArray(values, _BY_CODE[values.typecode])
        return column if dtype is None else column.astype(dtype, copy=False)
    numbers = list(values)
    kind = joint_type(numbers) if dtype is None else number_type(dtype)[0]
    return PlainArray(map(bool, numbers) if kind is BOOL else numbers, kind)


def ascontiguousarray(values: Any, dtype: Any = None) -> Any:
    """Return these numbers as a column whose memory Arrow may take."""
    return asarray(values, dtype).plain


def frombuffer(content: Any, dtype: Any, count: int = -1, offset: int = 0) -> PlainArray:
    """Return the numbers that bytes hold. Errors: ValueError where they are too few."""
    kind, is_swapped = number_type(dtype)
    size = kind.bits // 8
    plain = memoryview(content).cast("B")[offset:]
    if count >= 0 and count * size <= len(plain):
        plain = plain[: count * size]
    if len(plain) % size or (count >= 0 and len(plain) != count * size):
        raise ValueError(f"{len(plain)} bytes for numbers of {size}")
    numbers = _array(kind.code)
    numbers.frombytes(plain)
    if is_swapped:
        numbers.byteswap()
    return PlainArray(numbers, kind)


def full(count: int, value: int, dtype: Any = None) -> PlainArray:
    """Return a column of so many equal numbers."""
    kind = joint_type(value) if dtype is None else number_type(dtype)[0]
    return PlainArray(_array(kind.code, [kind.wrapped(value)]) * count, kind)


def zeros(count: int, dtype: Any = int) -> PlainArray:
    """Return a column of so many zeros."""
    return full(count, 0, dtype)


empty = zeros


def ones(count: int, dtype: Any = int) -> PlainArray:
    """Return a column of so many ones."""
    return full(count, 1, dtype)


def arange(*limits: int) -> PlainArray:
    """Return the numbers of `range`."""
    return PlainArray(_array("q", range(*map(int, limits))), INT64)


def concatenate(columns: Iterable[Any]) -> PlainArray:
    """Return columns as one."""
    parts = [asarray(one) for one in columns]
    # An empty list says nothing of a type.
    kind = joint_type(*([one for one in parts if len(one)] or parts))
    return PlainArray(list(chain.from_iterable(one.plain for one in parts)), kind)


def append(column: PlainArray, values: Any) -> PlainArray:
    """Return the column with further numbers."""
    rest = [values] if isinstance(values, int) else asarray(values)
    return PlainArray([*column.plain, *rest], joint_type(column, values))


def repeat(values: Any, counts: Any) -> PlainArray:
    """Return each number so often as `counts` say, or all the same number of times."""
    numbers = asarray(values)
    times = [counts] * len(numbers) if isinstance(counts, int) else list(asarray(counts).plain)
    repeated = ([one] * count for one, count in zip(numbers.plain, times, strict=True))
    return PlainArray(list(chain.from_iterable(repeated)), numbers.dtype)


def diff(column: PlainArray, *, prepend: Any = None, append: Any = None) -> PlainArray:
    """Return how much greater each number is than the one before."""
    plain = [*([] if prepend is None else [prepend]), *column.plain]
    plain += [] if append is None else [append]
    return PlainArray([b - a for a, b in pairwise(plain)], column.dtype)


def cumsum(column: PlainArray) -> PlainArray:
    """Return for each number the sum up to it."""
    return PlainArray(list(accumulate(column.plain)), _of_sums(column.dtype))


def where(marks: PlainArray, then: Values, other: Values) -> PlainArray:
    """Return of each two numbers the first where `marks` say so, else the second."""
    count = len(marks)
    kind = joint_type(then, other)
    both = (_filled(one, count) for one in (then, other))
    chosen = [a if mark else b for mark, a, b in zip(marks.plain, *both, strict=True)]
    return PlainArray(chosen, kind)


def flatnonzero(column: PlainArray) -> PlainArray:
    """Return the places of all that is not 0."""
    return PlainArray(_array("q", compress(range(len(column)), column.plain)), INT64)


def count_nonzero(column: PlainArray) -> int:
    """Return how many are not 0."""
    return len(column) - column.plain.count(0)


def all(column: PlainArray) -> bool:  # noqa: A001 - NumPy's name
    """Return whether none is 0."""
    return column.all()


def any(column: PlainArray) -> bool:  # noqa: A001 - NumPy's name
    """Return whether one is not 0."""
    return column.any()


def argsort(column: PlainArray, kind: str = "stable") -> PlainArray:  # noqa: ARG001 - always is
    """Return the places in the order of their numbers; equal ones stay in theirs."""
    return PlainArray(_array("q", _sorted_by(range(len(column)), column.plain)), INT64)


def lexsort(columns: Sequence[PlainArray]) -> PlainArray:
    """Return the places in the order of the last column, within it of the one before, ..."""
    order: Sequence[int] = range(len(columns[0]))
    for column in columns:
        order = _sorted_by(order, column.plain)
    return PlainArray(_array("q", order), INT64)


def sort(column: PlainArray) -> PlainArray:
    """Return the numbers in order."""
    return PlainArray(sorted(column.plain), column.dtype)


def searchsorted(column: Any, values: Any, side: str = "left") -> Any:
    """Return where each value would stand in a column that rises."""
    find = bisect_left if side == "left" else bisect_right
    plain = asarray(column).plain
    if isinstance(values, int):
        return find(plain, values)
    return PlainArray(_array("q", [find(plain, one) for one in asarray(values).plain]), INT64)


def isin(column: PlainArray, values: Any) -> PlainArray:
    """Return of each number whether it is one of `values`."""
    known = set(asarray(values).plain)
    return PlainArray([one in known for one in column.plain], BOOL)


def bincount(column: PlainArray, minlength: int = 0) -> PlainArray:
    """Return how often each number from 0 on is there."""
    counts = [0] * max(minlength, max(column.plain, default=-1) + 1)
    for number in column.plain:
        counts[number] += 1
    return PlainArray(counts, INT64)


def unique(
    column: PlainArray,
    *,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
) -> Any:
    """Return each number once, rising; with it its first place, the place of each, their counts."""
    first: dict[int, int] = {}
    counts: dict[int, int] = {}
    for place, number in enumerate(column.plain):
        first.setdefault(number, place)
        counts[number] = counts.get(number, 0) + 1
    values = sorted(first)
    answers: list[Any] = [PlainArray(values, column.dtype)]
    if return_index:
        answers.append(PlainArray([first[one] for one in values], INT64))
    if return_inverse:
        ranks = {number: rank for rank, number in enumerate(values)}
        answers.append(PlainArray([ranks[one] for one in column.plain], INT64))
    if return_counts:
        answers.append(PlainArray([counts[one] for one in values], INT64))
    return answers[0] if len(answers) == 1 else tuple(answers)


def union1d(left: PlainArray, right: PlainArray) -> PlainArray:
    """Return each number of both once, rising."""
    return PlainArray(sorted({*left.plain, *right.plain}), joint_type(left, right))


def setdiff1d(left: PlainArray, right: Any) -> PlainArray:
    """Return each number of the first once that the second has not, rising."""
    return PlainArray(sorted({*left.plain} - {*asarray(right).plain}), left.dtype)


def _filled(numbers: Values, count: int) -> Iterable[int]:
    if isinstance(numbers, int):
        return [numbers] * count
    plain = asarray(numbers).plain
    return [plain[0]] * count if len(plain) == 1 else plain


def _sorted_by(places: Iterable[int], keys: Sequence[int]) -> list[int]:
    return sorted(places, key=keys.__getitem__)
