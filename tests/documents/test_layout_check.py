"""Our report keeps each rule, and a copy that breaks one fails exactly that one."""

from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.forms.values import FilledForm
from tests.oracles.layout.check import check_layout
from tests.oracles.layout.report import REPORT_RULES
from tests.oracles.layout.rules import RULES
from tests.oracles.layout.word_reading import NotWordError


def cell(document: Any, row: int, column: int) -> Any:
    return document.tables[0].rows[row].cells[column]


def text_paragraph(document: Any) -> Any:
    """Return the paragraph with the name of the unit."""
    return next(p for p in document.paragraphs if p.text.startswith("- Tên đơn vị"))


def resize(paragraph: Any, size: float) -> None:
    for run in paragraph.runs:
        run.font.size = Pt(size)


def rule_of(container: Any) -> Any:
    return next(p for p in container.paragraphs if p._p.pPr.find(qn("w:pBdr")) is not None)


def lengthen(paragraph: Any) -> None:
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(1)


def page_size(document: Any) -> None:
    document.sections[0].page_height = Mm(279.4)


def margins(document: Any) -> None:
    document.sections[0].top_margin = Mm(15)


def typeface(document: Any) -> None:
    text_paragraph(document).runs[0]._r.rPr.rFonts.set(qn("w:eastAsia"), "SimSun")


def black(document: Any) -> None:
    text_paragraph(document).runs[0].font.color.rgb = RGBColor(0, 0, 255)


def nation(document: Any) -> None:
    resize(cell(document, 0, 1).paragraphs[0], 11)


def motto(document: Any) -> None:
    cell(document, 0, 1).paragraphs[1].runs[0].italic = True


def nation_on_one_line(document: Any) -> None:
    run = cell(document, 0, 1).paragraphs[0].runs[0]
    run.text = run.text.replace(" VIỆT", "\nVIỆT")


def motto_rule(document: Any) -> None:
    lengthen(rule_of(cell(document, 0, 1)))


def issuing_body(document: Any) -> None:
    cell(document, 0, 0).paragraphs[-2].runs[0].text = "Phòng Nội vụ huyện"


def parent_body(document: Any) -> None:
    cell(document, 0, 0).paragraphs[0].runs[0].italic = True


def issuing_body_rule(document: Any) -> None:
    drawn = rule_of(cell(document, 0, 0))
    drawn._p.getparent().remove(drawn._p)


def number(document: Any) -> None:
    cell(document, 1, 0).paragraphs[0].runs[0].text = "Số: 5 / BC - PNV"


def place_and_day(document: Any) -> None:
    cell(document, 1, 1).paragraphs[0].runs[0].text = "Trà Cú, ngày 5 tháng 1 năm 2022"


def kind(document: Any) -> None:
    document.paragraphs[0].runs[0].text = "Báo cáo"


def subject(document: Any) -> None:
    document.paragraphs[1].runs[0].bold = False


def subject_rule(document: Any) -> None:
    lengthen(rule_of(document))


def addressed(document: Any) -> None:
    next(p for p in document.paragraphs if p.text.startswith("Kính gửi")).runs[0].bold = True


def text_size(document: Any) -> None:
    resize(text_paragraph(document), 12)


def justified(document: Any) -> None:
    text_paragraph(document).alignment = 0


def first_line(document: Any) -> None:
    text_paragraph(document).paragraph_format.first_line_indent = Mm(5)


def paragraph_gap(document: Any) -> None:
    text_paragraph(document).paragraph_format.space_before = Pt(3)


def line_spacing(document: Any) -> None:
    text_paragraph(document).paragraph_format.line_spacing = 2.0


def ending(document: Any) -> None:
    closing = next(p for p in document.paragraphs if p.text.endswith("./."))
    closing.runs[0].text = closing.text.removesuffix("./.")


def recipients(document: Any) -> None:
    resize(document.tables[-1].rows[0].cells[0].paragraphs[1], 12)


def signer_post(document: Any) -> None:
    document.tables[-1].rows[0].cells[1].paragraphs[0].runs[0].text = "Thủ trưởng đơn vị"


def signer_name(document: Any) -> None:
    document.tables[-1].rows[0].cells[1].paragraphs[-1].runs[0].bold = False


def page_number(document: Any) -> None:
    document.sections[0].header.paragraphs[0].alignment = 2


def page_number_not_on_page_1(document: Any) -> None:
    document.sections[0].different_first_page_header_footer = False


def table_head(document: Any) -> None:
    properties = document.tables[1].rows[0]._tr.trPr
    properties.remove(properties.find(qn("w:tblHeader")))


