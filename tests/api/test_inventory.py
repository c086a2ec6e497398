"""Tables of machines and the remarks on their files, as programs get them."""

import csv
import io

import openpyxl

from quetsach.api import inventory


def sheet() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Tên máy", "Phòng"])
    page.append(["PC-01", "Văn thư"])
    page.append(["PC-02", None])
    page.merge_cells("B2:B3")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_table_is_read_with_the_lines_it_stands_in_and_its_merged_cells() -> None:
    tables = inventory.tables_in(sheet(), "machines.xlsx", inventory.ReadLimits())
    (table,) = tables.tables
    assert [line.cells for line in table.lines][:2] == [("Tên máy", "Phòng"), ("PC-01", "Văn thư")]
    assert [line.number for line in table.lines] == [1, 2, 3]
    assert table.merged


def test_a_table_as_text_has_the_same_lines() -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["Tên máy", "Phòng"], ["PC-01", "Văn thư"]])
    (table,) = inventory.tables_in(text.getvalue().encode(), "machines.csv").tables
    assert [line.cells for line in table.lines] == [("Tên máy", "Phòng"), ("PC-01", "Văn thư")]
