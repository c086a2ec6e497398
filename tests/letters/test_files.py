"""Letters as files: Word, PDF and mail in the true layout read as their text does."""

import io
import shutil
import subprocess
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

import docx
import pytest
import typst

from quetsach.letters.model import ReadLetter
from quetsach.letters.read import read_letter
from quetsach.readers.read import read_paper
from tests.letters.test_read import DISTRICT, values
from tests.letters.texts import codes, letter_of, sample

TABLE_HEAD = "TT\tNội dung\tSố lượng\tGhi chú"
HEAD = (
    (
        "ỦY BAN NHÂN DÂN\nHUYỆN SAO MAI",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
    ),
    (
        "Số: /UBND-TH\nV/v triển khai chiến dịch rà\nquét xử lý mã độc năm 2022",
        "Sao Mai, ngày tháng 9 năm 2022",
    ),
)
FOOT = (
    "Nơi nhận:\n- Như trên;\n- CT, các PCT UBND huyện;\n- Phòng VH&TT;\n- LĐVP;\n- Lưu: VT.",
    "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\n\n\nTrần Thị Minh",
)
PLAIN = DISTRICT.replace("*", "")
BODY = [
    line for line in PLAIN[PLAIN.index("Kính gửi") : PLAIN.index("Nơi nhận")].split("\n") if line
]
APPENDIX = [
    line for line in PLAIN[PLAIN.index("Phụ lục\n") : PLAIN.index(TABLE_HEAD)].split("\n") if line
]
ROWS = [line.split("\t") for line in PLAIN[PLAIN.index(TABLE_HEAD) :].split("\n") if line]


def as_word() -> bytes:
    """Return the district's letter as its clerk writes it: head and foot are tables."""
    document = docx.Document()
    head = document.add_table(len(HEAD), 2)
    for row, texts in zip(head.rows, HEAD, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for line in BODY:
        document.add_paragraph(line)
    foot = document.add_table(1, 2)
    for cell, text in zip(foot.rows[0].cells, FOOT, strict=True):
        cell.text = text
    document.add_page_break()
    for line in APPENDIX:
        document.add_paragraph(line)
    grid = document.add_table(len(ROWS), len(ROWS[0]))
    for row, texts in zip(grid.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _typst(text: str) -> str:
    """Return `text` as a string of Typst."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return " #linebreak() ".join(f'#text("{line}")' for line in escaped.split("\n"))


def as_pdf() -> bytes:
    """Return the district's letter as a page: two columns above and below, lines that wrap."""
    cells = [f"[{_typst(cell)}]" for row in HEAD for cell in row]
    rows = [f"[{_typst(cell)}]" for row in ROWS for cell in row]
    parts = [
        '#set page(paper: "a4", margin: (left: 30mm, rest: 20mm))',
        "#set text(size: 13pt)",
        f"#grid(columns: (1fr, 1.6fr), row-gutter: 8pt, {', '.join(cells)})",
        *(f"{_typst(line)}\n" for line in BODY),
        f"#grid(columns: (1fr, 1fr), {', '.join(f'[{_typst(cell)}]' for cell in FOOT)})",
        "#pagebreak()",
        *(f"{_typst(line)}\n" for line in APPENDIX),
        f"#table(columns: (1fr, 6fr, 2fr, 2fr), {', '.join(rows)})",
    ]
    return typst.compile("\n\n".join(parts).encode(), ignore_system_fonts=True)


def as_mail() -> bytes:
    """Return a mail that says little and carries the letter."""
    mail = EmailMessage()
    mail["From"] = "vanthu@co-quan.example"
    mail["To"] = "xa@co-quan.example"
    mail["Subject"] = "Gửi công văn"
    mail.set_content("Kính gửi anh chị, em gửi kèm công văn của huyện ạ.\n")
    mail.add_attachment(
        as_word(), maintype="application", subtype="octet-stream", filename="cv.docx"
    )
    return mail.as_bytes()


def read(raw: bytes, name: str) -> ReadLetter:
    return read_letter(read_paper(raw, name))


def form_of(letter: ReadLetter) -> tuple[object, ...]:
    (one,) = letter.appendices
    (table,) = one.tables
    return (
        one.title.value,
        one.sections,
        [field.label for field in one.fields],
        table.columns,
        [(row.number, row.label, row.counts) for row in table.rows],
        one.is_form,
    )


@pytest.mark.parametrize(
    ("raw", "name"),
    [(as_word, "cv.docx"), (as_pdf, "cv.pdf"), (as_mail, "cv.eml")],
    ids=["word", "pdf", "mail"],
)
def test_a_letter_says_the_same_in_every_kind_of_file(raw: object, name: str) -> None:
    assert callable(raw)
    letter = read(raw(), name)
    text = letter_of(PLAIN)
    for ours, theirs in zip(values(letter), values(text), strict=True):
        assert ours == theirs
    assert form_of(letter) == form_of(text)
    assert letter.complete


@pytest.mark.skipif(
    shutil.which("tesseract") is None or shutil.which("pdftoppm") is None,
    reason="NOT TESTED: no tesseract or no pdftoppm here",
)
def test_a_scan_is_marked_and_says_the_same_but_for_single_letters(tmp_path: Path) -> None:
    (tmp_path / "cv.pdf").write_bytes(as_pdf())
    subprocess.run(
        ["pdftoppm", "-r", "200", "-png", "-l", "1", "cv.pdf", "scan"], cwd=tmp_path, check=True
    )
    (scan,) = tmp_path.glob("scan*.png")
    letter = read(scan.read_bytes(), scan.name)
    assert letter.by_ocr
    assert codes(letter)[0] == "ocr"
    assert (letter.number.value, letter.date.value, letter.date.partial) == (None, None, "2022-09")
    assert letter.due.value == "2022-09-28T23:59:59+07:00"
    assert [one.number for one in letter.tasks] == ["1", "2", "3"]
    assert [(one.number.value, one.date.value) for one in letter.basis] == [("1790", "2022-09-09")]
    assert letter.signer.capacity.value == "KT"


def test_values_of_a_pdf_name_their_page() -> None:
    letter = read(as_pdf(), "cv.pdf")
    assert letter.code.source is not None
    assert letter.code.source.place.page == 1
    assert letter.appendices[0].source.place.page == 2


def test_a_letter_in_a_mail_names_its_attachment() -> None:
    letter = read(as_mail(), "cv.eml")
    assert letter.code.source is not None
    assert "cv.docx" in letter.code.source.place.part


@pytest.mark.parametrize("name", ["party-letter", "plan-with-phases", "signed-by-order"])
def test_other_letters_read_the_same_as_word_files(name: str) -> None:
    document = docx.Document()
    for line in sample(name).split("\n"):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    assert values(read(out.getvalue(), f"{name}.docx")) == values(letter_of(sample(name)))


def test_places_of_a_letter_follow_its_text() -> None:
    letter = read(as_word(), "cv.docx")
    lines = [one.source.place.line for one in letter.tasks]
    assert all(one is not None for one in lines)
    assert all(first < second for first, second in pairwise(line for line in lines if line))
