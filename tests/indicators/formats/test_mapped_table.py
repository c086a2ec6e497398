"""A table whose sender's columns were saved."""

from collections.abc import Sequence
from datetime import timedelta, timezone
from pathlib import Path

from quetsach.indicators.formats.contract import ListRow
from quetsach.indicators.formats.mapped_table import (
    MappedRow,
    first_fit,
    fit_of,
    mapped_rows,
    table_rows,
)
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ColumnMap, ListOptions, column_map_of
from quetsach.indicators.read import list_problems, read_lists

MAP = """
sender = "Cục A"
[recognise]
headings = ["STT", "Máy chủ", "Dự phòng", "Ghi chú"]
[[value]]
column = "Dự phòng"
[columns]
label = "Ghi chú"
[constants]
class = "c2"
"""
TABLE = """Danh sách kèm theo công văn,,,
# phụ lục
STT,Máy chủ,Dự phòng,Ghi chú
1,one.example,two.example,"hai
dòng"
2,three.example,,
"""


def _read(tmp_path: Path, content: bytes, *maps: ColumnMap, name: str = "ds.csv") -> IndicatorSet:
    (tmp_path / name).write_bytes(content)
    return read_lists([tmp_path / name], ListOptions(column_maps=maps))


def test_the_map_wins_over_guessing_and_titles_are_no_rows(tmp_path: Path) -> None:
    found = _read(tmp_path, TABLE.encode(), column_map_of(MAP, "m"))
    (one,) = found.indicators
    assert (one.key, one.claim.of_class, one.label) == ("two.example", "c2", "hai\ndòng")
    assert one.origins[0].row == 4
    (reading,) = found.readings
    assert (reading.form, reading.column, reading.sender) == ("mapped", "Dự phòng", "Cục A")
    assert [(refusal.origin.row, refusal.reason) for refusal in found.refusals] == [(6, "empty")]


def test_a_map_that_knows_no_list_is_told_and_the_list_is_guessed(tmp_path: Path) -> None:
    changed = TABLE.replace("Ghi chú", "Mô tả").encode()
    found = _read(tmp_path, changed, column_map_of(MAP, "m"))
    assert {one.key for one in found.indicators} >= {"one.example", "three.example"}
    assert [one.code for one in list_problems(found)] == ["E276", "E217"], (
        "the other column is told"
    )


def test_encoding_delimiter_and_numbered_columns_are_those_of_the_map(tmp_path: Path) -> None:
    column_map = column_map_of(
        'sender = "B"\nencoding = "utf-16-le"\ndelimiter = "!"\n'
        '[recognise]\nfile_name = "ds-*.txt"\n[[value]]\ncolumn = 2\n',
        "m",
    )
    content = "1!bad.example\n2!c2.example\n".encode("utf-16-le")
    found = _read(tmp_path, content, column_map, name="DS-7.txt")
    assert [one.key for one in found.indicators] == ["bad.example", "c2.example"]


def test_a_list_of_the_sender_that_lacks_a_column_is_a_problem_and_not_guessed(
    tmp_path: Path,
) -> None:
    column_map = column_map_of(
        'sender = "B"\n[recognise]\nfile_name = "ds.csv"\n[[value]]\ncolumn = "Chỉ báo"\n', "m"
    )
    found = _read(tmp_path, TABLE.encode(), column_map)
    assert found.indicators == ()
    assert [one.code for one in list_problems(found)] == ["E218"]


def test_a_quote_that_never_closes_swallows_no_row() -> None:
    text = '1,"bad.example\n' + "2,c2.example\n" * 120
    assert [row.number for row in table_rows(text, ",")] == list(range(1, 122))


OPTIONS = ListOptions(zone=timezone(timedelta(hours=7)))
HEADS = ("STT", "Tên miền", "Mã băm", "Loại", "Cổng", "Nhóm", "Hết hạn", "Tin cậy", "TLP")
MAP_ROWS = f"""
sender = "A"
date_format = "%d.%m.%y"
sheet = "Phụ lục"
[recognise]
headings = [{", ".join(f'"{one}"' for one in HEADS)}]
[[value]]
column = "Tên miền"
rule = "exact"
[[value]]
column = "Mã băm"
kind = "hash"
[columns]
kind = "Loại"
port = "Cổng"
class = "Nhóm"
valid_until = "Hết hạn"
confidence = "Tin cậy"
tlp = "TLP"
[constants]
family = "Emotet"
confidence = 10
[class_words]
"điều khiển" = "c2"
"""


