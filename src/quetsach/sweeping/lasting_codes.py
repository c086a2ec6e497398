"""Columns of texts as columns of numbers that last: the same value has the same number always."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.arrays import Codes, np
from quetsach.sweeping.row_naming import JOINED_BY

NONE = -1
"""The code of a null."""

Made = TypeVar("Made")


class LastingCodes:
    """Numbers of values in the order in which they were met; `values` has them by number."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._codes: dict[object, int] = {}

    def of(self, column: pa.Array) -> Codes:
        """Return the code of each value of `column`, NONE for a null."""
        if column.null_count == len(column):
            return np.full(len(column), NONE, np.int64)
        if pa.types.is_list(column.type):
            column = pc.binary_join(column, JOINED_BY)
        encoded = column.dictionary_encode()
        lasting = np.array([self.code(one) for one in encoded.dictionary.to_pylist()], np.int64)
        codes = numbers_of(pc.fill_null(encoded.indices, len(lasting)))
        found: Codes = np.append(lasting, NONE)[codes]
        return found

    def code(self, text: object) -> int:
        """Return the code of one value, mostly a text."""
        code = self._codes.setdefault(text, len(self.values))
        if code == len(self.values):
            self.values.append(text)
        return code


def distinct(numbers: Codes) -> tuple[Codes, Codes]:
    """Return each number once, as it comes first, and for each row the place of its number."""
    encoded = arrow_of(numbers).dictionary_encode()
    return numbers_of(encoded.dictionary), numbers_of(encoded.indices)


def numbers_of(column: pa.Array) -> Codes:
    """Return the numbers of a column without nulls. pyarrow itself may not know of NumPy."""
    width = column.type.bit_width // 8
    _valid, plain = column.buffers()
    numbers = np.frombuffer(plain, f"<i{width}", len(column), column.offset * width)
    return numbers.astype(np.int64, copy=False)


def arrow_of(numbers: Codes) -> pa.Array:
    """Return a column of numbers."""
    whole = pa.py_buffer(np.ascontiguousarray(numbers, np.int64))
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, whole])


def combined(columns: Sequence[Codes]) -> tuple[Codes, Codes]:
    """Return for rows of several columns of codes: the first row of each kind, the kind of each.

    Kinds have numbers in the order of their first rows.
    """
    kinds = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        least, most = int(column.min()), int(column.max())
        if least != most:
            # Both factors are below 2**31: there are no more kinds than rows.
            _values, place = distinct(column)
            kinds = distinct(kinds * (int(place.max()) + 1) + place)[1]
    first = np.zeros(int(kinds.max()) + 1, np.int64)
    first[kinds[::-1]] = np.arange(len(kinds))[::-1]
    return first, kinds


class LastingRows(Generic[Made]):
    """Numbers of rows of several columns; `made` has by number what was made of their values."""

    def __init__(self, make: Callable[[tuple[object, ...]], Made]) -> None:
        self.made: list[Made] = []
        self._make = make
        self._codes: dict[tuple[int, ...], int] = {}
        self._columns: list[LastingCodes] = []

    def of(self, columns: Sequence[pa.Array]) -> Codes:
        """Return the number of each row of `columns`, which are the same ones in each call."""
        self._columns = self._columns or [LastingCodes() for _ in columns]
        coded = [codes.of(column) for codes, column in zip(self._columns, columns, strict=True)]
        if not len(coded[0]):
            return coded[0]
        first, kinds = combined(coded)
        keys = zip(*(column[first].tolist() for column in coded), strict=True)
        return np.array([self._code(key) for key in keys], np.int64)[kinds]

    def _code(self, key: tuple[int, ...]) -> int:
        number = self._codes.setdefault(key, len(self.made))
        if number == len(self.made):
            values = (
                None if code == NONE else codes.values[code]
                for codes, code in zip(self._columns, key, strict=True)
            )
            self.made.append(self._make(tuple(values)))
        return number