def table_rows_whole(document: Any) -> None:
    properties = document.tables[1].rows[2]._tr.trPr
    properties.remove(properties.find(qn("w:cantSplit")))


def table_size(document: Any) -> None:
    resize(document.tables[1].rows[1].cells[1].paragraphs[0], 10)


def no_blank_paragraph(document: Any) -> None:
    blank = deepcopy(text_paragraph(document)._p)
    for run in blank.findall(qn("w:r")):
        blank.remove(run)
    text_paragraph(document)._p.addnext(blank)


def no_typed_rule(document: Any) -> None:
    text_paragraph(document).runs[0].text = "- Tên đơn vị: ________"


BREAKS: dict[str, Callable[[Any], None]] = {
    breaks.__name__.replace("_", "-"): breaks
    for breaks in (
        page_size,
        margins,
        typeface,
        black,
        nation,
        motto,
        nation_on_one_line,
        motto_rule,
        issuing_body,
        parent_body,
        issuing_body_rule,
        number,
        place_and_day,
        kind,
        subject,
        subject_rule,
        addressed,
        text_size,
        justified,
        first_line,
        paragraph_gap,
        line_spacing,
        ending,
        recipients,
        signer_post,
        signer_name,
        page_number,
        page_number_not_on_page_1,
        table_head,
        table_rows_whole,
        table_size,
        no_blank_paragraph,
        no_typed_rule,
    )
}


@pytest.fixture
def report(form, filling, word) -> bytes:
    head = Letterhead(unit="Phòng Nội vụ", parent="Ủy ban nhân dân huyện Trà Cú")
    return word(form, filling, head)


def failed(document: Any) -> list[str]:
    out = BytesIO()
    document.save(out)
    out.seek(0)
    return [checked.rule for checked in check_layout(out) if not checked.ok]


def test_our_report_keeps_every_rule(report, form, word, filling, head) -> None:
    for data in (report, word(form, FilledForm(), Letterhead()), word(form, filling, head)):
        checked = check_layout(BytesIO(data))
        assert [each for each in checked if not each.ok] == []
        assert [each.rule for each in checked] == ["structure", *(name for name, _ in REPORT_RULES)]


def test_every_rule_has_a_copy_that_breaks_it() -> None:
    assert list(BREAKS) == [name for name, _ in RULES]


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_copy_fails_exactly_its_rule(report: bytes, rule: str) -> None:
    document = Document(BytesIO(report))
    BREAKS[rule](document)
    assert failed(document) == [rule]


def test_a_motto_underlined_by_the_font_is_no_rule(report: bytes) -> None:
    document = Document(BytesIO(report))
    drawn = rule_of(cell(document, 0, 1))
    drawn._p.getparent().remove(drawn._p)
    cell(document, 0, 1).paragraphs[1].runs[0].underline = True
    assert failed(document) == ["motto-rule", "no-typed-rule"]


def test_a_document_of_another_kind_fails_its_structure(report: bytes) -> None:
    assert failed(Document()) == ["structure"]
    document = Document(BytesIO(report))
    head = document.tables[0]._tbl
    head.getparent().remove(head)
    assert failed(document) == ["structure"]


def test_an_emptied_head_fails_its_rules_and_crashes_none(report: bytes) -> None:
    document = Document(BytesIO(report))
    for row in document.tables[0].rows:
        for each in row.cells:
            for paragraph in each.paragraphs[1:]:
                paragraph._p.getparent().remove(paragraph._p)
            each.paragraphs[0].clear()
    for paragraph in document.tables[-1].rows[0].cells[0].paragraphs:
        paragraph.clear()
    assert {"nation", "motto", "motto-rule", "issuing-body", "number", "recipients"} <= set(
        failed(document)
    )


@pytest.mark.parametrize("data", [b"", b"PK\3\4 no zip", b"%PDF-1.7"])
def test_what_is_no_word_document_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    with pytest.raises(NotWordError):
        check_layout(path)


def test_a_word_file_with_broken_xml_is_refused(report: bytes) -> None:
    broken = BytesIO()
    with ZipFile(BytesIO(report)) as whole, ZipFile(broken, "w") as out:
        for name in whole.namelist():
            out.writestr(name, whole.read(name)[: None if "Types" in name else 200])
    broken.seek(0)
    with pytest.raises(NotWordError):
        check_layout(broken)


def test_a_field_that_is_not_the_page_number_is_seen(report: bytes) -> None:
    document = Document(BytesIO(report))
    field = next(document.sections[0].header._element.iter(qn("w:instrText")))
    field.text = " DATE "
    field.addnext(OxmlElement("w:instrText"))
    assert failed(document) == ["page-number"]
