"""Pages that are pictures are read by the real Tesseract, and marked; or named where it lacks."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm
from PIL import Image

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.formats.paper import paper_rows
from quetsach.indicators.options import ListOptions
from quetsach.readers.contract import ReadDocument, ReadLimits
from quetsach.readers.layout import PlacedWord
from quetsach.readers.pdf import PdfReader
from quetsach.readers.pictures import CannotReadError, OcrReader, PictureReader, tesseract
from quetsach.readers.read import read_paper
from quetsach.readers.word import WordReader
from quetsach.readers.workbook import WorkbookReader
from tests.readers.samples import codes, pdf, png, read, saved, texts, unzipped, workbook, zipped

LETTER = (
    "Kính gửi: Ủy ban nhân dân các xã\n\nĐịa chỉ độc hại: 203.0.113.77\n\nTên miền: bad.example.com"
)


def _missing() -> str:
    try:
        tesseract()
    except CannotReadError as why:
        return str(why)
    return ""


needs_ocr = pytest.mark.skipif(bool(_missing()), reason=f"NOT TESTED: {_missing()}")


def scanned(body: str = LETTER) -> bytes:
    """Return a PDF whose one page is a picture of `body`."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png(body))).convert("L").save(out, "PDF", resolution=200)
    return out.getvalue()


def said(paper: ReadDocument) -> str:
    return "\n".join(texts(paper))


@needs_ocr
def test_a_scanned_page_is_read_and_marked() -> None:
    paper = read(PdfReader(read_paper), scanned(), "quét.pdf")
    assert "203.0.113.77" in said(paper)
    assert "bad.example.com" in said(paper)
    assert "Kính gửi: Ủy ban nhân dân" in said(paper)
    assert all(block.by_ocr for block in paper.blocks)
    assert (paper.by_ocr, codes(paper), paper.blocks[0].place.page) == (True, [], 1)


@needs_ocr
def test_a_scanned_table_without_rules_is_read_in_rows() -> None:
    table = "#table(columns: (2cm, 6cm, 5cm), stroke: none, [STT], [Tên miền], [Địa chỉ], "
    table += "[1], [bad.example], [203.0.113.1], [2], [kém.example], [203.0.113.2])"
    paper = read(PdfReader(read_paper), scanned(table), "quét.pdf")
    found = [block.cells for block in paper.blocks if block.cells]
    assert ("1", "bad.example", "203.0.113.1") in found


@needs_ocr
def test_a_picture_of_a_letter_is_read_and_marked() -> None:
    paper = read(PictureReader(), png(LETTER), "ảnh.png")
    assert "203.0.113.77" in said(paper)
    assert paper.by_ocr


@needs_ocr
def test_pages_beyond_the_allowed_number_are_named() -> None:
    paper = read(PdfReader(read_paper), scanned(), "quét.pdf", ReadLimits(ocr_pages=0))
    assert (paper.blocks, codes(paper)) == ((), ["E418"])
    assert "1" in paper.problems[0].where


@needs_ocr
def test_what_is_no_picture_is_refused_with_the_reason() -> None:
    with pytest.raises(CannotReadError):
        OcrReader(5, 30.0).words(b"\x89PNG\r\n\x1a\n no picture")


@needs_ocr
def test_a_list_that_was_pasted_as_a_picture_is_read_beside_the_text() -> None:
    for mode in ("L", "RGB", "1"):
        picture = io.BytesIO()
        Image.open(io.BytesIO(png("Địa chỉ: 198.51.100.77"))).convert(mode).save(picture, "PNG")
        paper = read(PdfReader(read_paper), pasted(picture.getvalue()), "dán.pdf")
        by_ocr = [block.text for block in paper.blocks if block.by_ocr]
        assert any("198.51.100.77" in text for text in by_ocr), mode
        assert any("203.0.113.77" in block.text for block in paper.blocks if not block.by_ocr)
        assert codes(paper) == []


@needs_ocr
def test_a_picture_pasted_into_an_office_document_is_a_part_of_it() -> None:
    picture = png("Địa chỉ: 198.51.100.77 " * 9)
    assert len(picture) > 30_000
    document = Document()
    document.add_paragraph("Kính gửi")
    document.add_picture(io.BytesIO(picture), width=Mm(160))
    paper = read(WordReader(read_paper), saved(document), "dán.docx")
    (part,) = {block.place.part for block in paper.blocks if block.by_ocr}
    assert part.endswith(".png")
    assert "198.51.100.77" in said(paper)
    book = workbook({"S": [["x"]]})
    book = zipped({**unzipped(book), "xl/media/image1.png": picture})
    assert "198.51.100.77" in said(read(WorkbookReader(read_paper), book, "dán.xlsx"))


def pasted(picture: bytes) -> bytes:
    return pdf(f"{LETTER * 10}\n#image(bytes(({','.join(map(str, picture))})), width: 100%)")


def test_a_page_of_text_is_not_read_by_ocr() -> None:
    paper = read(PdfReader(read_paper), pdf(LETTER), "chữ.pdf")
    assert not paper.by_ocr
    assert "203.0.113.77" in said(paper)


def test_without_tesseract_the_page_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    tesseract.cache_clear()
    try:
        paper = read(PdfReader(read_paper), scanned(), "quét.pdf")
        with pytest.raises(QuetsachError) as raised:
            read(PictureReader(), png(LETTER), "ảnh.png")
    finally:
        tesseract.cache_clear()
    assert codes(paper) == ["E418"]
    assert "tesseract-ocr-vie" in paper.problems[0].todo()
    assert raised.value.problem.code == "E418"


def test_without_vietnamese_data_the_page_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho 'List of available languages (1):'\necho eng\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    tesseract.cache_clear()
    try:
        paper = read(PdfReader(read_paper), scanned(), "quét.pdf")
    finally:
        tesseract.cache_clear()
    assert codes(paper) == ["E418"]
    assert "vie" in str(paper.problems[0].facts["reason"])


# Fonts that typst brings itself, so that every machine sets the same page.
FONTS = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
ADDRESSES = ("203.0.113.1", "198.51.100.77", "192.0.2.211", "203.0.113.45:8080", "bad.example")


@needs_ocr
def test_two_passes_read_each_page_and_only_what_both_saw_is_taken() -> None:
    cells = [f'[#text(font: "{font}")[{value}]]' for value in ADDRESSES for font in FONTS]
    picture = png(f"#grid(columns: (1fr, 1fr, 1fr), row-gutter: 14pt, {', '.join(cells)})", 150.0)
    paper = read(PictureReader(), picture, "ảnh.png")
    assert paper.again
    assert all(block.by_ocr and block.place.page == 1 for block in paper.again)
    rows = list(paper_rows(paper, ListOptions()))
    assert {row.value for row in rows if row.refused is None} <= set(ADDRESSES)
    assert {row.value for row in rows if row.refused is None} >= {"198.51.100.77", "192.0.2.211"}
    assert all(row.refused for row in paper_rows(replace(paper, again=()), ListOptions()))


@needs_ocr
def test_a_second_pass_that_has_no_time_left_takes_nothing_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def late(_self: OcrReader, _picture: bytes) -> list[PlacedWord]:
        raise CannotReadError("late")

    monkeypatch.setattr(OcrReader, "words_again", late)
    paper = read(PictureReader(), png("203.0.113.77"), "ảnh.png")
    assert ("203.0.113.77" in said(paper), paper.again, codes(paper)) == (True, (), [])
