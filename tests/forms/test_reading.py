"""Reading a form: shipped or foreign, TOML or JSON, bounded, and known by its digest."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import Aggregation, CheckRule, CountUnit, Label
from quetsach.forms.reading import (
    form_digest,
    form_json,
    read_form,
    shipped_codes,
    shipped_form,
)
from tests.forms.definitions import SHORT, refused


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
        ("Tổng số cơ quan, tổ chức nhận được thông tin về Chiến dịch", CountUnit.ORGANISATIONS),
        ("Tổng số cơ quan tổ chức triển khai Chiến dịch", CountUnit.ORGANISATIONS),
        ("Tổng số cán bộ, công chức, viên chức tham gia Chiến dịch", CountUnit.PEOPLE),
    ]


def test_every_form_that_is_shipped_is_sound() -> None:
    assert [shipped_form(code).code for code in shipped_codes()] == list(shipped_codes()) != []


@pytest.mark.parametrize("code", ["phu-luc-1999", "", "../wording", "/etc/hosts", "phu-luc-2022\0"])
def test_an_unknown_form_is_refused_and_the_known_ones_named(code: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        shipped_form(code)
    assert caught.value.problem.code == "E401"
    assert "phu-luc-2022" in str(caught.value)


def test_a_definition_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b'code = "\xff"')
    with pytest.raises(QuetsachError) as caught:
        shipped_form("x", folder=tmp_path)
    assert caught.value.problem.code == "E402"


def test_a_form_of_ones_own_is_read_from_toml_and_from_json() -> None:
    form = read_form(SHORT.encode(), "thu.toml")
    assert form.ids() == ("machines", "clean", "how")
    assert [row.id for row in form.counts()] == ["machines", "clean"]
    assert read_form(form_json(form), "thu.json") == form
    windows = b"\xef\xbb\xbf" + SHORT.replace("\n", "\r\n").encode()
    assert read_form(windows, "thu.toml") == form


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b'{"code":' * 30_000,
        b"x = " + b"[" * 30_000,
        b"a" + b".a" * 130_000 + b" = 1",
        b"x = {a" + b" . 'a'" * 40_000 + b" = 1}",
        b"[a" + b'."a"' * 60_000 + b"]",
        b"\xff\xfe\0",
        b"# " + b"x" * 262_144,
        b'{"code": NaN}',
        SHORT.replace('version = "1"', "version = " + "9" * 5000).encode(),
    ],
)
def test_hostile_definitions_are_refused(data: bytes) -> None:
    assert refused(data)


def test_a_form_has_bounds() -> None:
    field = '[[sections.fields]]\nid = "x%d"\nlabel = { vi = "A", en = "A" }\n'
    many = "".join(field % number for number in range(401))
    assert "400" in refused(SHORT.replace("[[checks]]", many + "[[checks]]").encode())
    section = '[[sections]]\nnumber = "2"\ntitle = { vi = "A", en = "A" }\n'
    assert "60" in refused((SHORT + section * 60).encode())


def test_a_form_in_use_is_known_by_its_digest_and_any_change_is_another_form() -> None:
    form = shipped_form("phu-luc-2022")
    digests = {form_digest(form)}
    for change in (
        replace(form, version="2022-10"),
        replace(form, drop_percent=49),
        replace(form, checks=form.checks[:1]),
        replace(form, title=Label(form.title.vi, form.title.en + ".")),
    ):
        digests.add(form_digest(change))
    assert len(digests) == 5
    assert form_digest(read_form(form_json(form), "x")) == form_digest(form)


def test_the_shipped_forms_stay_as_they_were_when_campaigns_began_to_use_them() -> None:
    # A change of a shipped form is a new version of it: raise its version, then pin it here.
    assert {code: form_digest(shipped_form(code)) for code in shipped_codes()} == PINNED


PINNED = {
    "phu-luc-2022": "5b2f50a84b3fae7cd18e3e9ed3c399bb03361f58451bdbae8406913b7d854729",
    "phu-luc-mo-rong": "4dbb434e8f550c18739dc080f8057f095510dfcf547fb11a235421f7b1a6a4d3",
    "su-co": "d3ea375e71eec129e127a1f71fc0c89fc99cb791f961c88c9116dd12462d97a6",
}


def test_the_incident_form_asks_what_the_circular_asks() -> None:
    form = shipped_form("su-co")
    asked = {"unit", "reporter_address", "system_name", "operator", "owner", "description"}
    required = {entry.id for entry in form.entries() if entry.required}
    assert {*asked, "found_at", "measures", "stage"} <= required


def test_the_example_of_the_page_is_a_sound_form() -> None:
    page = (Path(__file__).parents[2] / "docs/forms.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    form = read_form(example.encode(), "docs/forms.md")
    assert len(form.entries()) == 6
    assert [section.id for section in form.blocks()] == ["figures"]
    for kind in (CountUnit, Aggregation, CheckRule):
        for one in kind:
            assert f"`{one.value}`" in page
