"""Tables for other programs: numbers stay numbers, words never become formulas."""

import csv
import io

import openpyxl
import pytest

from quetsach.documents.sheets.release_sheet import table_csv, table_xlsx
from tests.documents.workbooks.test_workbook import HOSTILE, members

HEADS = ("Đơn vị", "Điều chỉnh", "Tỷ lệ")


def test_F3_numbers_below_zero_and_with_decimals_stay_numbers() -> None:
    raw = table_xlsx(HEADS, [("Xã Một", -3, 0.375), ("Xã Hai", 1_234, None)])
    page = openpyxl.load_workbook(io.BytesIO(raw)).active
    assert [[one.value for one in row] for row in page.iter_rows(min_row=2)] == [
        ["Xã Một", -3, 0.375],
        ["Xã Hai", 1_234, None],
    ]
    assert [page[cell].data_type for cell in ("A2", "B2", "C2")] == ["s", "n", "n"]
    assert table_csv(HEADS, [("Xã Một", -3, 0.375)]).decode().splitlines()[1] == "Xã Một,-3,0.375"


@pytest.mark.parametrize("text", [*HOSTILE, "\n=1+1"])
def test_F1_F2_words_are_no_formula_in_either_file(text: str) -> None:
    raw = table_xlsx((text,), [(text,)])
    assert b"<f>" not in members(raw)["xl/worksheets/sheet1.xml"]
    cells = list(csv.reader(io.StringIO(table_csv((text,), [(text,)]).decode("utf-8-sig"))))
    for row in cells:
        assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
