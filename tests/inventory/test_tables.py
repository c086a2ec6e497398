"""Tables of a file: rows with their numbers, whatever stands around them."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.inventory import tables
from quetsach.inventory.tables import MergedCellRows, TableLine, tables_of
from quetsach.readers.contract import MergedCells


def test_rows_have_the_numbers_that_an_editor_shows(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('a;b\n\n"c\nd";e\nf;g\n')
    lines = tables_of(path, "E262").tables[0].lines
    assert [(one.number, one.cells, one.fault) for one in lines] == [
        (1, ("a", "b"), ""),
        (3, ("c\nd", "e"), ""),
        (5, ("f", "g"), ""),
    ]


def test_a_table_of_a_web_page_saved_as_excel_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.xls"
    path.write_text("<html><table><tr><td>Tên máy</td><td>MAC</td></tr></table></html>")
    assert [one.cells for one in tables_of(path, "E262").tables[0].lines] == [("Tên máy", "MAC")]


def test_a_file_beyond_the_limit_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    path = tmp_path / "x.csv"
    path.write_text("host_name,mac\n")
    with pytest.raises(QuetsachError) as refused:
        tables_of(path, "E263")
    assert refused.value.problem.code == "E263"


def test_rows_beyond_the_limit_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n3,4\n5,6\n")
    lines = tables_of(path, "E262").tables[0].lines
    assert [(one.number, one.fault) for one in lines] == [
        (1, ""),
        (2, ""),
        (3, ""),
        (4, "too-long"),
    ]


def test_a_merged_cell_ends_where_it_ends_also_behind_missing_rows() -> None:
    below = MergedCellRows((MergedCells("", 2, 0, 4, 0), MergedCells("", 2, 1, 9, 1)))
    rows = [TableLine(2, ("A", "m")), TableLine(4, ("", "")), TableLine(5, ("", ""))]
    assert [below.filled(one, frozenset({0})) for one in rows] == [
        ("A", "m"),
        ("A", ""),
        ("", ""),
    ]
