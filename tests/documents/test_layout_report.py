"""Our official report keeps each rule, and a copy that breaks one fails exactly that one."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from quetsach.documents.letters.letter import Medium
from quetsach.documents.reports.paper_files import report_files
from tests.documents.officials import urgent
from tests.documents.test_layout_check import BREAKS as OF_THE_PAGE
from tests.documents.test_layout_letter import urgency
from tests.oracles.layout.check import check_layout
from tests.oracles.layout.report import REPORT_RULES
from tests.oracles.layout.rules import RULES


def line(document: Any, begin: str) -> Any:
    return next(p for p in document.paragraphs if p.text.startswith(begin))


def foot(document: Any, column: int) -> Any:
    table = next(t for t in document.tables if t.rows[0].cells[0].text.startswith("Nơi nhận"))
    return table.rows[0].cells[column]


def addressed_list(document: Any) -> None:
    run = line(document, "- Ủy ban nhân dân tỉnh").runs[0]
    run.text = run.text.replace(";", ",")


def legal_basis(document: Any) -> None:
    run = line(document, "Căn cứ Nghị định").runs[0]
    run.text = run.text.removesuffix(".") + ";"


def points_in_order(document: Any) -> None:
    run = line(document, "2. Kết quả").runs[0]
    run.text = run.text.replace("2. ", "4. ")


def as_above_first(document: Any) -> None:
    foot(document, 0).paragraphs[1].runs[0].text = "- Như kính gửi;"


def capacity(document: Any) -> None:
    foot(document, 1).paragraphs[0].runs[0].text = "KÝ. CHỦ TỊCH\nPHÓ CHỦ TỊCH"


def contact(document: Any) -> None:
    cell = document.sections[0].first_page_footer.tables[0].rows[0].cells[0]
    cell.paragraphs[0].runs[0].font.size = Pt(9)


def annex_label(document: Any) -> None:
    line(document, "Phụ lục II").runs[0].text = "Phụ lục 2"


def annex_title(document: Any) -> None:
    line(document, "BÁO CÁO CỦA").runs[0].text = "Báo cáo của các đơn vị"


def annex_names_its_letter(document: Any) -> None:
    line(document, "(Kèm theo").runs[0].italic = False


def annex_pages(document: Any) -> None:
    numbers = document.sections[2]._sectPr.find(qn("w:pgNumType"))
    numbers.getparent().remove(numbers)


def annex_geometry(document: Any) -> None:
    document.sections[1].left_margin = Mm(20)


def annex_text(document: Any) -> None:
    line(document, "Ký hiệu: ").alignment = 0


def proof(document: Any) -> None:
    for paragraph in document.sections[1].footer._element.iter(qn("w:t")):
        paragraph.text = (paragraph.text or "").replace("a", "b").replace("e", "f")


BREAKS: dict[str, Callable[[Any], None]] = {
    breaks.__name__.replace("_", "-"): breaks
    for breaks in (
        addressed_list,
        legal_basis,
        points_in_order,
        as_above_first,
        capacity,
        urgency,
        contact,
        annex_label,
        annex_title,
        annex_names_its_letter,
        annex_pages,
        annex_geometry,
        annex_text,
        proof,
    )
}


@pytest.fixture(scope="module")
def report() -> bytes:
    return report_files(urgent(), medium=Medium.PAPER).docx


def failed(document: Any) -> list[str]:
    out = BytesIO()
    document.save(out)
    out.seek(0)
    return [checked.rule for checked in check_layout(out) if not checked.ok]


@pytest.mark.parametrize("medium", list(Medium))
def test_our_report_keeps_every_rule(medium: Medium) -> None:
    checked = check_layout(BytesIO(report_files(urgent(), medium=medium).docx))
    assert [one for one in checked if not one.ok] == []
    assert [one.rule for one in checked] == ["structure", *(name for name, _ in REPORT_RULES)]


def test_every_rule_of_reports_has_a_copy_that_breaks_it() -> None:
    assert [*(name for name, _ in RULES), *BREAKS] == [name for name, _ in REPORT_RULES]


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_copy_fails_exactly_its_rule(report: bytes, rule: str) -> None:
    document = Document(BytesIO(report))
    BREAKS[rule](document)
    assert failed(document) == [rule]


@pytest.mark.parametrize(
    "rule", ["page-number-not-on-page-1", "page-number", "motto-rule", "kind", "ending"]
)
def test_rules_of_the_page_see_a_report_with_annexes_too(report: bytes, rule: str) -> None:
    document = Document(BytesIO(report))
    OF_THE_PAGE[rule](document)
    assert rule in failed(document)


def test_a_section_whose_foot_is_gone_breaks_the_proof(report: bytes) -> None:
    document = Document(BytesIO(report))
    for paragraph in document.sections[2].first_page_footer._element.iter(qn("w:t")):
        paragraph.text = ""
    assert failed(document) == ["proof"]


def test_digits_of_another_size_or_face_break_the_proof(report: bytes) -> None:
    for change in ({"size": Pt(7)}, {"name": "Arial"}):
        document = Document(BytesIO(report))
        table = document.sections[0].footer.tables[0]
        for name, value in change.items():
            setattr(table.rows[0].cells[0].paragraphs[0].runs[0].font, name, value)
        assert failed(document) == ["proof"]
