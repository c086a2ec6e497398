"""Annexes: their labels, the line that names their letter, their content."""

from dataclasses import replace
from datetime import date

import pytest

from quetsach.documents.letters.letter import (
    BlankForm,
    LetterAppendix,
    LetterTable,
    Medium,
    PassageLevel,
)
from quetsach.documents.letters.paper import attached_line, compose_letter, roman
from quetsach.documents.typeset.content import DocumentTable
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.documents.typeset.wording import wording
from quetsach.errors.exceptions import QuetsachError
from tests.documents.letters import full, passage, usual

HEAD = Letterhead(unit="Ủy ban nhân dân\nxã Tập Sơn", number=5, signed_on=date(2026, 1, 5))


def test_one_annex_has_no_number_and_two_have_roman_ones() -> None:
    one = compose_letter(usual(), Medium.PAPER).appendices
    two = compose_letter(full(), Medium.PAPER).appendices
    assert [annex.label for annex in one] == ["Phụ lục"]
    assert [annex.label for annex in two] == ["Phụ lục I", "Phụ lục II"]
    assert " ".join(one[0].title) == (
        "THỐNG KÊ, BÁO CÁO KẾT QUẢ TRIỂN KHAI CHIẾN DỊCH LÀM SẠCH MÃ ĐỘC"
    )


@pytest.mark.parametrize(
    ("number", "written"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (39, "XXXIX"), (50, "L")]
)
def test_roman_numerals(number: int, written: str) -> None:
    assert roman(number) == written


def test_on_paper_the_annex_names_its_letter() -> None:
    assert attached_line(HEAD, "05/UBND-TH", wording().head, Medium.PAPER) == (
        "(Kèm theo Văn bản số 05/UBND-TH ngày 05 tháng 01 năm 2026 của Ủy ban nhân dân xã Tập Sơn)"
    )


def test_in_electronic_form_the_places_are_left_open() -> None:
    line = attached_line(HEAD, "05/UBND-TH", wording().head, Medium.ELECTRONIC)
    assert line.startswith("(Kèm theo Văn bản số ......../.......... ngày ..... tháng")
    assert "05" not in line
    assert "Tập Sơn" not in line


def test_a_blank_form_has_its_sections_with_every_value_open() -> None:
    blocks = compose_letter(usual(), Medium.PAPER).appendices[0].blocks
    assert blocks[0].text == "1. Thông tin chung"
    assert blocks[1].text.startswith("- Tên đơn vị:....")
    grid = blocks[-1]
    assert isinstance(grid, DocumentTable)
    assert [row[2] for row in grid.rows] == ["............"] * 3


def test_points_are_counted_up_to_a_table() -> None:
    table = LetterTable(("A",), (("1",),))
    point = passage("x", PassageLevel.POINT)
    letter = replace(usual(), annexes=(LetterAppendix("B", (point, point, table, point)),))
    first, second, _, last = compose_letter(letter, Medium.PAPER).appendices[0].blocks
    assert (first.text, second.text, last.text) == ("1. x", "2. x", "1. x")


def test_a_form_that_is_not_there_is_an_error() -> None:
    letter = replace(usual(), annexes=(LetterAppendix("B", (BlankForm("../forms/x"),)),))
    with pytest.raises(QuetsachError) as caught:
        compose_letter(letter, Medium.PAPER)
    assert caught.value.problem.code == "E401"
