"""Forms are data: the Appendix keeps its text and order, and a new form needs no code."""

from pathlib import Path

import pytest

from quetsach.errors import QuetsachError
from quetsach.forms.definition import Unit
from quetsach.forms.reading import SHIPPED, shipped_codes, shipped_form

SOUND = (SHIPPED / "phu-luc-2022.toml").read_text(encoding="utf-8")


def test_the_appendix_keeps_the_text_and_order_of_the_letter() -> None:
    form = shipped_form("phu-luc-2022")
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
    assert [shipped_form(code).code for code in shipped_codes()] == list(shipped_codes()) != []


def test_a_label_speaks_both_languages() -> None:
    title = shipped_form("phu-luc-2022").title
    assert title.of("vi") == title.vi
    assert title.of("en") == title.en != title.vi


@pytest.mark.parametrize("code", ["phu-luc-1999", "", "../wording", "/etc/hosts", "phu-luc-2022\0"])
def test_an_unknown_form_is_refused_and_the_known_ones_named(code: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        shipped_form(code)
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
        shipped_form("phu-luc-2022", folder=tmp_path)
    assert caught.value.problem.code == "E402"
    if said != "TOML":
        assert said in caught.value.problem.facts["reason"]


def test_a_definition_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b'code = "\xff"')
    with pytest.raises(QuetsachError) as caught:
        shipped_form("x", folder=tmp_path)
    assert caught.value.problem.code == "E402"
