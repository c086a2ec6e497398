"""A column of whole numbers in plain Python, as one dimension of NumPy's array is.

It has what the engine uses of it, and no more. A part of a column is a copy here, never a view.
"""

import operator
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Any, TypeAlias, Union

_Plain: TypeAlias = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class NumberType:
    """A kind of number, called like a function to make one; `code` is the one of `array`."""

    name: str
    code: str
    bits: int
    is_signed: bool

    @property
    def min(self) -> int:
        """The least number."""
        return -(1 << (self.bits - 1)) if self.is_signed else 0

    @property
    def max(self) -> int:
        """The greatest number."""
        return (1 << (self.bits - self.is_signed)) - 1

    def __call__(self, number: int) -> int:
        """Return `number` as such a number."""
        return self.wrapped(int(number))

    def wrapped(self, number: int) -> int:
        """Return what is left of `number` in so many bits."""
        if self.name == "bool":
            return int(bool(number))
        rest = number & ((1 << self.bits) - 1)
        return rest - (1 << self.bits) if self.is_signed and rest >> (self.bits - 1) else rest


BOOL = NumberType("bool", "b", 8, is_signed=True)
INT8 = NumberType("int8", "b", 8, is_signed=True)
INT32 = NumberType("int32", "i", 32, is_signed=True)
INT64 = NumberType("int64", "q", 64, is_signed=True)
UINT8 = NumberType("uint8", "B", 8, is_signed=False)
UINT16 = NumberType("uint16", "H", 16, is_signed=False)
UINT32 = NumberType("uint32", "I", 32, is_signed=False)
UINT64 = NumberType("uint64", "Q", 64, is_signed=False)
TYPES = (BOOL, INT8, UINT8, UINT16, INT32, UINT32, INT64, UINT64)
_BY_LETTERS = {f"{'i' if one.is_signed else 'u'}{one.bits // 8}": one for one in TYPES[1:]}

Values: TypeAlias = Union["PlainArray", Iterable[int], int]


def number_type(kind: Any) -> tuple[NumberType, bool]:
    """Return the type that `kind` names, and whether its bytes stand the other way round.

    Errors: KeyError for what is not known.
    """
    if isinstance(kind, NumberType):
        return kind, False
    if kind is bool:
        return BOOL, False
    if kind is int:
        return INT64, False
    swapped = kind[0] == (">" if sys.byteorder == "little" else "<")
    return _BY_LETTERS[kind.lstrip("<>=")], swapped


