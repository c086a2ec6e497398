"""Registers as offices keep them, made for tests."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

HEADINGS = ["STT", "Mã đơn vị", "Tên đơn vị", "Mã cấp trên", "Loại", "Số cán bộ", "E-mail"]


def workbook(
    rows: Sequence[Sequence[Any]],
    *,
    merged: Sequence[tuple[int, int, int, int, str]] = (),
    formula: tuple[int, int, str] | None = None,
    sheet: str = "Đơn vị",
    hidden: Sequence[Sequence[Any]] | None = None,
) -> bytes:
    """Return an XLSX with `rows` from A1 on."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(at, column, value)
        for first_row, first, last_row, last, text in merged:
            page.merge_range(first_row, first, last_row, last, text)
        if formula is not None:
            page.write_formula(formula[0], formula[1], formula[2], None, 5)
        if hidden is not None:
            more = book.add_worksheet("Ẩn")
            more.hide()
            for at, row in enumerate(hidden):
                more.write_row(at, 0, row)
    return out.getvalue()


def open_book(rows: Sequence[Sequence[str]], *, formula: bool = False) -> bytes:
    """Return an ODS with `rows` of text."""
    lines = []
    for number, row in enumerate(rows):
        cells = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(one))}</text:p>'
            "</table:table-cell>"
            for one in row
        )
        if formula and number == 1:
            cells += (
                '<table:table-cell table:formula="of:=1+2" office:value-type="float" '
                'office:value="3"><text:p>3</text:p></table:table-cell>'
            )
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.2">'
        '<office:body><office:spreadsheet><table:table table:name="Đơn vị">'
        f"{''.join(lines)}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest='
            '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()


def with_member(book: bytes, name: str, data: bytes) -> bytes:
    """Return the workbook with one more file in its package."""
    out = io.BytesIO(book)
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr(name, data)
    return out.getvalue()


def great_workbook(count: int) -> bytes:
    """Return a register of `count` units: communes of 50 below 40 districts and a province."""
    rows: list[list[Any]] = [HEADINGS]
    for number in range(count):
        if number == 0:
            code, parent, kind = "P", "", "tỉnh"
        elif number <= 40:
            code, parent, kind = f"D{number:02}", "P", "huyện"
        else:
            code, parent, kind = f"X{number:05}", f"D{number % 40 + 1:02}", "xã"
        mail = f"vanthu.{code.lower()}@donvi.example"
        rows.append([number, code, f"Đơn vị số {number}", parent, kind, number % 90, mail])
    return workbook(rows)
