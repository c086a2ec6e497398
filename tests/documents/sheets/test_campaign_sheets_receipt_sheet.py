"""The sheet that goes with a letter: one page, its code readable, what is not known left open."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from quetsach.documents.sheets.campaign_sheets import ReceiptSheet, receipt_sheet_pdf
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import language, use_language
from tests.documents.letters import HOSTILE, LINK
from tests.documents.sheets import code_on, page_text
from tests.oracles import qr

SHEET = ReceiptSheet(
    unit="Ủy ban nhân dân xã Tập Sơn",
    link=LINK,
    issuer="Ủy ban nhân dân huyện Trà Cú",
    subject="triển khai chiến dịch rà quét xử lý mã độc năm 2022",
    number="12/UBND-TH",
    dated=date(2022, 9, 12),
    due="trước ngày 29/9/2022",
)
LONG = ReceiptSheet("Đơn vị " * 90, LINK, "w" * 900, "dài " * 900, "n" * 90, None, "d" * 90)


@pytest.fixture(autouse=True)
def in_vietnamese() -> Iterator[None]:
    before = language()
    use_language("vi")
    yield
    use_language(before)


@pytest.mark.parametrize("sheet", [SHEET, LONG], ids=["usual", "long"])
def test_the_printed_code_is_read_back_to_its_link(sheet: ReceiptSheet) -> None:
    assert qr.read(code_on(receipt_sheet_pdf(sheet))) == LINK


def test_unit_and_letter_are_named() -> None:
    text = page_text(receipt_sheet_pdf(SHEET))
    for part in (SHEET.unit, SHEET.issuer, SHEET.subject, SHEET.number, "12/9/2022", SHEET.due):
        assert part in text
    assert "Chỉ mở trang thì chưa được coi là đã xác nhận" in text
    use_language("en")
    assert "Opening the page confirms nothing yet" in page_text(receipt_sheet_pdf(SHEET))


def test_what_is_not_known_is_a_line_to_write_on() -> None:
    text = page_text(receipt_sheet_pdf(replace(SHEET, number="", dated=None, due="")))
    assert "Số, ký hiệu văn bản ...." in text
    assert "Ngày ban hành ...." in text
    assert "Hạn báo cáo" not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_D1_D4_any_text_is_printed_as_it_is(text: str) -> None:
    made = page_text(receipt_sheet_pdf(ReceiptSheet(text, LINK, text, text)))
    assert "".join(made.split()).count("".join(text.split())) == 3


def test_D6_the_same_sheet_has_the_same_bytes() -> None:
    assert receipt_sheet_pdf(SHEET) == receipt_sheet_pdf(SHEET)


def test_a_link_that_is_none_is_refused() -> None:
    with pytest.raises(QuetsachError) as caught:
        receipt_sheet_pdf(replace(SHEET, link="//portal.example"))
    assert caught.value.problem.code == "E409"
