"""Forms are data: the Appendix keeps its text and order, and a new form needs no code."""

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from quetsach.documents.fill import Count, Filling, Grade
from quetsach.documents.form import FORMS, Form, Unit, form_codes, forms, load_form
from quetsach.documents.layout_check import check_layout
from quetsach.documents.letterhead import letterhead_of
from quetsach.errors import QuetsachError

OTHER_FORMS = Path(__file__).parent / "forms"
SOUND = (FORMS / "phu-luc-2022.toml").read_text(encoding="utf-8")


def test_the_appendix_keeps_the_text_and_order_of_the_letter() -> None:
    form = load_form("phu-luc-2022")
    assert form.title.vi == "Thống kê, báo cáo kết quả triển khai Chiến dịch làm sạch mã độc"
    first, second = form.sections
    assert (first.number, first.title.vi) == ("1", "Thông tin chung")
    assert [field.label.vi for field in first.fields] == [
        "Tên đơn vị",
        "Đánh giá kết quả thực hiện chiến dịch",
        "Đề xuất, kiến nghị (nếu có)",
    ]
    assert (second.number, second.title.vi) == ("2", "Thông tin số liệu")
    assert second.table is not None
    assert [head.vi for head in second.table.columns] == ["TT", "Nội dung", "Số lượng", "Ghi chú"]
    assert [(row.label.vi, row.unit) for row in second.table.rows] == [
        ("Tổng số cơ quan, tổ chức nhận được thông tin về Chiến dịch", Unit.ORGANISATIONS),
        ("Tổng số cơ quan tổ chức triển khai Chiến dịch", Unit.ORGANISATIONS),
        ("Tổng số cán bộ, công chức, viên chức tham gia Chiến dịch", Unit.PEOPLE),
    ]


def test_every_form_that_is_shipped_is_sound() -> None:
    assert [form.code for form in forms()] == list(form_codes()) != []


def test_a_label_speaks_both_languages() -> None:
    title = load_form("phu-luc-2022").title
    assert title.of("vi") == title.vi
    assert title.of("en") == title.en != title.vi


@pytest.mark.parametrize("code", ["phu-luc-1999", "", "../wording", "/etc/hosts", "phu-luc-2022\0"])
def test_an_unknown_form_is_refused_and_the_known_ones_named(code: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        load_form(code)
    assert caught.value.problem.code == "E401"
    assert "phu-luc-2022" in str(caught.value)


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        ('code = "phu-luc-2022"', 'code = "other"', "code 'other'"),
        ('id = "proposals"', 'id = "unit"', "stands twice"),
        ("lines = 3", "lines = 4000", "proposals"),
        ("lines = 3", 'lines = "three"', "lines"),
        ('unit = "people"', 'unit = "heads"', "heads"),
        ('vi = "TT"', 'vi = "TT", en', "TOML"),
        ('kind = "BÁO CÁO"', "", "kind"),
        ('{ vi = "Ghi chú", en = "Remarks" },', "", "length"),
    ],
)
def test_a_flawed_definition_is_refused_with_its_reason(
    tmp_path: Path, found: str, put: str, said: str
) -> None:
    assert SOUND.count(found) == 1
    text = SOUND.replace(found, put)
    (tmp_path / "phu-luc-2022.toml").write_text(text, encoding="utf-8")
    with pytest.raises(QuetsachError) as caught:
        load_form("phu-luc-2022", tmp_path)
    assert caught.value.problem.code == "E402"
    if said != "TOML":
        assert said in caught.value.problem.facts["reason"]


def test_a_definition_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b'code = "\xff"')
    with pytest.raises(QuetsachError) as caught:
        load_form("x", tmp_path)
    assert caught.value.problem.code == "E402"


@pytest.fixture
def other() -> Form:
    return load_form("kiem-tra-may", OTHER_FORMS)


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
