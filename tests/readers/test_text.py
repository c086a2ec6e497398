"""Plain text: lines and rows, in every coding that offices left behind."""

import pytest

from quetsach.readers.contract import BlockKind
from quetsach.readers.text import TextReader
from tests.readers.samples import codes, read, rows, texts

LETTER = "**Số:** /UBND-TH\n\nTT\tNội dung\tSố lượng\t\n1\tTổng số\t\t\n\nNơi nhận:\n"


def test_lines_are_paragraphs_and_lines_with_tabs_rows_of_one_table() -> None:
    paper = read(TextReader(), LETTER.encode(), "cv.txt")
    assert texts(paper) == ["**Số:** /UBND-TH", "Nơi nhận:"]
    assert rows(paper) == [("TT", "Nội dung", "Số lượng", ""), ("1", "Tổng số", "", "")]
    places = [b.place for b in paper.blocks if b.kind is BlockKind.ROW]
    assert [(p.table, p.row, p.line) for p in places] == [(1, 1, 3), (1, 2, 4)]


def test_an_empty_line_ends_a_table() -> None:
    paper = read(TextReader(), b"a\tb\ntext\nc\td\n", "x.txt")
    assert [(b.place.table, b.place.row) for b in paper.blocks] == [(1, 1), (None, None), (2, 1)]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_codings_of_unicode_are_read(coding: str) -> None:
    assert texts(read(TextReader(), "Đơn vị\r\nchủ quản".encode(coding), "x.txt")) == [
        "Đơn vị",
        "chủ quản",
    ]


def test_windows_1258_is_read() -> None:
    raw = "Đơn vi\u0323".encode("cp1258")
    assert texts(read(TextReader(), raw, "x.txt")) == ["Đơn vị"]


@pytest.mark.parametrize(
    ("coding", "typed"),
    [
        ("TCVN3", "C¸c ®¬n vÞ thùc hiÖn b¸o c¸o cña huyÖn: bad.example, 203.0.113.7"),
        ("VNI", "Caùc ñôn vò thöïc hieän baùo caùo cuûa huyeän: bad.example, 203.0.113.7"),
    ],
)
def test_old_font_codings_are_turned_and_named(coding: str, typed: str) -> None:
    paper = read(TextReader(), typed.encode("latin-1"), "x.txt")
    assert texts(paper) == ["Các đơn vị thực hiện báo cáo của huyện: bad.example, 203.0.113.7"]
    assert codes(paper) == ["E419"]
    assert paper.problems[0].facts["coding"] == coding


def test_a_file_of_line_ends_alone_costs_no_list() -> None:
    paper = read(TextReader(), b"\n" * 5_000_000 + b"203.0.113.7", "x.txt")
    assert [(b.text, b.place.line) for b in paper.blocks] == [("203.0.113.7", 5_000_001)]


def test_data_that_are_no_text_are_not_known() -> None:
    for raw in (b"\x00\x01\x02", b"\x7fELF\x01\x02\x03\x04\x05\x06\x0e\x0f", b"MZ\x90\x00\x03"):
        assert not TextReader().knows(raw, "x.txt")
