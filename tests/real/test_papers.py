"""The seed's letter, as text, keeps its lines and its appendix's rows."""

from pathlib import Path

import pytest

from quetsach.readers.contract import BlockKind
from quetsach.readers.read import read_paper

pytestmark = pytest.mark.real


def test_the_letter_is_read_line_by_line_and_its_table_row_by_row(data: Path) -> None:
    path = data / "letters/cong-van-tra-cu-2022.txt"
    raw = path.read_bytes()
    paper = read_paper(raw, path.name)
    lines = [line for line in raw.decode().split("\n") if line.strip()]
    assert [block.text for block in paper.blocks] == lines
    rows = [block for block in paper.blocks if block.kind is BlockKind.ROW]
    assert [block.place.row for block in rows] == list(range(1, len(rows) + 1))
    assert {len(block.cells) for block in rows} == {4}
    assert rows[0].cells == ("TT", "Nội dung", "Số lượng", "Ghi chú")
    assert paper.problems == ()
