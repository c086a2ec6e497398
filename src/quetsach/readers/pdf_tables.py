"""Ruled lines of a page put together into tables: which word is in which cell.

A rule is drawn as a line, as a thin rectangle, or as the border of each cell; edges that lie upon
each other are one. The spaces between all edges of a table are merged wherever no edge parts them:
so a cell over several rows or columns is one cell.
"""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from quetsach.readers.layout import PlacedWord

_NEAR = 3.0
"""Edges nearer than this are one, in points; rules are thinner, rows are higher."""
_LEAST = 6.0
_MOST_LINES = 1_500
_MOST_SPACES = 100_000


class PdfRule(NamedTuple):
    """A straight rule; `at` is its x if upright, else its y, from `low` to `high`."""

    upright: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True)
class PdfGrid:
    """A table's lines, and for each space between them the number of its cell."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cell_of: tuple[tuple[int, ...], ...]

    @property
    def top(self) -> float:
        """Where the table begins."""
        return self.ys[0]

    @property
    def cells(self) -> int:
        """How many cells it has."""
        return len({cell for row in self.cell_of for cell in row})

    def holds(self, word: PlacedWord) -> bool:
        """Return whether the middle of `word` lies in the table."""
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def rows(self, words: Iterable[PlacedWord]) -> list[list[list[PlacedWord]]]:
        """Return the words of each cell, row by row; a merged cell's are in its first row."""
        inside: dict[int, list[PlacedWord]] = {}
        for word in words:
            column = bisect_right(self.xs, (word.x0 + word.x1) / 2) - 1
            row = bisect_right(self.ys, (word.top + word.bottom) / 2) - 1
            column, row = min(column, len(self.xs) - 2), min(row, len(self.ys) - 2)
            inside.setdefault(self.cell_of[max(row, 0)][max(column, 0)], []).append(word)
        # A cell's words are taken out of `inside`, so that the rows below do not have them again.
        return [
            [inside.pop(cell, []) for cell, _ in itertools.groupby(spaces)]
            for spaces in self.cell_of
        ]


def grids_of(edges: Sequence[PdfRule]) -> list[PdfGrid]:
    """Return the tables that `edges` draw, from top to bottom; none where there are too many."""
    upright = _joined(edge for edge in edges if edge.upright)
    level = _joined(edge for edge in edges if not edge.upright)
    if not upright or not level or len(upright) + len(level) > _MOST_LINES:
        return []
    grids = [_grid(*group) for group in _groups(upright, level)]
    return sorted((grid for grid in grids if grid is not None), key=lambda grid: grid.top)


def _joined(edges: Iterable[PdfRule]) -> list[PdfRule]:
    """Return edges that lie upon or behind each other as one, without those of mere dots."""
    near: list[list[PdfRule]] = []
    for edge in sorted(edges, key=lambda edge: edge.at):
        if near and edge.at - near[-1][-1].at <= _NEAR and edge.at - near[-1][0].at <= 2 * _NEAR:
            near[-1].append(edge)
        else:
            near.append([edge])
    joined = []
    for same in near:
        at = sum(edge.at for edge in same) / len(same)
        same.sort(key=lambda edge: edge.low)
        low, high = same[0].low, same[0].high
        for edge in same[1:]:
            if edge.low > high + _NEAR:
                joined.append(PdfRule(edge.upright, at, low, high))
                low, high = edge.low, edge.high
            high = max(high, edge.high)
        joined.append(PdfRule(same[0].upright, at, low, high))
    return [edge for edge in joined if edge.high - edge.low >= _LEAST]


def _groups(
    upright: list[PdfRule], level: list[PdfRule]
) -> list[tuple[list[PdfRule], list[PdfRule]]]:
    """Return the edges that touch each other, table by table."""
    parent = list(range(len(upright) + len(level)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for i, post in enumerate(upright):
        for j, beam in enumerate(level, len(upright)):
            if (
                beam.low - _NEAR <= post.at <= beam.high + _NEAR
                and post.low - _NEAR <= beam.at <= post.high + _NEAR
            ):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[PdfRule], list[PdfRule]]] = {}
    for at, edge in enumerate((*upright, *level)):
        groups.setdefault(root(at), ([], []))[not edge.upright].append(edge)
    return [group for group in groups.values() if len(group[0]) >= 2 and len(group[1]) >= 2]


def _grid(upright: list[PdfRule], level: list[PdfRule]) -> PdfGrid | None:
    xs = tuple(sorted({edge.at for edge in upright}))
    ys = tuple(sorted({edge.at for edge in level}))
    wide, high = len(xs) - 1, len(ys) - 1
    if wide < 1 or high < 1 or wide * high > _MOST_SPACES:
        return None
    parts_right = [[False] * wide for _ in range(high)]
    parts_below = [[False] * wide for _ in range(high)]
    for edge in upright:
        column = xs.index(edge.at) - 1
        for row in range(high):
            middle = (ys[row] + ys[row + 1]) / 2
            if column >= 0 and edge.low <= middle <= edge.high:
                parts_right[row][column] = True
    for edge in level:
        row = ys.index(edge.at) - 1
        for column in range(wide):
            middle = (xs[column] + xs[column + 1]) / 2
            if row >= 0 and edge.low <= middle <= edge.high:
                parts_below[row][column] = True
    return PdfGrid(xs, ys, _merged(parts_right, parts_below))


def _merged(right: list[list[bool]], below: list[list[bool]]) -> tuple[tuple[int, ...], ...]:
    high, wide = len(right), len(right[0])
    cell_of = [[-1] * wide for _ in range(high)]
    count = 0
    for row in range(high):
        for column in range(wide):
            if cell_of[row][column] >= 0:
                continue
            waiting = [(row, column)]
            cell_of[row][column] = count
            while waiting:
                r, c = waiting.pop()
                for near_r, near_c, parted in (
                    (r, c + 1, right[r][c]),
                    (r + 1, c, below[r][c]),
                    (r, c - 1, c > 0 and right[r][c - 1]),
                    (r - 1, c, r > 0 and below[r - 1][c]),
                ):
                    inside = 0 <= near_r < high and 0 <= near_c < wide
                    if inside and not parted and cell_of[near_r][near_c] < 0:
                        cell_of[near_r][near_c] = count
                        waiting.append((near_r, near_c))
            count += 1
    return tuple(tuple(row) for row in cell_of)
