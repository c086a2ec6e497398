"""A page of a PDF: its words in order and upright, links and attachments in their place."""

import pytest

from quetsach.readers.pdf import PdfReader
from quetsach.readers.read import read_paper
from tests.readers.pdf_bytes import one_page, text_at
from tests.readers.samples import only, pdf, read, texts


def test_justified_text_without_blanks_in_the_file_is_not_torn() -> None:
    # As TeX writes it: words put in their places, with no sign for the blank between them.
    content = b"BT /F 12 Tf 50 700 Td [(Thuc)-550(hien)-550(Cong)-550(van)-550(cua)-550(So)] TJ ET"
    assert texts(read(PdfReader(read_paper), one_page(content), "x.pdf")) == [
        "Thuc hien Cong van cua So"
    ]


def test_link_targets_stay_with_their_line_or_row() -> None:
    raw = pdf(
        'Xem #link("https://host.example/a?b=1")[tại đây].\n'
        '#table(columns: 2, [1], [#link("https://other.example/")[đây nữa]])'
    )
    paper = read(PdfReader(read_paper), raw, "x.pdf")
    assert only(paper, "tại đây").links == ("https://host.example/a?b=1",)
    assert only(paper, "đây nữa").links == ("https://other.example/",)


def test_text_hyphenated_at_the_end_of_a_line_keeps_its_hyphen() -> None:
    raw = one_page(text_at(50, 700, "bad-") + text_at(50, 685, "site.example"))
    assert texts(read(PdfReader(read_paper), raw, "x.pdf")) == ["bad-", "site.example"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_upright(turn: int) -> None:
    place = {
        0: "1 0 0 1 50 700",
        90: "0 1 -1 0 100 50",
        180: "-1 0 0 -1 550 100",
        270: "0 -1 1 0 500 750",
    }[turn]
    content = f"BT /F 12 Tf {place} Tm (dong mot) Tj 0 -20 Td (dong hai) Tj ET".encode()
    paper = read(PdfReader(read_paper), one_page(content, page=b"/Rotate %d" % turn), "x.pdf")
    assert texts(paper) == ["dong mot", "dong hai"]
