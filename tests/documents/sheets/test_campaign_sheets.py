"""The invitation sheet: one page, a readable code, texts unchanged and cut to fit."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from quetsach.documents.sheets.campaign_sheets import (
    MOST_STEPS,
    JoinSheet,
    SheetAudience,
    fitted,
    join_sheet_pdf,
)
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import language, use_language
from tests.documents.letters import HOSTILE
from tests.documents.sheets import code_on, page_text
from tests.oracles import qr

SHEET = JoinSheet(
    unit="Ủy ban nhân dân xã Tập Sơn",
    campaign="Chiến dịch làm sạch mã độc trên không gian mạng năm 2022",
    link="https://portal.example/t/tap-son-7KQ2M9XD",
    until="28/9/2022",
    help="0294 000 000",
)
LONG = JoinSheet(
    unit="Đơn vị " * 60,
    campaign="W" * 400,
    link="https://portal.example/" + "x" * 170,
    steps=("dài lắm " * 60,) * MOST_STEPS,
    until="u" * 200,
    help="h " * 200,
)


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = language()
    yield
    use_language(before)


@pytest.mark.parametrize("sheet", [SHEET, LONG], ids=["usual", "long"])
def test_the_printed_code_is_read_back_to_its_link(sheet: JoinSheet) -> None:
    assert qr.read(code_on(join_sheet_pdf(sheet))) == sheet.link


@pytest.mark.parametrize("audience", list(SheetAudience))
@pytest.mark.parametrize(
    ("tongue", "said"),
    [("vi", "Không hỏi tên"), ("en", "No name, telephone number or file is asked for")],
)
def test_each_audience_is_told_in_both_languages(
    audience: SheetAudience, tongue: str, said: str
) -> None:
    use_language(tongue)  # type: ignore[arg-type]
    others = [one for one in SheetAudience if one is not audience]
    text = page_text(join_sheet_pdf(replace(SHEET, audience=audience)))
    for part in (SHEET.unit, SHEET.campaign, SHEET.link, "28/9/2022", "0294 000 000", said, "4."):
        assert part in text
    assert all(page_text(join_sheet_pdf(replace(SHEET, audience=one))) != text for one in others)


def test_own_steps_take_the_place_of_the_usual_ones() -> None:
    use_language("vi")
    text = page_text(join_sheet_pdf(replace(SHEET, steps=("Gặp anh An ở phòng 3.",))))
    assert "1. Gặp anh An ở phòng 3." in text
    assert "2." not in text.replace("2022", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_D1_D4_any_text_is_printed_as_it_is(text: str) -> None:
    made = page_text(
        join_sheet_pdf(JoinSheet(text, text, SHEET.link, steps=(text,), until="x", help=text))
    )
    assert "".join(made.split()).count("".join(text.split())) == 4


def test_D6_the_same_sheet_has_the_same_bytes() -> None:
    assert join_sheet_pdf(SHEET) == join_sheet_pdf(SHEET)


def test_a_link_that_is_none_and_too_many_steps_are_refused() -> None:
    with pytest.raises(QuetsachError) as caught:
        join_sheet_pdf(replace(SHEET, link="file:///etc/passwd"))
    assert caught.value.problem.code == "E409"
    with pytest.raises(QuetsachError) as caught:
        join_sheet_pdf(replace(SHEET, steps=("x",) * (MOST_STEPS + 1)))
    assert caught.value.problem.code == "E423"


BREAK = "\u200b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  a \n\t b ", "a b"),
        ("Xa\u0303", "Xã"),
        ("a\x01\U0001f600", "a□□"),
        ("x" * 10, "x" * 10),
        ("y " * 10, "y y y y y…"),
    ],
)
def test_a_text_is_shown_on_one_line(text: str, shown: str) -> None:
    assert fitted(text, 10) == shown


def test_a_cut_text_says_so_even_when_it_is_of_megabytes() -> None:
    assert fitted("a" * 10_000_000, 12).replace(BREAK, "") == "a" * 11 + "…"
    assert fitted(" " * 1000 + "b", 12) == "…"


def test_a_long_word_gets_places_to_break_and_loses_no_sign() -> None:
    made = fitted("w" * 40, 50)
    assert BREAK in made
    assert made.replace(BREAK, "") == "w" * 40
