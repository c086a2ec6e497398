"""Slips to cut up: 24 on a page, each code readable by eye and by camera, and bounded."""

from collections.abc import Iterator

import pypdfium2
import pytest

from quetsach.documents.sheets.slips import MOST_SLIPS, ON_A_SHEET, SlipSheet, slip_sheet_pdf
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import language, use_language
from tests.documents.letters import HOSTILE
from tests.documents.sheets import code_on, page_text
from tests.oracles import qr

ADDRESS = "https://sach.example/phieu"
SLIPS = [(f"7K3M-9PXR-{place:04}", f"{ADDRESS}?ma=7K3M9PXR{place:04}") for place in range(25)]


def sheet(**changes) -> SlipSheet:
    whole = {"unit": "UBND xã Một", "campaign": "Chiến dịch 2026", "typed": "sach.example/phieu"}
    return SlipSheet(**{**whole, "slips": SLIPS, **changes})


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = language()
    use_language("vi")
    yield
    use_language(before)


def test_each_slip_has_its_code_and_the_25th_is_on_a_second_page() -> None:
    text = page_text(slip_sheet_pdf(sheet(slips=SLIPS[:ON_A_SHEET])))
    assert all(code in text for code, _link in SLIPS[:ON_A_SHEET])
    assert text.count("Tính một lần, không ghi tên.") == ON_A_SHEET
    with pypdfium2.PdfDocument(slip_sheet_pdf(sheet())) as document:
        assert len(document) == 2


def test_the_code_to_scan_leads_to_the_slip_s_own_address() -> None:
    pdf = slip_sheet_pdf(sheet(slips=SLIPS[:1]))
    assert qr.read(code_on(pdf, scale=16)) == SLIPS[0][1]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text_on_one_page(text: str) -> None:
    pdf = slip_sheet_pdf(sheet(unit=text * 20, campaign=text * 20, slips=SLIPS[:24]))
    assert all(code in page_text(pdf) for code, _link in SLIPS[:24])


def test_no_slip_too_many_and_a_link_that_is_none_are_refused() -> None:
    for slips in ([], SLIPS * (MOST_SLIPS // 25 + 1), [("x", "javascript:alert(1)")]):
        with pytest.raises(QuetsachError):
            slip_sheet_pdf(sheet(slips=slips))
