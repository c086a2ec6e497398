"""Where in a sheet the register stands: titles above it, one or two rows of headings, its rows."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quetsach.api import Below, Line, Merged, Table
from quetsach_portal.units.register_file.headings import Column, column_of

_NEEDED = frozenset({Column.CODE, Column.NAME})
_FILLED_DOWN = frozenset({Column.PARENT, Column.KIND, Column.LINE})
_MOST_ABOVE = 60
_COUNTED = re.compile(r"\(?([0-9]{1,2})\)?")


@dataclass(frozen=True)
class Heading:
    """What each column holds, and its title on one line; `rows` is how many rows it takes."""

    columns: tuple[Column | None, ...]
    titles: tuple[str, ...]
    rows: int

    def places(self, column: Column) -> tuple[int, ...]:
        """Return where in a row `column` stands."""
        return tuple(at for at, one in enumerate(self.columns) if one is column)


@dataclass(frozen=True)
class Register:
    """The heading of a sheet and the rows below it, with what merged cells say filled in."""

    sheet: str
    heading: Heading
    lines: tuple[Line, ...]


def register_in(table: Table) -> Register | None:
    """Return the register of a sheet, None where no row names a code and a name as headings."""
    wide = _wide(table.merged)
    for at in range(min(len(table.lines), _MOST_ABOVE)):
        heading = _heading_at(table.lines, at, wide)
        if heading is not None:
            start = at + heading.rows
            start += _is_counted(table.lines[start : start + 1])
            return Register(table.sheet, heading, tuple(_rows(table, start, heading)))
    return None


def _rows(table: Table, start: int, heading: Heading) -> Iterator[Line]:
    below = Below(table.merged)
    wanted = {at for at, one in enumerate(heading.columns) if one in _FILLED_DOWN}
    for line in table.lines[:start]:
        below.filled(line, wanted)
    for line in table.lines[start:]:
        yield Line(line.number, below.filled(line, wanted), line.fault)


def _heading_at(
    lines: Sequence[Line], at: int, wide: dict[int, list[tuple[int, int]]]
) -> Heading | None:
    alone = _heading([lines[at].cells])
    if at + 1 == len(lines):
        return alone if set(alone.columns) >= _NEEDED else None
    both = _heading([_spread(lines[at], lines[at + 1], wide), lines[at + 1].cells])
    has_codes = any(
        column_of(cell) is not None for cell in lines[at + 1].cells if cell.strip()
    ) and not any(cell.strip().isdigit() for cell in lines[at + 1].cells)
    if has_codes and set(both.columns) >= _NEEDED and _known(both) > _known(alone):
        return both
    return alone if set(alone.columns) >= _NEEDED else None


def _known(heading: Heading) -> int:
    return sum(one is not None for one in heading.columns)


def _heading(rows: Sequence[Sequence[str]]) -> Heading:
    columns: list[Column | None] = []
    titles: list[str] = []
    for place in range(max((len(row) for row in rows), default=0)):
        parts = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        readings = (" ".join(reversed(parts)), " ".join(parts), *reversed(parts))
        found = (column_of(one) for one in readings)
        column = next((one for one in found if one is not None), None)
        again = column in columns and column is not Column.IDENTIFIER
        columns.append(None if again else column)
        titles.append(" ".join(" – ".join(dict.fromkeys(parts)).split()))
    return Heading(tuple(columns), tuple(titles), len(rows))


def _spread(upper: Line, lower: Line, wide: dict[int, list[tuple[int, int]]]) -> list[str]:
    """Return the upper heading over all columns it stands for."""
    cells = [*upper.cells, *[""] * (len(lower.cells) - len(upper.cells))]
    for first, last in wide.get(upper.number, ()):
        for at in range(first, min(last + 1, len(cells))):
            cells[at] = upper.cells[first] if first < len(upper.cells) else ""
    return cells


def _wide(merged: Sequence[Merged]) -> dict[int, list[tuple[int, int]]]:
    wide: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one in merged:
        if one.first_row == one.last_row and len(wide[one.first_row]) < 64:
            wide[one.first_row].append((one.first_column, one.last_column))
    return wide


def _is_counted(lines: Sequence[Line]) -> bool:
    """Return whether a row only counts the columns: (1), (2), (3) ..."""
    cells = [cell.strip() for line in lines for cell in line.cells if cell.strip()]
    found = [match for cell in cells if (match := _COUNTED.fullmatch(cell))]
    numbers = [int(match.group(1)) for match in found]
    return len(cells) == len(numbers) > 2 and numbers == list(
        range(numbers[0], numbers[0] + len(numbers))
    )
