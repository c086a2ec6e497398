"""Fields of every kind on paper: a new form needs no code."""

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from quetsach.documents.layout_check import check_layout
from quetsach.documents.letterhead import letterhead_of
from quetsach.forms.definition import Form
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import Count, Filling, Grade

OTHER_FORMS = Path(__file__).parents[1] / "forms/shipped"


@pytest.fixture
def other() -> Form:
    return shipped_form("kiem-tra-may", folder=OTHER_FORMS)


def test_a_new_form_needs_no_code(other: Form, word, pdf, pages) -> None:
    filling = Filling(
        {"scanned": Count(1200, Grade.MEASURED), "infected": Count(0, Grade.DECLARED)}
    )
    head = letterhead_of("Phòng Văn hóa và Thông tin")
    made = word(other, filling, head)
    assert [checked for checked in check_layout(BytesIO(made)) if not checked.ok] == []
    rows = Document(BytesIO(made)).tables[1].rows
    assert [[cell.text for cell in row.cells] for row in rows] == [
        ["TT", "Loại", "Số máy", "Ghi chú"],
        ["1", "Máy tính đã quét", "1.200", "Số liệu đo được từ nhật ký"],
        ["2", "Máy tính nhiễm mã độc", "0", "Tự khai"],
    ]
    (page,) = pages(pdf(other, filling, head))
    assert page.index("Kết quả kiểm tra máy tính") < page.index("I. Máy tính")
    assert page.index("I. Máy tính") < page.index("II. Ý kiến") < page.index("- Khó khăn:....")
