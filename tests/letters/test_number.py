"""Number and code: as printed, stamped later, or missing; never made up."""

import pytest

from quetsach.letters.lines import LetterLine
from quetsach.letters.model import OpenQuestions
from quetsach.letters.number import number_and_code
from quetsach.readers.contract import BlockPlace


def read(words: str, *, file: str = "letter.pdf", stamped: bool = False) -> tuple[object, ...]:
    opened = OpenQuestions()
    number, code = number_and_code(
        [LetterLine(words, BlockPlace())], file=file, stamped=stamped, opened=opened
    )
    return number.value, code.value, [one.code for one in opened.questions]


@pytest.mark.parametrize(
    ("words", "number", "code"),
    [
        ("Số: 1790/STTTT-BCVTCNTT", "1790", "STTTT-BCVTCNTT"),
        ("Số: 05/BC-UBND", "05", "BC-UBND"),
        ("Số : 12 / UBND-VX", "12", "UBND-VX"),
        ("Số: 202/TTCNTT&TT-QTHT", "202", "TTCNTT&TT-QTHT"),
        ("Số: 12/2022/QĐ-UBND", "12", "2022/QĐ-UBND"),
        ("SỐ: 1351/SGDĐT-VP", "1351", "SGDĐT-VP"),
        ("S6: 233 /UBND-VX", "233", "UBND-VX"),
        ("So: 233/UBND-VX", "233", "UBND-VX"),
        ("Số 12-CV/HU", "12", "CV/HU"),
        ("Số: 45/PC-PA05", "45", "PC-PA05"),
        ("Số: ...45.../UBND-TH", "45", "UBND-TH"),
    ],
)
def test_a_printed_number_is_read_with_its_code(words: str, number: str, code: str) -> None:
    assert read(words) == (number, code, [])


@pytest.mark.parametrize("words", ["Số: /UBND-TH", "Số:      /UBND-TH", "Số: ...../UBND-TH"])
def test_a_number_left_blank_is_asked_for(words: str) -> None:
    assert read(words) == (None, "UBND-TH", ["number"])


def test_a_number_left_blank_on_a_letter_of_the_party_is_asked_for() -> None:
    assert read("Số -CV/HU") == (None, "CV/HU", ["number"])


def test_a_number_stamped_onto_the_end_of_its_code_is_found() -> None:
    assert read("Số: /CATTT-NCSC941") == ("941", "CATTT-NCSC", [])
    assert read("Số: /CATTT-NCSC941 Hà Nội, ngày tháng năm 202227 06", stamped=True) == (
        "941",
        "CATTT-NCSC",
        [],
    )
    assert read("Số: /SGDĐT-VP 1351") == ("1351", "SGDĐT-VP", [])


@pytest.mark.parametrize(
    "words", ["Số: /UBND-TH12", "Số: /CAT-PA05", "Số: /CATTT-NCSC2022", "Số: /UBND-TH5"]
)
def test_a_stamp_that_may_be_of_the_code_is_asked_for(words: str) -> None:
    number, _code, asked = read(words)
    assert number is None
    assert asked == ["number-glued"]


def test_a_year_behind_the_code_is_no_number() -> None:
    assert read("Số: /UBND-TH 2022") == (None, "UBND-TH", ["number"])


def test_the_name_of_the_file_gives_a_hint_and_no_value() -> None:
    number, code, asked = read("Số: /UBND-TH", file="233_UBND-TH.pdf")
    assert (number, code, asked) == (None, "UBND-TH", ["number-file"])


def test_a_file_named_by_another_number_is_a_contradiction() -> None:
    assert read("Số: 233/UBND-TH", file="CV 234-UBND-TH.pdf") == (
        None,
        "UBND-TH",
        ["number-differs"],
    )
    assert read("Số: 05/UBND-TH", file="5.UBND-TH signed.pdf") == ("05", "UBND-TH", [])


def test_the_number_of_a_letter_that_is_quoted_is_not_its_own() -> None:
    words = "Thực hiện Công văn số 1790/STTTT-BCVTCNTT ngày 09/9/2022"
    assert read(words) == (None, None, ["number", "code"])


def test_a_number_without_a_code_is_not_taken_for_whole() -> None:
    assert read("Số: 12") == (None, None, ["number", "code"])
