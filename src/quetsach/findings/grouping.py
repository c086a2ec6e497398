"""Rows of numbers grouped by some of their columns, and groups that grow with the rows."""

from collections.abc import Callable

from quetsach.arrays import Joining, Marks, Numbers, np

Columns = tuple[Numbers, ...]

LEAST_WAITING = 131_072
"""So many rows wait at least before they are merged with the groups."""


def totals(keys: int, ways: tuple[Joining | None, ...]) -> Callable[[Columns], Columns]:
    """Return what makes one row of all rows with the same first `keys` columns.

    Shapes: `ways` say how each further column is joined; None takes that of the first row.
    """

    def joined(columns: Columns) -> Columns:
        order = np.lexsort(columns[keys - 1 :: -1])
        sorted_keys = [column[order] for column in columns[:keys]]
        starts = np.flatnonzero(begins(sorted_keys))
        rest = [
            column[order[starts]] if way is None else way.reduceat(column[order], starts)
            for column, way in zip(columns[keys:], ways, strict=True)
        ]
        return (*(column[starts] for column in sorted_keys), *rest)

    return joined


def first_few(keys: int, most: int) -> Callable[[Columns], Columns]:
    """Return what keeps of the rows with the same first `keys` columns the `most` smallest."""

    def kept(columns: Columns) -> Columns:
        order = np.lexsort(columns[::-1])
        ordered = [column[order] for column in columns]
        start = begins(ordered[:keys])
        places = np.arange(len(order))
        first = np.maximum.accumulate(np.where(start, places, 0))
        few = places - first < most
        return tuple(column[few] for column in ordered)

    return kept


def begins(keys: list[Numbers]) -> Marks:
    """Return for each of some sorted rows whether its keys differ from those before it."""
    start = np.ones(len(keys[0]), np.bool_)
    if len(start):
        differs = np.zeros(len(start) - 1, np.bool_)
        for column in keys:
            differs |= column[1:] != column[:-1]
        start[1:] = differs
    return start


def in_order(column: Numbers) -> list[int]:
    """Return each number of `column` once, in the order in which they come first."""
    found, first = np.unique(column, return_index=True)
    return [int(one) for one in found[np.argsort(first)]]


class GrowingGroups:
    """Groups that more and more rows are joined to. Cost: memory per group, not per row."""

    def __init__(self, reduced: Callable[[Columns], Columns]) -> None:
        self._reduced = reduced
        self._parts: list[Columns] = []
        self._waiting = 0

    def add(self, *columns: Numbers) -> None:
        """Join rows, which come after all that were joined before."""
        if not len(columns[0]):
            return
        part = self._reduced(columns)
        self._parts.append(part)
        if len(self._parts) > 1:
            self._waiting += len(part[0])
            if self._waiting > max(LEAST_WAITING, len(self._parts[0][0])):
                self.rows()

    def rows(self) -> Columns:
        """Return the groups in order of their keys; no column at all where there is no group."""
        if len(self._parts) > 1:
            whole = tuple(np.concatenate(each) for each in zip(*self._parts, strict=True))
            self._parts = [self._reduced(whole)]
            self._waiting = 0
        return self._parts[0] if self._parts else ()
