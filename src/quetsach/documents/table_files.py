"""A table of figures as files that other programs read: XLSX and CSV.

Numbers are numbers, below zero and with decimals too; words are words and never a formula.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import IO

Cell = str | int | float | None
"""A None is an empty cell."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table_xlsx(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the table as a workbook of one page."""
    out = io.BytesIO()
    write_xlsx(out, heads, rows)
    return out.getvalue()


def write_xlsx(out: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table into `out` as a workbook of one page.

    Cost: one row of memory, whatever their number; they lie in temporary files meanwhile.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True, "text_wrap": True})
        for column, head in enumerate(heads):
            page.write_string(0, column, head, bold)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(at, column, cell)
                elif cell is not None:
                    page.write_number(at, column, cell)
        page.set_column(0, 0, 48)
        page.freeze_panes(1, 1)


def table_csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the table as CSV, as `write_csv` writes it."""
    out = io.BytesIO()
    write_csv(out, heads, rows)
    return out.getvalue()


def write_csv(out: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table into `out` as CSV in UTF-8 with a byte order mark.

    Words that a spreadsheet might take for a formula begin with an apostrophe (F2).
    Cost: one row of memory.
    """
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_guarded(one) for one in row] for row in chain([heads], rows))
    text.detach()


def _guarded(cell: Cell) -> Cell:
    is_formula = isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA)
    return f"'{cell}" if is_formula else cell
