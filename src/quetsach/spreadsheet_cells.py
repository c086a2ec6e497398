"""A cell of CSV that no spreadsheet takes for a formula."""

import re
from collections.abc import Iterable
from typing import TypeVar

_SIGNS = "=+-@＝＋－＠"
_STARTS_A_FORMULA = (*_SIGNS, "\t", "\r", "\n", "|", "%")
_AMID = re.compile(rf'([;\r\n]"*)(?=[{re.escape(_SIGNS)}])')
"""Where a spreadsheet parts cells by semicolons, as with Vietnamese settings, a cell may begin."""

Cell = TypeVar("Cell")


def harmless_row(cells: Iterable[Cell]) -> list[Cell | str]:
    """Return the cells of a row, each text as `harmless_cell` has it; a number stays one."""
    return [harmless_cell(cell) if isinstance(cell, str) else cell for cell in cells]


def harmless_cell(text: str) -> str:
    """Return `text` with an apostrophe before what a spreadsheet would run as a formula.

    Source: OWASP, CSV Injection.
    """
    text = _AMID.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
