"""Which cells of a workbook are merged: a unit written once beside all its machines, a wide title.

A workbook of OpenDocument is asked itself, because its reader (calamine) does not tell.
"""

from collections.abc import Iterator
from typing import Any

from quetsach.papers.contract import Merged
from quetsach.papers.gather import Gathering
from quetsach.papers.packages import Package
from quetsach.papers.safe_xml import parse_xml

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_LAST_ROW = 2**20
_LAST_COLUMN = 2**14


def merged_in_book(sheet: Any, most: int) -> Iterator[Merged]:
    """Yield the merged cells of a sheet of calamine, `most` of them at most."""
    for (first_row, first_column), (last_row, last_column) in (sheet.merged_cell_ranges or ())[
        :most
    ]:
        yield Merged(sheet.name, first_row + 1, first_column, last_row + 1, last_column)


def merged_in_open_sheets(package: Package, out: Gathering) -> Iterator[Merged]:
    """Yield the merged cells of a workbook of OpenDocument; none of other packages.

    Errors: E411 and E414 as reading XML gives them.
    """
    if "content.xml" not in package:
        return
    root, _damage = parse_xml(package.read("content.xml"), f"{out.name}, content.xml")
    for table in root.iter(f"{_TABLE}table"):
        row_number = 1
        for row in table.iter(f"{_TABLE}table-row"):
            out.check()
            yield from _in_row(row, table.get(f"{_TABLE}name", ""), row_number)
            row_number += _count(row, "number-rows-repeated", _LAST_ROW)


def _in_row(row: Any, sheet: str, number: int) -> Iterator[Merged]:
    column = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        down = _count(cell, "number-rows-spanned", _LAST_ROW)
        right = _count(cell, "number-columns-spanned", _LAST_COLUMN)
        if down > 1 or right > 1:
            yield Merged(sheet, number, column, number + down - 1, column + right - 1)
        column += _count(cell, "number-columns-repeated", _LAST_COLUMN)


def _count(element: Any, name: str, most: int) -> int:
    written = element.get(f"{_TABLE}{name}", "1")
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        return 1
    return max(1, min(int(written), most))
