"""An address on paper is never broken across lines where it fits on one."""

from dataclasses import replace

import pypdfium2
import pytest

from quetsach.documents.letters.files import letter_files
from tests.documents.letters import passage, usual

LINK = "https://khonggianmang.example/chien-dich-ma-doc/2022/cong-cu"


def lines_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[0].get_textpage().get_text_bounded().splitlines()


@pytest.mark.parametrize("words", range(12))
def test_an_address_stays_on_one_line_wherever_it_begins(words: int) -> None:
    letter = usual()
    body = (passage(f"{'thông tin ' * words}tại {LINK}. Hết."),)
    written = letter_files(replace(letter, text=replace(letter.text, body=body)))
    assert any(LINK in line.replace("\u200b", "") for line in lines_of(written.pdf))


def test_one_that_is_longer_than_a_line_still_breaks() -> None:
    letter = usual()
    long = f"{LINK}/{'rat-dai/' * 20}"
    written = letter_files(
        replace(letter, text=replace(letter.text, body=(passage(f"tại {long} hết"),)))
    )
    close = "".join(lines_of(written.pdf)).replace("\u200b", "").replace(" ", "")
    assert long in close.replace("\ufffe", "")
