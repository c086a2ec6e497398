"""A table whose sender's columns were saved."""

from pathlib import Path

from quetsach.indicators.formats.mapped_table import table_rows
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
    assert [one.code for one in list_problems(found)] == ["E217"]


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
