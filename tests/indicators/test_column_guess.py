"""The guessed map of a table: it reads the table as the guess did."""

from pathlib import Path

import pytest
import xlsxwriter

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.column_guess import guess_columns, guess_of_rows
from quetsach.indicators.options import ListOptions, ValueColumn, column_map_of, toml_of
from quetsach.indicators.read import read_lists
from quetsach.readers.read import reader_of

TABLE = """STT;Tên miền;Mã độc;Hết hạn;MD5
1;bad[.]example;Emotet;31/12/2022;{}
2;c2.example;Qakbot;;
""".format("a" * 32)


def test_the_guess_names_columns_by_their_headings(tmp_path: Path) -> None:
    path = tmp_path / "ds.csv"
    path.write_text(TABLE, encoding="utf-8")
    guess = guess_columns(path, sender="Cục A")
    found = guess.column_map
    assert found.value == (ValueColumn("Tên miền", "name"), ValueColumn("MD5", "hash"))
    assert found.columns == {"family": "Mã độc", "valid_until": "Hết hạn"}
    assert (found.sender, found.delimiter) == ("Cục A", ";")
    assert guess.rows[0][:2] == ("1", "bad[.]example")


def test_the_saved_guess_reads_the_list_as_the_guess_did(tmp_path: Path) -> None:
    path = tmp_path / "ds.csv"
    path.write_text(TABLE, encoding="utf-8")
    column_map = column_map_of(toml_of(guess_columns(path).column_map), "m")
    plain = read_lists([path], ListOptions())
    mapped = read_lists([path], ListOptions(column_maps=(column_map,)))
    assert mapped.readings[0].form == "mapped"
    assert mapped.digest == plain.digest
    assert len(mapped.indicators) == 3


def test_a_table_without_headings_is_known_by_its_file_name(tmp_path: Path) -> None:
    path = tmp_path / "ds-7.csv"
    path.write_text("1,bad.example\n2,c2.example\n")
    found = guess_columns(path).column_map
    assert (found.value, found.recognise.file_name) == ((ValueColumn(2, "name"),), "ds-7.csv")


def test_titles_above_the_headings_of_a_sheet_are_passed_over() -> None:
    rows = [("PHỤ LỤC", ""), ("", ""), ("STT", "IOC", ""), ("1", "bad.example", "")]
    guess = guess_of_rows(rows, name="A", file=Path("ds.xlsx"), sheet="Sheet1")
    assert (guess.headings, guess.column_map.sheet) == (("STT", "IOC"), "Sheet1")
    assert guess.column_map.value[0].column == "IOC"


def test_the_fullest_sheet_of_a_workbook_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "ds.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Bìa").write(0, 0, "Kính gửi")
        sheet = book.add_worksheet("Phụ lục")
        sheet.write(0, 0, "PHỤ LỤC")
        for number, row in enumerate([("STT", "Tên miền"), ("1", "bad.example")], start=2):
            sheet.write_row(number, 0, row)
    if reader_of(path.read_bytes(), path.name) is None:
        pytest.skip("NOT TESTED: no reader of workbooks")
    found = guess_columns(path).column_map
    assert (found.sheet, found.value) == ("Phụ lục", (ValueColumn("Tên miền", "name"),))


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "", "bad.example\n"])
def test_what_is_no_table_of_indicators_is_a_problem(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content)
    with pytest.raises(QuetsachError, match="E202"):
        guess_columns(path)


def test_a_value_with_nothing_beside_it_counts_for_the_kind_of_its_column(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Đối tượng;Cổng\nbad.example;\n203.0.113.9;443\n", encoding="utf-8")
    found = guess_columns(path)
    assert found.column_map.value == (ValueColumn("Đối tượng", "any"),)
    assert found.rows[0][0] == "bad.example"