def _table(*rows: Sequence[str]) -> list[MappedRow]:
    titles = [("Phụ lục", ""), HEADS]
    return [
        MappedRow(number, "|".join(cells), cells)
        for number, cells in enumerate([*titles, *rows], start=1)
    ]


def _rows(*rows: Sequence[str]) -> list[ListRow]:
    table = _table(*rows)
    fit = fit_of(column_map_of(MAP_ROWS, "m"), "ds.xlsx", table, sheet="PHỤ LỤC")
    assert fit is not None
    assert fit.header_row == 2
    return list(mapped_rows(fit, table, OPTIONS))


def test_each_filled_column_of_values_is_a_row_with_all_that_is_said() -> None:
    name, file = _rows(
        ("1", "bad.example", "a" * 32, "", "443", "Điều khiển", "12.09.22", "80%", "TLP:RED")
    )
    assert (name.value, name.rule, name.port, name.number) == ("bad.example", "exact", 443, 3)
    assert (file.value, file.rule, file.claim) == ("a" * 32, None, name.claim)
    said = name.claim
    assert (said.of_class, said.family, said.confidence, said.tlp) == ("c2", "Emotet", 80, "red")
    assert said.valid_until_us == 1_663_001_999_999_999  # 12/09/2022 24:00 at +07:00, less 1 us


def test_constants_hold_where_the_row_is_silent_and_unknown_words_are_kept() -> None:
    (row,) = _rows(("1", "bad.example", "", "", "99999", "mới", "không rõ", "?", ""))
    assert (row.claim.of_class, row.claim.label, row.claim.confidence) == ("unknown", "mới", 10)
    assert (row.port, row.claim.valid_until_us) == (None, None)


def test_a_slip_of_the_sender_is_for_a_person_and_other_kinds_are_told() -> None:
    rows = _rows(
        ("1", "", "bad.example", "", "", "", "", "", ""),
        ("2", "loader.example", "", "tệp tin", "", "", "", "", ""),
        ("3", "", "", "", "", "", "", "", ""),
        ("4", "203.0.113.7", "", "", "", "", "", "", ""),
    )
    assert [(row.number, row.refused) for row in rows] == [
        (3, "unclear"), (4, "other-kind"), (5, "empty"), (6, None),
    ]  # fmt: skip
    assert rows[3].rule is None, "an address is not met as a name is"


def test_another_sheet_or_another_heading_is_not_the_senders() -> None:
    column_map = column_map_of(MAP_ROWS, "m")
    assert fit_of(column_map, "ds.xlsx", _table(), sheet="Bìa") is None
    assert fit_of(column_map, "ds.xlsx", [MappedRow(1, "", HEADS[:-1])], sheet="") is None
    assert fit_of(column_map, "ds.xlsx", [MappedRow(1, "", (*HEADS, "", ""))], sheet="") is not None


def test_the_first_map_that_knows_the_table_reads_it() -> None:
    other = column_map_of(MAP_ROWS.replace('"Tên miền"', '"Miền"').replace('"A"', '"B"'), "m")
    options = ListOptions(column_maps=(other, column_map_of(MAP_ROWS, "m")))
    fit = first_fit(options, "ds.xlsx", _table(), sheet="Phụ lục")
    assert fit is not None
    assert fit.column_map.sender == "A"
    assert first_fit(options, "ds.xlsx", [MappedRow(1, "", ("x", "y"))]) is None


def test_a_map_by_file_name_finds_its_headings_in_any_order() -> None:
    column_map: ColumnMap = column_map_of(
        'sender = "B"\n[recognise]\nfile_name = "ds-*.csv"\n[[value]]\ncolumn = "IOC"\n', "m"
    )
    rows = [MappedRow(1, "", ("Note", "ioc")), MappedRow(2, "x|bad.example", ("x", "bad.example"))]
    fit = fit_of(column_map, "folder/DS-7.csv", rows)
    assert fit is not None
    assert [row.value for row in mapped_rows(fit, rows, OPTIONS)] == ["bad.example"]
    assert fit_of(column_map, "other.csv", rows) is None
    lacking = fit_of(column_map, "ds-7.csv", rows[1:])
    assert lacking is not None
    assert lacking.problem is not None
    assert lacking.problem.code == "E218"
