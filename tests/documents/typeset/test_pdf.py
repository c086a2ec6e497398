"""The PDF: archivable, same bytes, inside its margins, and the same text as the Word document."""

import re
import unicodedata
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.letterhead import Letterhead, letterhead_of
from quetsach.documents.typeset.pdf import write_pdf
from quetsach.documents.typeset.typst import BUILT_IN, Face, find_face
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import CountUnit as UnitType
from quetsach.forms.definition import Label, TableCount
from quetsach.forms.values import FigureGrade, FilledForm, TextValue
from tests.oracles.layout.check import check_layout

HOSTILE = "A & B <x> #C $d$ \\e *f* _g_ @h `i` #panic() // j /* k"
BREAK = "\u200b"


def proposals(text: str) -> FilledForm:
    return FilledForm({"proposals": TextValue(text, FigureGrade.DECLARED)})


def squeezed(text: str) -> str:
    return re.sub(rf"[\s{BREAK}]", "", unicodedata.normalize("NFC", text))


def without_number(number: int, page: str) -> str:
    if number == 1:
        return page
    assert page.startswith(f"{number}\r\n")
    return page.removeprefix(f"{number}\r\n")


def word_text(data: bytes) -> list[str]:
    body = Document(BytesIO(data)).element.body
    return ["".join(t.text or "" for t in p.iter("{*}t")) for p in body.iter("{*}p")]


def test_word_and_pdf_say_the_same(form, filling, head, word, pdf, pages) -> None:
    for each in (filling, FilledForm(), proposals(HOSTILE), proposals("dài lắm " * 500)):
        printed = enumerate(pages(pdf(form, each, head)), 1)
        told = "".join(without_number(number, page) for number, page in printed)
        assert squeezed(told) == squeezed("".join(word_text(word(form, each, head))))


def test_the_same_report_has_the_same_bytes(form, filling, head, pdf) -> None:
    assert pdf(form, filling, head) == pdf(form, filling, head)


def test_the_file_is_pdf_a_2b_with_title_and_language(form, filling, head, pdf) -> None:
    data = pdf(form, filling, head)
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>B<", data)
    with pypdfium2.PdfDocument(data) as document:
        facts = document.get_metadata_dict()
    assert facts["Title"].startswith("BÁO CÁO: Thống kê, báo cáo kết quả")
    assert facts["CreationDate"] == "D:20220928020000Z"
    assert b"/Lang" in data


def test_pages_are_numbered_from_the_second_on(form, head, pdf, pages) -> None:
    told = pages(pdf(form, proposals("dài lắm " * 1500), head))
    assert len(told) >= 3
    assert told[0].startswith("ỦY BAN NHÂN DÂN")
    assert [page.split("\r\n")[0] for page in told[1:]] == [str(n) for n in range(2, len(told) + 1)]


def test_a_long_table_repeats_its_head_on_each_page(form, head, word, pdf, pages) -> None:
    general, figures = form.sections
    rows = tuple(
        TableCount(f"row{n}", Label(f"Đơn vị thứ {n}", f"Unit {n}"), UnitType.MACHINES)
        for n in range(1, 121)
    )
    long = replace(
        form, sections=(general, replace(figures, table=replace(figures.table, rows=rows)))
    )
    told = pages(pdf(long, FilledForm(), head))
    assert len(told) >= 3
    assert all("TT Nội dung Số lượng Ghi chú" in page for page in told if "Đơn vị thứ" in page)
    assert [n for n in range(1, 121) if f"Đơn vị thứ {n} " not in "".join(told)] == []
    assert failed_rules(word(long, FilledForm(), head)) == []


def failed_rules(data: bytes) -> list[str]:
    return [checked.rule for checked in check_layout(BytesIO(data)) if not checked.ok]


def boxes(data: bytes) -> list[tuple[float, float, float, float]]:
    """Return left, bottom, right and top of all that is printed."""
    with pypdfium2.PdfDocument(data) as document:
        found = []
        for page in document:
            text = page.get_textpage()
            for at, char in enumerate(text.get_text_range()):
                if char not in f" \r\n{BREAK}":
                    found.append(text.get_charbox(at))
        return found


@pytest.mark.parametrize("text", ["x" * 4000, "w" * 60 + " " + "dài " * 1000, "a.b." * 1000])
@pytest.mark.parametrize("face", [find_face(), Face(BUILT_IN)], ids=["found", "built-in"])
def test_no_text_leaves_the_margins(form, created, face, text) -> None:
    for filling, head in ((proposals(text), Letterhead()), (FilledForm(), letterhead_of(text))):
        out = BytesIO()
        write_pdf(form, filling, head, out, created=created, face=face)
        left, bottom, right, top = zip(*boxes(out.getvalue()), strict=True)
        assert min(left) >= decree.points(decree.LEFT_MM) - 1
        assert max(right) <= decree.points(decree.PAGE_MM[0] - decree.RIGHT_MM) + 1
        assert min(bottom) >= decree.points(decree.BOTTOM_MM) - 1
        # The page's number stands in the top margin.
        assert max(top) <= decree.points(decree.PAGE_MM[1]) - 20


def test_user_text_is_never_code(form, pdf, pages) -> None:
    told = pages(pdf(form, proposals(HOSTILE), letterhead_of(HOSTILE)))
    assert HOSTILE in told[0].replace(BREAK, "").replace(" \r\n", " ")
    assert squeezed(HOSTILE.upper()) in squeezed(told[0])


def test_a_typeface_that_is_not_there_is_an_error(form, filling, head, created) -> None:
    with pytest.raises(QuetsachError) as caught:
        write_pdf(form, filling, head, BytesIO(), created=created, face=Face("No Such Serif"))
    assert caught.value.problem.code == "E405"


def test_a_failure_leaves_no_file(form, filling, head, created, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pytest.raises(QuetsachError):
        write_pdf(form, filling, head, path, created=created, face=Face("No Such Serif"))
    assert not path.exists()


def test_a_path_and_a_stream_get_the_same_bytes(
    form, filling, head, pdf, created, tmp_path: Path
) -> None:
    path = tmp_path / "báo cáo.pdf"
    write_pdf(form, filling, head, path, created=created)
    assert path.read_bytes() == pdf(form, filling, head)
