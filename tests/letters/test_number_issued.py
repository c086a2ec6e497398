"""Day and place of a letter: printed, left blank, or stamped behind their line."""

import pytest

from quetsach.letters.lines import LetterLine
from quetsach.letters.model import OpenQuestions
from quetsach.letters.number import issued
from quetsach.readers.contract import BlockPlace


def read(*words: str) -> tuple[object, ...]:
    opened = OpenQuestions()
    found = issued([LetterLine(one, BlockPlace()) for one in words], opened)
    asked = [one.code for one in opened.questions]
    return found.date.value, found.date.partial, found.place.value, asked


@pytest.mark.parametrize(
    ("words", "day", "place"),
    [
        ("Trà Cú, ngày 12 tháng 9 năm 2022", "2022-09-12", "Trà Cú"),
        ("Hà Nội, ngày 05 tháng 01 năm 2026", "2026-01-05", "Hà Nội"),
        ("TP. Hồ Chí Minh, ngày 5 tháng 2 năm 2024", "2024-02-05", "TP. Hồ Chí Minh"),
        ("Bà Rịa - Vũng Tàu, ngày 5 tháng 2 năm 2024", "2024-02-05", "Bà Rịa - Vũng Tàu"),
        ("Số: 12/UBND-TH Trà Cú, ngày 12 tháng 9 năm 2022", "2022-09-12", "Trà Cú"),
        ("Sao Mai , ngay 15 thang 9 nam 2022", "2022-09-15", "Sao Mai"),
        ("Trà Cú, ngày 12/9/2022", "2022-09-12", "Trà Cú"),
    ],
)
def test_a_printed_day_is_read_with_its_place(words: str, day: str, place: str) -> None:
    assert read(words) == (day, "", place, [])


@pytest.mark.parametrize(
    ("words", "partial"),
    [
        ("Trà Cú, ngày tháng 9 năm 2022", "2022-09"),
        ("Trà Cú, ngày ... tháng 9 năm 2022", "2022-09"),
        ("Trà Cú, ngày tháng năm 2022", "2022"),
        ("Trà Cú, ngày 12 tháng năm 2022", "2022"),
    ],
)
def test_a_day_left_blank_is_asked_for_and_what_is_known_is_kept(words: str, partial: str) -> None:
    code = "date-partial" if "-" in partial else "date-year"
    assert read(words) == (None, partial, "Trà Cú", [code])


def test_a_day_stamped_behind_its_line_is_put_in_its_place() -> None:
    assert read("Hà Nội, ngày tháng năm 202227 06") == ("2022-06-27", "", "Hà Nội", [])
    assert read("Hà Nội, ngày tháng năm 2022 06 27") == ("2022-06-27", "", "Hà Nội", [])
    assert read("Hà Nội, ngày tháng 6 năm 202227") == ("2022-06-27", "", "Hà Nội", [])
    assert read("Hà Nội, ngày tháng năm 202206 06") == ("2022-06-06", "", "Hà Nội", [])


@pytest.mark.parametrize("stamp", ["05 06", "2705", "27 28", "27 06 11", "31 02"])
def test_a_stamp_that_can_be_read_in_two_ways_or_none_is_asked_for(stamp: str) -> None:
    assert read(f"Hà Nội, ngày tháng năm 2022 {stamp}") == (None, "2022", "Hà Nội", ["date-order"])


def test_figures_of_the_text_behind_a_blank_day_are_no_stamp() -> None:
    words = "Trà Cú, ngày tháng 9 năm 2022 1. Thủ trưởng các phòng"
    assert read(words) == (None, "2022-09", "Trà Cú", ["date-partial"])


def test_an_impossible_day_is_asked_for() -> None:
    assert read("Trà Cú, ngày 31 tháng 2 năm 2022")[::3] == (None, ["date-impossible"])


def test_two_days_in_the_head_are_a_contradiction() -> None:
    both = ("Trà Cú, ngày 12 tháng 9 năm 2022", "Trà Cú, ngày 13 tháng 9 năm 2022")
    assert read(*both) == (None, "", None, ["date-several"])


def test_no_day_at_all_is_asked_for() -> None:
    assert read("ỦY BAN NHÂN DÂN") == (None, "", None, ["date"])
