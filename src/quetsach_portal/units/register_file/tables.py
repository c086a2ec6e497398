"""Locate the register in a sheet: titles above it, heading rows, its columns and its rows."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from quetsach.api.inventory import MergedCellRows, MergedCells, SheetTable, TableLine
from quetsach_portal.web.folding import folded

_LONGEST = 120


class RegisterColumn(StrEnum):
    """What a column of a register holds."""

    NUMBER = "number"
    CODE = "code"
    NAME = "name"
    SHORT_NAME = "short-name"
    PARENT = "parent"
    KIND = "kind"
    LINE = "line"
    IDENTIFIER = "identifier"
    AREA = "area"
    STAFF = "staff"
    MAIL = "mail"
    PHONE = "phone"
    PERSON = "person"
    DOC_CODE = "doc-code"


_WORDS: Mapping[RegisterColumn, str] = {
    RegisterColumn.NUMBER: "stt|tt|so tt|so thu tu|no|nr|index",
    RegisterColumn.CODE: "ma don vi|ma dv|ma|ma so|ma so don vi|ma co quan|code|unit code|unit id"
    "|ma noi bo",
    RegisterColumn.NAME: "ten don vi|ten|don vi|ten co quan|ten co quan don vi|co quan"
    "|co quan don vi"
    "|ten day du|ten day du don vi|name|unit|unit name|full name|organisation|organization",
    RegisterColumn.SHORT_NAME: "ten viet tat|ten ngan|ten rut gon|viet tat|short name|abbreviation",
    RegisterColumn.PARENT: "ma cap tren|ma don vi cap tren|ma don vi cha|ma cha"
    "|don vi cap tren|cap tren"
    "|ma co quan cap tren|co quan cap tren|co quan chu quan|ma dv cap tren|truc thuoc|thuoc"
    "|ma don vi truc thuoc|parent|parent code|parent unit|parent id",
    RegisterColumn.KIND: "loai|loai don vi|loai hinh|loai co quan|cap|cap don vi|phan loai"
    "|kind|type"
    "|unit kind|unit type|level",
    RegisterColumn.LINE: "he|line|tuyen|khoi|he thong|nganh|he to chuc|khoi don vi",
    RegisterColumn.IDENTIFIER: "ma dinh danh|ma dinh danh dien tu|ma dinh danh don vi"
    "|ma dinh danh co quan"
    "|dinh danh|ma ddt|identifier|electronic identifier|organid|organ id|ma dinh danh cu"
    "|ma dinh danh moi|ma dinh danh theo qd 20",
    RegisterColumn.AREA: "ma khu vuc|ma dvhc|ma don vi hanh chinh|ma dia ban|ma hanh chinh|ma xa"
    "|ma tinh|ma huyen|ma gso|area|area code|region code|ma phuong xa|ma xa phuong",
    RegisterColumn.STAFF: "so can bo|so cbcc|so cbccvc|so can bo cong chuc|tong so can bo|bien che"
    "|so luong can bo|so can bo cong chuc vien chuc|si so|so nguoi|so nhan su|staff|staff count"
    "|head count|headcount|employees|tong so cbccvc|cbccvc",
    RegisterColumn.MAIL: "e mail|email|thu dien tu|dia chi e mail|dia chi email"
    "|dia chi thu dien tu|mail"
    "|hop thu|hop thu cong vu|email cong vu|e mail cong vu|thu cong vu|mail address",
    RegisterColumn.PHONE: "dien thoai|so dien thoai|sdt|dt|so dt|phone|telephone|phone number"
    "|di dong|tel"
    "|dien thoai lien he|so dien thoai lien he",
    RegisterColumn.PERSON: "dau moi|nguoi dau moi|can bo dau moi|ho ten dau moi|ho va ten dau moi"
    "|nguoi lien he|lien he|can bo phu trach|nguoi phu trach|contact|contact person|focal point"
    "|person|ho ten|ho va ten|dau moi lien he|ho va ten nguoi lien he",
    RegisterColumn.DOC_CODE: "ky hieu|ky hieu van ban|ky hieu co quan|viet tat van ban|doc code"
    "|document code",
}
_COLUMN_OF = {word: column for column, words in _WORDS.items() for word in words.split("|")}
_BRACKETS = re.compile(r"[(\[][^()\[\]]{0,80}[)\]]")


@lru_cache(maxsize=4096)
def column_of(heading: str) -> RegisterColumn | None:
    """Return the column with `heading`, None for an unknown heading.

    Only whole headings count, with or without the text in brackets; "a / b" is either.
    """
    return next((_COLUMN_OF[one] for one in _readings(heading) if one in _COLUMN_OF), None)


def _readings(heading: str) -> Iterator[str]:
    if len(heading) > _LONGEST:
        return
    bare = _BRACKETS.sub(" ", heading)
    yield folded(heading)
    yield folded(bare)
    for part in re.split(r"[/\n;*]", bare):
        yield folded(part)


_NEEDED = frozenset({RegisterColumn.CODE, RegisterColumn.NAME})
_FILLED_DOWN = frozenset({RegisterColumn.PARENT, RegisterColumn.KIND, RegisterColumn.LINE})
_MOST_ABOVE = 60
_COUNTED = re.compile(r"\(?([0-9]{1,2})\)?")


@dataclass(frozen=True)
class RegisterHeading:
    """What each column holds, and its title on one line; `rows` is how many rows it takes."""

    columns: tuple[RegisterColumn | None, ...]
    titles: tuple[str, ...]
    rows: int

    def places(self, column: RegisterColumn) -> tuple[int, ...]:
        """Return the index of `column` in a row."""
        return tuple(at for at, one in enumerate(self.columns) if one is column)


@dataclass(frozen=True)
class RegisterSheet:
    """The heading of a sheet and the rows below it, with what merged cells say filled in."""

    sheet: str
    heading: RegisterHeading
    lines: tuple[TableLine, ...]


def register_in(table: SheetTable) -> RegisterSheet | None:
    """Return the register of a sheet, None where no row names a code and a name as headings."""
    wide = _wide(table.merged)
    for at in range(min(len(table.lines), _MOST_ABOVE)):
        heading = _heading_at(table.lines, at, wide)
        if heading is not None:
            start = at + heading.rows
            start += _is_counted(table.lines[start : start + 1])
            return RegisterSheet(table.sheet, heading, tuple(_rows(table, start, heading)))
    return None


def _rows(table: SheetTable, start: int, heading: RegisterHeading) -> Iterator[TableLine]:
    below = MergedCellRows(table.merged)
    filled_columns = {at for at, one in enumerate(heading.columns) if one in _FILLED_DOWN}
    for line in table.lines[:start]:
        below.filled(line, filled_columns)
    for line in table.lines[start:]:
        yield TableLine(line.number, below.filled(line, filled_columns), line.fault)


def _heading_at(
    lines: Sequence[TableLine], at: int, wide: dict[int, list[tuple[int, int]]]
) -> RegisterHeading | None:
    alone = _heading([lines[at].cells])
    if at + 1 == len(lines):
        return alone if set(alone.columns) >= _NEEDED else None
    both = _heading([_spread(lines[at], lines[at + 1], wide), lines[at + 1].cells])
    has_codes = any(
        column_of(cell) is not None for cell in lines[at + 1].cells if cell.strip()
    ) and not any(cell.strip().isdigit() for cell in lines[at + 1].cells)
    if (
        has_codes
        and set(both.columns) >= _NEEDED
        and _columns_understood(both) > _columns_understood(alone)
    ):
        return both
    return alone if set(alone.columns) >= _NEEDED else None


def _columns_understood(heading: RegisterHeading) -> int:
    return sum(one is not None for one in heading.columns)


def _heading(rows: Sequence[Sequence[str]]) -> RegisterHeading:
    columns: list[RegisterColumn | None] = []
    titles: list[str] = []
    for place in range(max((len(row) for row in rows), default=0)):
        parts = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        readings = (" ".join(reversed(parts)), " ".join(parts), *reversed(parts))
        found = (column_of(one) for one in readings)
        column = next((one for one in found if one is not None), None)
        again = column in columns and column is not RegisterColumn.IDENTIFIER
        columns.append(None if again else column)
        titles.append(" ".join(" – ".join(dict.fromkeys(parts)).split()))
    return RegisterHeading(tuple(columns), tuple(titles), len(rows))


def _spread(
    upper: TableLine, lower: TableLine, wide: dict[int, list[tuple[int, int]]]
) -> list[str]:
    """Return the upper heading repeated over all its columns."""
    cells = [*upper.cells, *[""] * (len(lower.cells) - len(upper.cells))]
    for first, last in wide.get(upper.number, ()):
        for at in range(first, min(last + 1, len(cells))):
            cells[at] = upper.cells[first] if first < len(upper.cells) else ""
    return cells


def _wide(merged: Sequence[MergedCells]) -> dict[int, list[tuple[int, int]]]:
    wide: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one in merged:
        if one.first_row == one.last_row and len(wide[one.first_row]) < 64:
            wide[one.first_row].append((one.first_column, one.last_column))
    return wide


def _is_counted(lines: Sequence[TableLine]) -> bool:
    """Return whether a row only counts the columns: (1), (2), (3) ..."""
    cells = [cell.strip() for line in lines for cell in line.cells if cell.strip()]
    found = [match for cell in cells if (match := _COUNTED.fullmatch(cell))]
    numbers = [int(match.group(1)) for match in found]
    return len(cells) == len(numbers) > 2 and numbers == list(
        range(numbers[0], numbers[0] + len(numbers))
    )
