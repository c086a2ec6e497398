"""Days of many sources told as one batch: a call of Arrow costs as much as a small day."""

from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from pyroaring import BitMap

from quetsach.findings.speakers import text_array
from quetsach.sieve.address_sets import by_count

ChangedRows: TypeAlias = tuple[pa.UInt32Array, pa.StringArray, pa.Int32Array]
"""Addresses, devices and counts, as `ChangedHands.of_hours` gives them."""


class ActiveDay(NamedTuple):
    """Who spoke in how many hours of a day, and the rows of those who changed hands."""

    by_count: Mapping[int, BitMap]
    changed: ChangedRows | None


class UnchangedRows(NamedTuple):
    """For each row the place of its day, its address and in how many hours that spoke."""

    place: pa.Int32Array
    address: pa.UInt32Array
    count: pa.Int32Array


class DaysTogether:
    """Days of sources, in order; `rows` is how many rows they have."""

    def __init__(self) -> None:
        self.rows = 0
        self._sources: list[int] = []
        self._days: list[str] = []
        self._changed: list[tuple[int, ChangedRows]] = []
        self._addresses: list[array[int]] = []
        self._runs: list[tuple[int, int, int]] = []
        self._is_rising = True

    def add(self, source: int, day: str, spoken: ActiveDay) -> None:
        """Add who spoke on a day of a source."""
        place = len(self._days)
        self._sources.append(source)
        self._days.append(day)
        self._is_rising &= len(spoken.by_count) < 2
        for count, addresses in spoken.by_count.items():
            self._addresses.append(addresses.to_array())
            self._runs.append((len(addresses), place, count))
            self.rows += len(addresses)
        if spoken.changed is not None:
            self._changed.append((place, spoken.changed))
            self.rows += len(spoken.changed[0])

    def lasting(self) -> UnchangedRows:
        """Return the rows of those that did not change hands."""
        lengths, places, counts = zip(*self._runs, strict=True) if self._runs else ((), (), ())
        memory = pa.py_buffer(b"".join(self._addresses))
        addresses = pa.Array.from_buffers(pa.uint32(), sum(lengths), [None, memory])
        ends = pc.cumulative_sum(pa.array(lengths, pa.int32()))
        return UnchangedRows(_repeated(places, ends), addresses, _repeated(counts, ends))

    def in_order(
        self, rows: UnchangedRows, texts: pa.StringArray, devices: pa.StringArray
    ) -> list[pa.Array]:
        """Return source, day, address, device and count of each row, sorted by the first four."""
        place, addresses, counts = rows
        columns = [place, texts, devices, counts]
        if self._changed:
            behind = [
                (pa.repeat(pa.scalar(place, pa.int32()), len(one[0])), text_array(one[0]), *one[1:])
                for place, one in self._changed
            ]
            columns = [pa.concat_arrays(column) for column in zip(columns, *behind, strict=True)]
            addresses = pa.concat_arrays([addresses, *(one[0] for _place, one in self._changed)])
        if self._changed or not self._is_rising:
            above = pc.shift_left(columns[0].cast(pa.uint64()), pa.scalar(32, pa.uint64()))
            # The rows of those that changed hands are in order, and the sort is a stable one.
            order = pc.array_sort_indices(pc.bit_wise_or(above, addresses.cast(pa.uint64())))
            columns = [column.take(order) for column in columns]
        sources, days = pa.array(self._sources, pa.int32()), pa.array(self._days, pa.string())
        return [sources.take(columns[0]), days.take(columns[0]), *columns[1:]]


def _repeated(numbers: Sequence[int], ends: pa.Int32Array) -> pa.Int32Array:
    """Return each number as often as the run that ends there is long."""
    runs = pa.RunEndEncodedArray.from_arrays(ends, pa.array(numbers, pa.int32()))
    return pc.run_end_decode(runs)


def counted(sets: Sequence[BitMap]) -> Mapping[int, BitMap]:
    """Return the addresses by how many of `sets` hold them; a small log is often of one hour."""
    if len(sets) > 1:
        return by_count(sets)
    return {1: sets[0]} if sets and sets[0] else {}
