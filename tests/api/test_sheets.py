"""Single pages: their codes lead where they should, and wrong links are refused."""

import pytest

from quetsach.api import sheets
from quetsach.errors.exceptions import QuetsachError
from tests.documents.sheets import code_on, page_text
from tests.oracles import qr


def test_one_card_is_made_of_plain_values() -> None:
    device = {"device": "PC-01", "host_name": "PC-01", "grade": "likely", "sightings": 3}
    link = "https://portal.example/cases/42"
    made = sheets.card(device, case_url=link)
    assert qr.read(code_on(made)) == link
    assert "PC-01" in page_text(made)
    assert made == sheets.card(device, case_url=link)
    with pytest.raises(QuetsachError) as caught:
        sheets.card(device, case_url="javascript:x")
    assert caught.value.problem.code == "E409"
    with pytest.raises(QuetsachError) as caught:
        sheets.card(device, case_url=link, zone="Mars/Base")
    assert caught.value.problem.code == "E601"


def test_sheets_are_pdf_pages() -> None:
    link = "https://portal.example/n/abc"
    for made in (
        sheets.join_sheet(sheets.JoinSheet("Phòng Nội vụ", "Chiến dịch", link)),
        sheets.receipt_sheet(sheets.ReceiptSheet("Phòng Nội vụ", link, "UBND huyện", "triển khai")),
    ):
        assert qr.read(code_on(made)) == link
        assert "Phòng Nội vụ" in page_text(made)
    english = sheets.join_sheet(sheets.JoinSheet("A", "B", link), language="en")
    assert "For staff of the unit" in page_text(english)
