"""Contacts in the order of time: those about a moment are found without looking at the others."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain

from quetsach.clocks import MICROSECONDS
from quetsach.notices.world import Contact

_LASTING_US = 86_400 * MICROSECONDS
"""The few connections that last longer are looked at each time."""


class ByTime:
    """Contacts that can be asked for by a span of time."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        timed: list[tuple[int, Contact]] = []
        self._always: list[Contact] = []
        self._longest_us = 0
        for one in contacts:
            length_us = _length_us(one)
            if one.when_us is None or length_us > _LASTING_US:
                self._always.append(one)
            else:
                timed.append((one.when_us, one))
                self._longest_us = max(self._longest_us, length_us)
        timed.sort(key=_start)
        self._starts = [when for when, _one in timed]
        self._timed = [one for _when, one in timed]

    def between(self, from_us: int | None, until_us: int | None) -> Iterator[Contact]:
        """Yield what took place at some time in that span, and what tells no time.

        Cost: a binary search, and each contact that began within the longest one of the span.
        """
        first, last = 0, len(self._starts)
        if from_us is not None:
            first = bisect_left(self._starts, from_us - self._longest_us)
        if until_us is not None:
            last = bisect_right(self._starts, until_us)
        near = (self._timed[place] for place in range(first, last))
        return (one for one in chain(self._always, near) if _meets(one, from_us, until_us))


def _start(row: tuple[int, Contact]) -> int:
    return row[0]


def _length_us(one: Contact) -> int:
    if one.when_us is None or one.end_us is None:
        return 0
    return max(one.end_us - one.when_us, 0)


def _meets(one: Contact, from_us: int | None, until_us: int | None) -> bool:
    if one.when_us is None:
        return True
    end = one.when_us + _length_us(one)
    return (until_us is None or one.when_us <= until_us) and (from_us is None or end >= from_us)
