"""Letters: values of annexes with their place; the letter's own pages and offices are none."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.formats.contract import ListFile, ListRow
from quetsach.indicators.formats.paper import DocumentList, letter_of, paper_rows, place_text
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import list_problems, read_lists
from quetsach.readers.contract import BlockKind, BlockPlace, DocumentBlock, ReadDocument
from quetsach.texts import use_language

OPTIONS = ListOptions()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("vi")


def _line(text: str, line: int, kind: BlockKind = BlockKind.PARAGRAPH) -> DocumentBlock:
    return DocumentBlock(kind, text, BlockPlace(page=1, line=line))


def _row(
    row: int, *cells: str, page: int = 2, table: int = 1, by_ocr: bool = False
) -> DocumentBlock:
    place = BlockPlace(page=page, table=table, row=row)
    return DocumentBlock(BlockKind.ROW, "\t".join(cells), place, cells, by_ocr=by_ocr)


LETTER = (
    _line("Trang 1 - https://so.example/van-ban", 1, BlockKind.HEADER),
    _line("Số: 1790 /STTTT-BCVTCNTT", 2),
    _line("Đề nghị các đơn vị truy cập https://chiendich.example/tai để tải công cụ;", 3),
    _line("liên hệ an@so.example, trang tin www.so.example.", 4),
    _line("https://chiendich.example/tai", 5),
    _line("Máy chủ độc hại evil-site.com và 203.0.113.77 cần chặn; riêng c2[.]example đã tắt.", 6),
    _line("PHỤ LỤC", 7),
    _row(1, "STT", "Tên miền", "Địa chỉ IP", "Cổng", "Mã độc"),
    _row(2, "1", "bad[.]\nexample", "203.0.113.5", "443", "Mozi"),
    _row(1, "2", "giả.example", "198.51.100.0/24", "", "Mozi", page=3),
    _line("1. danh-sach.example", 8),
)


def _rows(*blocks: DocumentBlock, sender: str = "") -> list[ListRow]:
    return list(paper_rows(ReadDocument("cv.pdf", "00", "pdf", blocks, sender), OPTIONS))


def test_each_value_of_a_letter_is_taken_or_refused_for_what_it_is() -> None:
    assert [(row.value, row.refused) for row in _rows(*LETTER)] == [
        ("https://so.example/van-ban", "sender"),
        ("https://chiendich.example/tai", "reference"),
        ("an@so.example", "mail-address"),
        ("www.so.example", "sender"),
        ("https://chiendich.example/tai", "reference"),
        ("evil-site.com", "unclear"),
        ("203.0.113.77", "unclear"),
        ("c2.example", None),
        ("bad.example", None),
        ("203.0.113.5", None),
        ("giả.example", None),
        ("198.51.100.0/24", None),
        ("danh-sach.example", None),
    ]


def test_every_row_says_where_it_stands_and_in_which_letter() -> None:
    rows = _rows(*LETTER)
    assert {row.letter for row in rows} == {"1790/STTTT-BCVTCNTT"}
    places = {row.value: (row.place, row.number) for row in rows}
    assert places["c2.example"] == ("page 1, line 6", 6)
    assert places["bad.example"] == ("page 2, table 1, row 2", 2)
    assert places["giả.example"] == ("page 3, table 1, row 1", 1)
    assert [(row.port, row.claim.family) for row in rows if row.value == "203.0.113.5"] == [
        (443, "Mozi")
    ]


def test_a_place_is_put_in_words_in_both_languages() -> None:
    place = BlockPlace(part="ds.xlsx", sheet="C2", table=1, row=4)
    assert place_text(place, by_ocr=True) == "ds.xlsx, sheet C2, table 1, row 4, read by OCR"
    use_language("vi")
    assert place_text(BlockPlace(page=3, line=2)) == "trang 3, dòng 2"
    assert place_text(BlockPlace(page=3, table=1, row=2)) == "trang 3, bảng 1, hàng 2"
    assert place_text(place, by_ocr=True).endswith("nhận dạng bằng OCR")


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("Số: 1790/STTTT-BCVTCNTT", "1790/STTTT-BCVTCNTT"),
        ("Số : 30 / QĐ-UBND  ngày 1/9", "30/QĐ-UBND"),
        ("Số: /UBND-TH", ""),
        ("Số: 12/2022", ""),
        ("Căn cứ Công văn số 5/UBND-TH", ""),
    ],
)
def test_the_number_of_the_letter_is_read_and_never_invented(text: str, letter: str) -> None:
    assert letter_of(ReadDocument("a", "", "docx", (_line(text, 1),))) == letter


def test_the_domain_a_mail_came_from_is_the_senders() -> None:
    rows = _rows(_line("- tin.so.example", 1), _line("- evil.example", 2), sender="an@so.example")
    assert [(row.value, row.refused) for row in rows] == [
        ("tin.so.example", "sender"), ("evil.example", None),
    ]  # fmt: skip


def _word(rows: list[tuple[str, ...]]) -> bytes:
    document = docx.Document()
    document.add_paragraph("Số: 7/STTTT-CNTT")
    document.add_paragraph("Đề nghị truy cập https://chiendich.example/tai để tải công cụ.")
    table = document.add_table(0, len(rows[0]))
    for cells in rows:
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


TABLE = [("STT", "Tên miền", "Cổng"), ("1", "bad[.]example", "443"), ("2", "203.0.113.7", "8080")]


def test_a_word_file_is_a_list(tmp_path: Path) -> None:
    (tmp_path / "cv.docx").write_bytes(_word(TABLE))
    found = read_lists([tmp_path / "cv.docx"], OPTIONS)
    assert [one.key for one in found.indicators] == ["203.0.113.7:8080", "bad.example"]
    (origin,) = found.indicators[1].origins
    assert (origin.place, origin.letter) == ("table 1, row 2", "7/STTTT-CNTT")
    assert re.fullmatch(r"[0-9a-f]{64}", origin.list_sha256)
    (reading,) = found.readings
    assert (reading.form, reading.rows, reading.taken) == ("document", 3, 2)


def test_an_excel_file_is_a_list_and_its_sheets_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "C2"
    for cells in TABLE:
        book.active.append(cells)
    book.save(tmp_path / "ds.xlsx")
    found = read_lists([tmp_path / "ds.xlsx"], OPTIONS)
    assert [one.key for one in found.indicators] == ["203.0.113.7:8080", "bad.example"]
    assert "C2" in found.indicators[1].origins[0].place


def test_a_broken_document_is_named_and_breaks_no_folder(tmp_path: Path) -> None:
    raw = _word(TABLE)
    (tmp_path / "hong.docx").write_bytes(raw[: len(raw) // 2])
    (tmp_path / "ds.txt").write_text("bad.example\n")
    found = read_lists([tmp_path], OPTIONS)
    assert [one.key for one in found.indicators] == ["bad.example"]
    assert [one.code for one in list_problems(found)] == ["E411"]
    with pytest.raises(QuetsachError, match=r"E411 hong\.docx"):
        read_lists([tmp_path / "hong.docx"], OPTIONS)


def test_text_is_no_document() -> None:
    assert DocumentList().read(ListFile("a.txt", "", b"bad.example\n", ".txt")) is None
