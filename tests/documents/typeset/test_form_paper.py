"""Fields of every kind on paper: a new form needs no code."""

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from quetsach.documents.typeset.letterhead import letterhead_of
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.reading import shipped_codes, shipped_form
from quetsach.forms.values import (
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    FilledForm,
    GradedCount,
)
from tests.oracles.layout.check import check_layout

OTHER_FORMS = Path(__file__).parents[2] / "forms/shipped"


@pytest.fixture
def other() -> ReportFormDefinition:
    return shipped_form("kiem-tra-may", folder=OTHER_FORMS)


def test_a_new_form_needs_no_code(other: ReportFormDefinition, word, pdf, pages) -> None:
    filling = FilledForm(
        {
            "scanned": GradedCount(1200, FigureGrade.MEASURED),
            "infected": GradedCount(0, FigureGrade.DECLARED),
        }
    )
    head = letterhead_of("Phòng Văn hóa và Thông tin")
    made = word(other, filling, head)
    assert [checked for checked in check_layout(BytesIO(made)) if not checked.ok] == []
    rows = Document(BytesIO(made)).tables[1].rows
    assert [[cell.text for cell in row.cells] for row in rows] == [
        ["TT", "Loại", "Số máy", "Ghi chú"],
        ["1", "Máy tính đã quét", "1.200", "Đếm từ hệ thống"],
        ["2", "Máy tính nhiễm mã độc", "0", "Tự khai"],
    ]
    (page,) = pages(pdf(other, filling, head))
    assert page.index("Kết quả kiểm tra máy tính") < page.index("I. Máy tính")
    assert page.index("I. Máy tính") < page.index("II. Ý kiến") < page.index("- Khó khăn:....")


@pytest.mark.parametrize("code", shipped_codes())
def test_every_shipped_form_prints_blank_in_the_layout(code: str, word, pdf, pages) -> None:
    form = shipped_form(code)
    head = letterhead_of("Ủy ban nhân dân xã Tập Sơn")
    made = word(form, FilledForm(), head)
    assert [checked for checked in check_layout(BytesIO(made)) if not checked.ok] == []
    shown = " ".join("".join(pages(pdf(form, FilledForm(), head))).split())
    for section in form.sections:
        assert f"{section.number}. {section.title.vi}" in shown


def test_each_kind_of_field_is_printed_with_its_answer(pdf, pages) -> None:
    form = shipped_form("su-co")
    filling = FilledForm(
        {
            "seriousness": ChosenAnswers(("serious",)),
            "traces": FieldRows((("Tên miền", "xau.example", "12/9/2026", "A & B <x>"),)),
            "still_going": AbsenceReason.NOT_APPLICABLE,
            "machines_hit": AbsenceReason.NIL,
            "people_hit": GradedCount(0, FigureGrade.DECLARED),
        }
    )
    head = letterhead_of("Ủy ban nhân dân xã Tập Sơn")
    shown = " ".join("".join(pages(pdf(form, filling, head))).replace("\u200b", "").split())
    for part in (
        "[x] Nghiêm trọng",
        "[ ] Thông thường",
        "xau.example",
        "A & B <x>",
        "Sự cố còn tiếp diễn: Không áp dụng",
        "Không phát sinh",
    ):
        assert part in shown
    assert "[x] Thông thường" not in shown
