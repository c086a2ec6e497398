"""The week of a campaign: one page whatever the texts, its code readable, texts as they are."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from quetsach.documents.sheets.campaign_sheets import WeekLine, WeekSheet, week_sheet_pdf
from quetsach.texts import language, use_language
from tests.documents.letters import HOSTILE
from tests.documents.sheets import code_on, page_text
from tests.oracles import qr

SHEET = WeekSheet(
    unit="Ủy ban nhân dân huyện Trà Cú",
    campaign="Chiến dịch làm sạch mã độc trên không gian mạng năm 2022",
    link="https://portal.example/figures/1/?under=1",
    week="Tuần 19/9–25/9/2022",
    due="Hạn báo cáo: trước ngày 29/09/2022 – còn 3 ngày",
    lines=(WeekLine("Đơn vị đã báo cáo", "12/20", "60 %", "+5"), WeekLine("Máy chờ xử lý", "7")),
    behind=(("Ủy ban nhân dân xã Hai", "0/3 báo cáo"),),
    notes=("Khai báo 96 %, kiểm tra lại 71 % (64–78).",),
)
LONG = WeekSheet(
    unit="Đơn vị " * 60,
    campaign="W" * 400,
    link="https://portal.example/" + "x" * 80,
    week="w " * 300,
    due="d " * 300,
    lines=(WeekLine("chỉ tiêu rất dài " * 30, "9" * 40, "9" * 40, "9" * 40),) * 60,
    behind=(("Đơn vị " * 60, "vì " * 60),) * 60,
    notes=("dài lắm " * 90,) * 60,
)


@pytest.fixture(autouse=True)
def in_vietnamese() -> Iterator[None]:
    before = language()
    use_language("vi")
    yield
    use_language(before)


@pytest.mark.parametrize("sheet", [SHEET, LONG], ids=["usual", "long"])
def test_the_printed_code_is_read_back_to_its_link(sheet: WeekSheet) -> None:
    assert qr.read(code_on(week_sheet_pdf(sheet))) == sheet.link


def test_one_page_holds_the_figures_who_is_behind_and_what_was_verified() -> None:
    text = page_text(week_sheet_pdf(SHEET))
    for part in (SHEET.unit, SHEET.week, SHEET.due, "12/20", "+5", "xã Hai", "kiểm tra lại 71 %"):
        assert part in text


def test_a_long_sheet_stays_one_page() -> None:
    assert page_text(week_sheet_pdf(LONG))


def test_D6_the_same_sheet_gives_the_same_bytes() -> None:
    assert week_sheet_pdf(SHEET) == week_sheet_pdf(SHEET)


@pytest.mark.parametrize("text", HOSTILE)
def test_D1_D4_any_text_is_printed_as_it_is(text: str) -> None:
    made = page_text(week_sheet_pdf(replace(SHEET, notes=(text,))))
    assert page_text(week_sheet_pdf(replace(SHEET, notes=()))) != made
