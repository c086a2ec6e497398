"""Our letter keeps each rule, and a copy that breaks one fails exactly that one."""

from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from quetsach.documents.letters.files import letter_files
from quetsach.documents.letters.letter import Medium
from tests.documents.letters import proven, usual
from tests.oracles.layout.check import check_layout
from tests.oracles.layout.letter import LETTER_RULES
from tests.oracles.layout.rules import RULES


def cell(document: Any, row: int, column: int) -> Any:
    return document.tables[0].rows[row].cells[column]


def beside_number(document: Any, begin: str) -> Any:
    return next(p for p in cell(document, 1, 0).paragraphs if p.text.startswith(begin))


def line(document: Any, begin: str) -> Any:
    return next(p for p in document.paragraphs if p.text.startswith(begin))


def foot(document: Any, column: int) -> Any:
    table = next(t for t in document.tables if t.rows[0].cells[0].text.startswith("Nơi nhận"))
    return table.rows[0].cells[column]


def about(document: Any) -> None:
    beside_number(document, "V/v").runs[0].bold = True


def about_gap(document: Any) -> None:
    beside_number(document, "V/v").paragraph_format.space_before = Pt(0)


def urgency(document: Any) -> None:
    beside_number(document, "HỎA TỐC").runs[0].font.color.rgb = RGBColor(0, 0, 0)


def addressed_list(document: Any) -> None:
    run = line(document, "- Thủ trưởng các phòng").runs[0]
    run.text = run.text.replace(";", ",")


def legal_basis(document: Any) -> None:
    run = line(document, "Căn cứ Luật").runs[0]
    run.text = run.text.replace(";", ".")


def points_in_order(document: Any) -> None:
    run = line(document, "2. ").runs[0]
    run.text = run.text.replace("2. ", "3. ")


def as_above_first(document: Any) -> None:
    run = foot(document, 0).paragraphs[1].runs[0]
    run.text = "- Như kính gửi;"


def capacity(document: Any) -> None:
    foot(document, 1).paragraphs[0].runs[0].text = "KÝ. CHỦ TỊCH\nPHÓ CHỦ TỊCH"


def contact(document: Any) -> None:
    document.sections[0].first_page_footer.paragraphs[0].runs[0].font.size = Pt(9)


def annex_label(document: Any) -> None:
    line(document, "Phụ lục II").runs[0].text = "Phụ lục 2"


def annex_title(document: Any) -> None:
    run = line(document, "DANH SÁCH").runs[0]
    run.text = "Danh sách đơn vị"


def annex_names_its_letter(document: Any) -> None:
    line(document, "(Kèm theo").runs[0].italic = False


def annex_pages(document: Any) -> None:
    numbers = document.sections[1]._sectPr.find(qn("w:pgNumType"))
    numbers.getparent().remove(numbers)


def annex_geometry(document: Any) -> None:
    document.sections[2].left_margin = Mm(20)


def annex_text(document: Any) -> None:
    line(document, "Mở đầu.").alignment = 0


def proof(document: Any) -> None:
    for text in document.sections[1].footer._element.iter(qn("w:t")):
        text.text = (text.text or "").replace("a", "b").replace("e", "f")


BREAKS: dict[str, Callable[[Any], None]] = {
    breaks.__name__.replace("_", "-"): breaks
    for breaks in (
        about,
        about_gap,
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
SHARED = [name for name, _ in RULES if name not in ("kind", "subject", "subject-rule")]


@pytest.fixture(scope="module")
def letter() -> bytes:
    return letter_files(proven(), medium=Medium.PAPER).docx


def failed(document: Any) -> list[str]:
    out = BytesIO()
    document.save(out)
    out.seek(0)
    return [checked.rule for checked in check_layout(out) if not checked.ok]


@pytest.mark.parametrize("medium", list(Medium))
def test_our_letters_keep_every_rule(medium: Medium) -> None:
    for made in (usual(), proven()):
        checked = check_layout(BytesIO(letter_files(made, medium=medium).docx))
        assert [one for one in checked if not one.ok] == []
        assert [one.rule for one in checked] == ["structure", *(name for name, _ in LETTER_RULES)]


def test_every_rule_of_letters_has_a_copy_that_breaks_it() -> None:
    assert [*SHARED, *BREAKS] == [name for name, _ in LETTER_RULES]


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_copy_fails_exactly_its_rule(letter: bytes, rule: str) -> None:
    document = Document(BytesIO(letter))
    BREAKS[rule](document)
    assert failed(document) == [rule]


def test_shared_rules_look_at_the_annexes_too(letter: bytes) -> None:
    document = Document(BytesIO(letter))
    line(document, "Mở đầu.").runs[0]._r.rPr.rFonts.set(qn("w:cs"), "SimSun")
    assert failed(document) == ["typeface"]
    document = Document(BytesIO(letter))
    blank = deepcopy(line(document, "Mở đầu.")._p)
    for run in blank.findall(qn("w:r")):
        blank.remove(run)
    line(document, "Mở đầu.")._p.addnext(blank)
    assert failed(document) == ["no-blank-paragraph"]
    document = Document(BytesIO(letter))
    properties = document.tables[-1].rows[0]._tr.trPr
    properties.remove(properties.find(qn("w:tblHeader")))
    assert failed(document) == ["table-head"]


def test_the_foot_of_page_1_needs_its_rule(letter: bytes) -> None:
    document = Document(BytesIO(letter))
    first = document.sections[0].first_page_footer.paragraphs[0]
    first._p.pPr.remove(first._p.pPr.find(qn("w:pBdr")))
    assert failed(document) == ["contact"]


def test_a_letter_whose_subject_is_missing_is_still_a_letter(letter: bytes) -> None:
    document = Document(BytesIO(letter))
    gone = beside_number(document, "V/v")._p
    gone.getparent().remove(gone)
    assert failed(document) == ["about", "about-gap"]


def test_an_annex_without_its_head_fails_its_rules_and_crashes_none(letter: bytes) -> None:
    document = Document(BytesIO(letter))
    for begin in ("Phụ lục II", "DANH SÁCH", "(Kèm theo", "Mở đầu."):
        gone = [p for p in document.paragraphs if p.text.startswith(begin)][-1]._p
        gone.getparent().remove(gone)
    assert {"annex-label", "annex-title", "annex-names-its-letter"} <= set(failed(document))
