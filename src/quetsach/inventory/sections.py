"""Where in a sheet the tables are: titles above, one or two rows of headings, the rows below."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from quetsach.inventory.cells import addresses_in, macs_in
from quetsach.inventory.headings import InventoryColumn, column_of, folded
from quetsach.inventory.tables import MergedCellRows, SheetTable, TableLine
from quetsach.readers.contract import MergedCells

_TELLS_MACHINE = frozenset(
    {
        InventoryColumn.NAME,
        InventoryColumn.DEVICE,
        InventoryColumn.MAC,
        InventoryColumn.ADDRESS,
        InventoryColumn.CLIENT_ID,
        InventoryColumn.KEY,
    }
)
_TELLS_NETWORK = frozenset({InventoryColumn.SUBNET, InventoryColumn.PUBLIC})
_ANCHORS = _TELLS_MACHINE | _TELLS_NETWORK
_SURE = frozenset(
    {
        InventoryColumn.NAME,
        InventoryColumn.MAC,
        InventoryColumn.ADDRESS,
        InventoryColumn.CLIENT_ID,
        InventoryColumn.SUBNET,
        InventoryColumn.NUMBER,
        InventoryColumn.PERSON,
        InventoryColumn.REMARKS,
    }
)
"""Words that are in headings only: a row of a table says "Router", but hardly "STT"."""

_FILLED_DOWN = frozenset(
    {
        InventoryColumn.UNIT,
        InventoryColumn.CODE,
        InventoryColumn.ROOM,
        InventoryColumn.DESK,
        InventoryColumn.KIND,
        InventoryColumn.SYSTEM,
    }
)
_MOST_ABOVE = 200
"""Below so many rows without a heading none is looked for."""

_MOST_IN_ROW = 64
_DIGIT = re.compile("[0-9]")
_COUNTED = re.compile(r"\(?([0-9]{1,2})\)?")
_Wide: TypeAlias = dict[int, list[tuple[int, int]]]
"""The merged cells of one row, by its number: first and last column of each."""

_GROUP_NUMBER = re.compile(r"[IVXL]{1,6}\.?|[A-ZĐ]\.?")


@dataclass(frozen=True)
class TableHeading:
    """What each column holds, and what is written above it, on one line."""

    columns: tuple[InventoryColumn | None, ...]
    titles: tuple[str, ...]
    rows: int = 1

    @property
    def is_network_plan(self) -> bool:
        """Whether its rows are networks and not machines."""
        has = set(self.columns)
        if (
            has & {InventoryColumn.MAC, InventoryColumn.NAME, InventoryColumn.CLIENT_ID}
            or {InventoryColumn.ADDRESS, InventoryColumn.DEVICE} <= has
        ):
            return False
        return bool(has & _TELLS_NETWORK)

    @cached_property
    def filled_down(self) -> frozenset[int]:
        """The places of the columns in which a merged cell counts for each row it covers."""
        return frozenset(n for n, one in enumerate(self.columns) if one in _FILLED_DOWN)

    def at(self, column: InventoryColumn) -> tuple[int, ...]:
        """Return the places of the columns that hold `column`."""
        return tuple(n for n, one in enumerate(self.columns) if one is column)


@dataclass(frozen=True)
class GroupedRow:
    """One row below a heading, and the words of the row that heads its group, if any."""

    line: TableLine
    group: str = ""

    def text(self, place: int) -> str:
        """Return a cell without the blanks around it; "" for one that is not there."""
        return self.line.cells[place].strip() if place < len(self.line.cells) else ""


@dataclass
class TableSection:
    """One table of a sheet."""

    heading: TableHeading
    rows: list[GroupedRow] = field(default_factory=list)


def sections_of(table: SheetTable) -> Iterator[TableSection]:
    """Yield the tables of a sheet; a heading repeated on each page begins none.

    Merged cells count for each row they cover where a unit, room, desk, kind or system is given.
    """
    section: TableSection | None = None
    below = MergedCellRows(table.merged)
    wide = _wide_cells(table.merged)
    group = ""
    skip = 0
    for at, line in enumerate(table.lines):
        if section is None and at >= _MOST_ABOVE:
            return
        if skip:
            skip -= 1
            continue
        heading = _heading_at(table, at, wide, None if section is None else section.heading)
        if heading is not None:
            skip = heading.rows - 1 + _is_counted(table.lines, at + heading.rows)
            if section is None or section.heading.columns != heading.columns:
                if section is not None:
                    yield section
                section, group = TableSection(heading), ""
        elif section is not None:
            now = section.heading
            cells = below.filled(line, now.filled_down)
            named = _group_of(line, now, wide)
            if named:
                group = named
            else:
                section.rows.append(GroupedRow(TableLine(line.number, cells, line.fault), group))
    if section is not None:
        yield section


def _heading_at(
    table: SheetTable, at: int, wide: _Wide, now: TableHeading | None
) -> TableHeading | None:
    cells = table.lines[at].cells
    if now is not None and 3 * sum(_DIGIT.search(cell) is not None for cell in cells) > len(cells):
        # Most rows of a table are known as such at a glance.
        return None
    alone = _heading([cells])
    if now is not None:
        # Below a heading only what can be nothing else is another one.
        sure = sum(one in _SURE for one in alone.columns)
        filled = sum(bool(cell.strip()) for cell in cells)
        return (
            alone if sure > 1 and 5 * _known_columns(alone) >= 3 * filled and _fits(alone) else None
        )
    if at + 1 < len(table.lines):
        under = table.lines[at + 1].cells
        both = _heading([_spread(table, at, wide), under])
        most = max(_known_columns(alone), _known_columns(_heading([under])))
        if _known_columns(both) > most and _fits(both) and not _is_data(cells, under):
            return both
    return alone if _fits(alone) and not _holds_values(cells) else None


def _heading(rows: Sequence[Sequence[str]]) -> TableHeading:
    columns: list[InventoryColumn | None] = []
    titles: list[str] = []
    for place in range(max(map(len, rows))):
        parts = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        whole = " ".join(parts)
        known = (column_of(one) for one in (*parts[1:], whole, *parts[:1]))
        columns.append(next((one for one in known if one is not None), None))
        titles.append(" ".join(whole.split()))
    return TableHeading(tuple(columns), tuple(titles), len(rows))


def _known_columns(heading: TableHeading) -> int:
    return sum(one is not None for one in heading.columns)


def _fits(heading: TableHeading) -> bool:
    known = _known_columns(heading)
    if not set(heading.columns) & _ANCHORS:
        return False
    return known > 1 or (known == 1 and sum(map(bool, heading.titles)) == 1)


def _is_data(top: Sequence[str], under: Sequence[str]) -> bool:
    """Return whether `under` is a row of the table: it fills a cell below a complete heading.

    "Mạng" may stand over "MAC" and "IP", but "Tên máy" not over "PC-01".
    """
    below = (n for n, cell in enumerate(under) if cell.strip() and n < len(top))
    return _holds_values(under) or any(
        column_of(top[n].strip()) not in (None, InventoryColumn.DEVICE)
        and column_of(under[n].strip()) is None
        for n in below
    )


def _holds_values(cells: Sequence[str]) -> bool:
    return any(
        macs_in(cell).values or addresses_in(cell).values
        for cell in cells
        if len(cell) < 60 and cell
    )


def _spread(table: SheetTable, at: int, wide: _Wide) -> list[str]:
    """Return the upper heading over all its columns; a text knows no merged cells."""
    line, under = table.lines[at], table.lines[at + 1].cells
    cells = list(line.cells) + [""] * (len(under) - len(line.cells))
    if table.merged:
        for first, last in wide.get(line.number, ()):
            if first < len(line.cells):
                for n in range(first, min(last + 1, len(cells))):
                    cells[n] = line.cells[first]
        return cells
    said = ""
    for n, cell in enumerate(cells):
        said = cell if cell.strip() else said
        cells[n] = said if n < len(under) and under[n].strip() else cell
    return cells


def _is_counted(lines: Sequence[TableLine], at: int) -> bool:
    """Return whether a row only counts the columns: (1), (2), (3) ..."""
    if at >= len(lines):
        return False
    found = [_COUNTED.fullmatch(cell.strip()) for cell in lines[at].cells if cell.strip()]
    numbers = [int(one.group(1)) for one in found if one is not None]
    counted = list(range(numbers[0], numbers[0] + len(numbers))) if numbers else []
    return len(found) == len(numbers) > 2 and numbers == counted and numbers[0] < 2


def _wide_cells(merged: Sequence[MergedCells]) -> _Wide:
    wide: _Wide = defaultdict(list)
    for one in merged:
        known = wide[one.first_row]
        if one.first_row == one.last_row and len(known) < _MOST_IN_ROW:
            known.append((one.first_column, one.last_column))
    return wide


def _group_of(line: TableLine, heading: TableHeading, wide: _Wide) -> str:
    """Return the words of a row that heads those below it ("II | Phòng Kế toán"), or ""."""
    filled = [n for n, cell in enumerate(line.cells) if cell.strip()]
    counts = heading.at(InventoryColumn.NUMBER)
    if len(filled) == 2 and filled[0] in counts:
        number, words = (line.cells[n].strip() for n in filled)
        return words[:200] if _GROUP_NUMBER.fullmatch(number) else ""
    widest = max((last - first + 1 for first, last in wide.get(line.number, ())), default=0)
    if len(filled) == 1 and 2 * widest > len(heading.columns):
        words = line.cells[filled[0]].strip()
        return "" if folded(words).startswith(("tong", "cong", "ghi chu")) else words[:200]
    return ""
