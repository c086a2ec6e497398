"""A workbook as it is handed out, filled in and changed."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import openpyxl

from quetsach.documents.workbooks.layout import WorkbookHead
from quetsach.documents.workbooks.reading import FilledWorkbook, read_workbook
from quetsach.documents.workbooks.workbook import WorkbookPaper, workbook_bytes
from quetsach.forms.reading import form_digest
from quetsach.forms.values import (
    FigureGrade,
    GradedCount,
    OwnValue,
)
from tests.documents.officials import seed_form

KEY = b"the portal's own key"
UNIT = "Ủy ban nhân dân xã Hàm Giang"
FORM = seed_form()
HEAD = WorkbookHead(FORM.code, form_digest(FORM), "1", "7", UNIT, "0/1")


def counted(number: int, derived: int | None = None) -> OwnValue:
    known = None if derived is None else GradedCount(derived, FigureGrade.MEASURED)
    return OwnValue(GradedCount(number, FigureGrade.DECLARED), known)


def made(own: Mapping[str, OwnValue] | None = None, head: WorkbookHead = HEAD) -> bytes:
    return workbook_bytes(WorkbookPaper(head, FORM, own or {}, (UNIT,)), KEY)


def row_of(field: str) -> int:
    book = openpyxl.load_workbook(io.BytesIO(made()))
    return next(row[0].row for row in book["Báo cáo"].iter_rows() if row[0].value == field)


INFORMED = f"F{row_of('organisations_informed')}"
DEPLOYED = f"F{row_of('organisations_deployed')}"
PEOPLE = f"F{row_of('people_took_part')}"


def read(raw: bytes, expected: WorkbookHead = HEAD) -> FilledWorkbook:
    return read_workbook(raw, "bao-cao.xlsx", FORM, expected, key=KEY)


def filled(cells: Mapping[str, Any], raw: bytes | None = None, sheet: str = "Báo cáo") -> bytes:
    """Return the workbook as an office program saves it with these cells written."""
    book = openpyxl.load_workbook(io.BytesIO(made() if raw is None else raw))
    for cell, value in cells.items():
        book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def members(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