class PlainArray:
    """Numbers of one type, one behind the other."""

    __slots__ = ("_values", "dtype")
    _values: "array[int]"
    __hash__ = None  # type: ignore[assignment]  # as NumPy's

    def __init__(self, values: Iterable[int], dtype: NumberType) -> None:
        self.dtype = dtype
        if isinstance(values, array) and values.typecode == dtype.code:
            self._values = values
            return
        kept = values if isinstance(values, (list, array)) else list(values)
        try:
            self._values = array(dtype.code, kept)
        except OverflowError:
            most = dtype.max if not dtype.is_signed else 0
            fitting = (one & most for one in kept) if most else map(dtype.wrapped, kept)
            self._values = array(dtype.code, fitting)

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[int]:
        return map(bool, self._values) if self.dtype is BOOL else iter(self._values)

    def __repr__(self) -> str:
        return f"array({self.tolist()}, {self.dtype.name})"

    def __buffer__(self, _flags: int) -> memoryview:
        return memoryview(self._values)

    # What is asked of all, or made of it.

    @property
    def plain(self) -> "array[int]":
        """The numbers themselves."""
        return self._values

    @property
    def shape(self) -> tuple[int]:
        """How many they are."""
        return (len(self),)

    def tolist(self) -> list[int]:
        """Return them as a list."""
        return list(self)

    def tobytes(self) -> bytes:
        """Return the bytes of them all."""
        return self._values.tobytes()

    def copy(self) -> "PlainArray":
        """Return others of the same value."""
        return PlainArray(self._values[:], self.dtype)

    def astype(self, kind: Any, *, copy: bool = True) -> "PlainArray":
        """Return them as numbers of another type."""
        dtype, _ = number_type(kind)
        if dtype is self.dtype:
            return self.copy() if copy else self
        values = map(bool, self._values) if dtype is BOOL else self._values
        return PlainArray(values, dtype)

    def view(self, kind: Any) -> "PlainArray":
        """Return what their bytes are as numbers of another type."""
        dtype, _ = number_type(kind)
        values = array(dtype.code)
        values.frombytes(self._values.tobytes())
        return PlainArray(values, dtype)

    def all(self) -> bool:
        """Return whether none is 0."""
        return 0 not in self._values

    def any(self) -> bool:
        """Return whether one is not 0."""
        return any(self._values)

    def min(self) -> int:
        """Return the least. Errors: ValueError where there is none."""
        return min(self._values)

    def max(self) -> int:
        """Return the greatest. Errors: ValueError where there is none."""
        return max(self._values)

    def sum(self) -> int:
        """Return what all are together, in 64 bits."""
        return (INT64 if self.dtype.is_signed else UINT64).wrapped(sum(self._values))

    # Parts of it.

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return PlainArray(self._values[place], self.dtype)
        if isinstance(place, int):
            value = self._values[place]
            return bool(value) if self.dtype is BOOL else value
        places, is_mask = _places(place)
        if is_mask:
            _same_length(self, places)
            return PlainArray(list(compress(self._values, places)), self.dtype)
        return PlainArray(list(map(self._values.__getitem__, places)), self.dtype)

    def __setitem__(self, place: Any, further: Values) -> None:
        if isinstance(place, int):
            self._values[place] = self.dtype.wrapped(int(further))  # type: ignore[arg-type]
            return
        if isinstance(place, slice):
            rows: Any = range(*place.indices(len(self)))
        else:
            rows, is_mask = _places(place)
            if is_mask:
                _same_length(self, rows)
                rows = list(compress(range(len(self)), rows))
        values = self._values
        if isinstance(further, int):
            number = self.dtype.wrapped(further)
            for index in rows:
                values[index] = number
            return
        numbers = PlainArray(further, self.dtype)
        if len(numbers) != len(rows):
            raise ValueError(f"{len(numbers)} numbers for {len(rows)} places")
        for index, number in zip(rows, numbers.plain, strict=True):
            values[index] = number

    # Number by number.

    def _with(self, other: Values, way: _Plain, *, swapped: bool = False) -> "PlainArray":
        dtype = joint_type(self, other)
        if way in _BITS and dtype is BOOL:
            return self._joined(other, way, BOOL, swapped=swapped)
        if dtype is BOOL:
            dtype = INT64
        return self._joined(other, way, dtype, swapped=swapped)

    def _joined(
        self, other: Values, way: _Plain, dtype: NumberType, *, swapped: bool = False
    ) -> "PlainArray":
        others = _beside(other, len(self))
        pair = (others, self._values) if swapped else (self._values, others)
        return PlainArray(list(map(way, *pair)), dtype)

    def __add__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.add)

    def __radd__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.add, swapped=True)

    def __sub__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.sub)

    def __rsub__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.sub, swapped=True)

    def __mul__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.mul)

    def __rmul__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.mul, swapped=True)

    def __floordiv__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.floordiv)

    def __mod__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.mod)

    def __lshift__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.lshift)

    def __rshift__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.rshift)

    def __and__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.and_)

    def __or__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.or_)

    def __xor__(self, other: Values) -> "PlainArray":
        return self._with(other, operator.xor)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self) -> "PlainArray":
        way = operator.not_ if self.dtype is BOOL else operator.invert
        return PlainArray(list(map(way, self._values)), self.dtype)

    def __neg__(self) -> "PlainArray":
        return PlainArray(list(map(operator.neg, self._values)), self.dtype)

    def __eq__(self, other: Any) -> "PlainArray":  # type: ignore[override]
        return self._joined(other, operator.eq, BOOL)

    def __ne__(self, other: Any) -> "PlainArray":  # type: ignore[override]
        return self._joined(other, operator.ne, BOOL)

    def __lt__(self, other: Values) -> "PlainArray":
        return self._joined(other, operator.lt, BOOL)

    def __le__(self, other: Values) -> "PlainArray":
        return self._joined(other, operator.le, BOOL)

    def __gt__(self, other: Values) -> "PlainArray":
        return self._joined(other, operator.gt, BOOL)

    def __ge__(self, other: Values) -> "PlainArray":
        return self._joined(other, operator.ge, BOOL)


_BITS = (operator.and_, operator.or_, operator.xor)


def joint_type(*columns: Any) -> NumberType:
    """Return the type that holds the numbers of all; a single number takes that of the others."""
    types = [one.dtype for one in columns if isinstance(one, PlainArray)]
    lone = [one for one in columns if not isinstance(one, PlainArray)]
    if not types:
        flat = [one if isinstance(one, list) else [one] for one in lone]
        return BOOL if all(isinstance(one, bool) for part in flat for one in part) else INT64
    widest = max(types, key=TYPES.index)
    if widest is BOOL and any(not isinstance(one, bool) for one in lone):
        return INT64
    return widest


def _places(place: Any) -> tuple[Any, bool]:
    """Return what a column is asked by, and whether it says yes or no of each row."""
    if isinstance(place, PlainArray):
        return place.plain, place.dtype is BOOL
    chosen = list(place)
    return chosen, bool(chosen) and isinstance(chosen[0], bool)


def _same_length(column: PlainArray, mask: Any) -> None:
    if len(mask) != len(column):
        raise IndexError(f"{len(mask)} marks for {len(column)} numbers")


def _beside(other: Values, count: int) -> Iterable[int]:
    """Return a number for each of `count`. Errors: ValueError where there are not so many."""
    if isinstance(other, int):
        return repeat(other, count)
    numbers = other.plain if isinstance(other, PlainArray) else list(other)
    if len(numbers) != count:
        if len(numbers) == 1:
            return repeat(numbers[0], count)
        raise ValueError(f"{len(numbers)} numbers beside {count}")
    return numbers
