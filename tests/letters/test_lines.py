"""Clean lines: two columns parted, broken paragraphs joined, accents folded sign for sign."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from quetsach.letters.lines import LONGEST_LINE, clean, fold_accents, lines_of, paragraphs
from tests.letters.texts import paper_of, paper_of_blocks


def texts(*parts: str | tuple[str, ...]) -> list[str]:
    return [one.text for one in lines_of(paper_of_blocks(*parts))[0]]


@given(st.text(max_size=200))
def test_folding_keeps_the_place_of_every_sign(text: str) -> None:
    assert len(fold_accents(text)) == len(text)


def test_folding_takes_accents_and_capitals_away() -> None:
    assert fold_accents("ỦY BAN NHÂN DÂN Huyện Đảo – Số") == "uy ban nhan dan huyen dao - so"


def test_marks_of_emphasis_odd_spaces_and_unseen_signs_are_gone() -> None:
    text = unicodedata.normalize("NFD", "***Chỉ\xa0đạo*** cán\u200b bộ  *")
    assert clean(text) == "Chỉ đạo cán bộ *"


def test_two_columns_of_a_head_part_where_they_ran_together() -> None:
    assert texts("UBND HUYỆN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") == [
        "UBND HUYỆN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ]
    assert texts("Số: 1/A        Sao Mai, ngày 1") == ["Số: 1/A", "Sao Mai, ngày 1"]


def test_tables_that_only_place_things_are_read_column_by_column() -> None:
    head = ("SỞ Y TẾ\nSố: 1/SYT", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    assert texts(head)[:2] == ["SỞ Y TẾ", "Số: 1/SYT"]
    data = lines_of(paper_of_blocks(("1", "a\nb", "")))[0]
    assert [one.cells for one in data] == [("1", "a b", "")]


def test_a_paragraph_that_the_page_broke_is_one_again() -> None:
    broken = (
        "1. Thủ trưởng các phòng, ban, ngành huyện thực hiện của Cục An toàn thông tin\n"
        "- Bộ Thông tin và Truyền thông và báo cáo kết quả\nthực hiện.\n2. Rà soát."
    )
    joined = paragraphs(lines_of(paper_of(broken))[0])
    assert [one.text[:2] for one in joined] == ["1.", "2."]
    assert joined[0].text.endswith("thông tin - Bộ Thông tin và Truyền thông và báo cáo kết quả "
                                   "thực hiện.")  # fmt: skip
    assert len(joined[0].breaks) == 2


def test_a_line_longer_than_any_is_cut_and_told() -> None:
    lines, cut = lines_of(paper_of("a" * (LONGEST_LINE + 1)))
    assert cut
    assert len(lines[0].text) == LONGEST_LINE
