"""The content of a paper: blanks as dots, lists of the decree, texts made printable."""

from datetime import date

import pytest

from quetsach.documents.typeset.content import (
    BLANK_DAY,
    TextFitter,
    addressed_lines,
    dots_beside,
    fit_head,
    listed,
    place_of,
    short_rule,
    upper_lines,
)
from quetsach.documents.typeset.decree30 import BIG_PT, HEAD_PT, RULE_SHARE, TEXT_WIDTH_MM, points
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.documents.typeset.text import width_pt
from quetsach.documents.typeset.wording import wording


def test_a_list_ends_with_a_full_stop_and_its_others_with_a_semicolon() -> None:
    assert list(listed(("Sở A", "Sở B", "Sở C"))) == ["- Sở A;", "- Sở B;", "- Sở C."]


@pytest.mark.parametrize(
    ("names", "lines"),
    [
        ((), 1),
        (("Sở A",), 1),
        (("Sở A", "Sở B"), 3),
    ],
)
def test_one_addressee_stands_beside_the_label_and_several_below(
    names: tuple[str, ...], lines: int
) -> None:
    told = addressed_lines(names)
    assert len(told) == lines
    assert told[0].startswith(wording().head.addressed)
    assert names or set(told[0].rpartition(" ")[2]) == {"."}


def test_dots_fill_the_line_and_never_break_it() -> None:
    for label in ("", "- Tên đơn vị: ", "x" * 400):
        blank = dots_beside(label)
        assert set(blank) == {"."}
        assert len(blank) >= 8
    assert width_pt(dots_beside(""), BIG_PT) < points(TEXT_WIDTH_MM)


def test_a_day_that_is_not_known_is_dots_and_one_that_is_has_its_numbers() -> None:
    words = wording().head
    blank = place_of(Letterhead(), words)
    assert blank.count(".") == 16 + sum(BLANK_DAY)
    known = place_of(Letterhead(place="Trà Cú", signed_on=date(2022, 9, 5)), words)
    assert known == words.place % {"place": "Trà Cú", "day": "05", "month": "9", "year": "2022"}


def test_a_long_name_is_broken_into_even_lines_within_the_limit() -> None:
    lines = upper_lines("Ủy ban nhân dân thành phố trực thuộc tỉnh", 150)
    assert len(lines) > 1
    assert all(width_pt(line, HEAD_PT) <= 150 for line in lines)
    assert short_rule(lines, HEAD_PT) == RULE_SHARE * max(
        width_pt(line, HEAD_PT, bold=True) for line in lines
    )


def test_what_no_typeface_shows_becomes_a_box_and_is_named() -> None:
    fitting = TextFitter()
    head = fit_head(Letterhead(unit="Xã A\x00B", addressees=("Sở C",)), fitting)
    assert "\x00" not in (head.unit or "")
    assert head.addressees == ("Sở C",)
    assert head.parent is None
    assert fitting.line("một\n hai") == "một hai"
