"""Columns get the width that their words need, and all of them together the width of the text."""

import pytest

from quetsach.documents.columns import column_aligns, column_widths
from quetsach.documents.typeset import decree30 as decree

ROWS = tuple((str(n), f"Ủy ban nhân dân xã thứ {n}", str(n * 3), "") for n in range(1, 30))
HEADS = ("TT", "Đơn vị", "Số máy", "Ghi chú")


@pytest.mark.parametrize(
    ("heads", "rows"),
    [
        (HEADS, ROWS),
        (HEADS, ()),
        (("A",), (("x" * 5000,),)),
        (("x" * 100,) * 10, ()),
        (("",) * 3, (("", "", ""),)),
    ],
)
def test_all_columns_together_are_as_wide_as_the_text(
    heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> None:
    widths = column_widths(heads, rows)
    assert len(widths) == len(heads)
    assert sum(widths) == pytest.approx(decree.TEXT_WIDTH_MM)
    assert min(widths) >= 8


def test_long_texts_get_the_room_and_open_columns_some() -> None:
    number, name, count, remark = column_widths(HEADS, ROWS)
    assert name > 2 * count
    assert number < count < remark


def test_short_texts_are_centred_and_long_ones_begin_at_the_left() -> None:
    assert column_aligns(ROWS, 4) == ("center", "left", "center", "center")
    assert column_aligns((), 2) == ("center", "center")
