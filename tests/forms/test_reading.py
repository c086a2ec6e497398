"""Forms are data: the Appendix keeps its text and order, and a new form needs no code."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import Aggregation, CheckRule, CountUnit, Label
from quetsach.forms.reading import (
    SHIPPED,
    form_digest,
    form_json,
    read_form,
    shipped_codes,
    shipped_form,
)
from quetsach.texts import in_language

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
        ("Tổng số cơ quan, tổ chức nhận được thông tin về Chiến dịch", CountUnit.ORGANISATIONS),
        ("Tổng số cơ quan tổ chức triển khai Chiến dịch", CountUnit.ORGANISATIONS),
        ("Tổng số cán bộ, công chức, viên chức tham gia Chiến dịch", CountUnit.PEOPLE),
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
    with in_language("en"), pytest.raises(QuetsachError) as caught:
        shipped_form("phu-luc-2022", folder=tmp_path)
    assert caught.value.problem.code == "E402"
    if said != "TOML":
        assert said in caught.value.problem.facts["reason"]


def test_a_definition_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b'code = "\xff"')
    with pytest.raises(QuetsachError) as caught:
        shipped_form("x", folder=tmp_path)
    assert caught.value.problem.code == "E402"


SHORT = """
code = "thu"
version = "1"
kind = "BÁO CÁO"
kind_code = "BC"
closing = "./."
signer_post = "THỦ TRƯỞNG"
recipients = ["Lưu: VT"]
title = { vi = "Thử", en = "Trial" }

[[sections]]
number = "1"
title = { vi = "Một", en = "One" }

[[sections.fields]]
id = "machines"
kind = "count"
unit = "machines"
label = { vi = "Máy", en = "Machines" }

[[sections.fields]]
id = "clean"
kind = "count"
unit = "machines"
aggregation = "sum"
label = { vi = "Sạch", en = "Clean" }

[[sections.fields]]
id = "how"
kind = "choice"
label = { vi = "Cách", en = "How" }
choices = [{ id = "a", label = { vi = "A", en = "A" } }]

[[checks]]
rule = "not_more"
field = "clean"
of = ["machines"]
"""


def refused(data: bytes) -> str:
    with in_language("en"), pytest.raises(QuetsachError) as caught:
        read_form(data, "thu.toml")
    assert caught.value.problem.code == "E402"
    assert caught.value.problem.where == "thu.toml"
    return str(caught.value.problem.facts["reason"])


def test_a_form_of_ones_own_is_read_from_toml_and_from_json() -> None:
    form = read_form(SHORT.encode(), "thu.toml")
    assert form.ids() == ("machines", "clean", "how")
    assert [row.id for row in form.counts()] == ["machines", "clean"]
    assert read_form(form_json(form), "thu.json") == form
    windows = b"\xef\xbb\xbf" + SHORT.replace("\n", "\r\n").encode()
    assert read_form(windows, "thu.toml") == form


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        ('code = "thu"', 'code = "../thu"', "code"),
        ('code = "thu"', 'code = "thu"\nsurprise = 1', "surprise"),
        ('id = "how"', 'id = "how"\nrequird = true', "requird"),
        ('version = "1"', 'version = "1 2"', "version"),
        ('version = "1"', "version = 1", "version"),
        ('version = "1"', 'version = "1"\ndrop_percent = 101', "drop_percent"),
        ('vi = "Máy"', 'vi = ""', "empty"),
        ('vi = "Máy"', 'vi = "M\\u202Eáy"', "printed"),
        ('vi = "Máy"', 'vi = "M\\u0007áy"', "printed"),
        ('vi = "Máy"', f'vi = "{"x" * 1001}"', "longer"),
        ('id = "machines"', 'id = "Machines"', "Machines"),
        ('id = "machines"', 'id = "clean"', "twice"),
        ('kind = "count"\nunit = "machines"\nlabel', 'kind = "count"\nlabel', "without a unit"),
        ('kind = "choice"', 'kind = "text"', "choices"),
        ('kind = "choice"', 'kind = "table"', "choices"),
        ('kind = "choice"', 'kind = "choice"\nunit = "people"', "unit"),
        ('kind = "choice"', 'kind = "choice"\naggregation = "sum"', "cannot be added"),
        ('kind = "choice"', 'kind = "song"', "song"),
        ('aggregation = "sum"', 'aggregation = "distinct_organisations"', "organisations"),
        ('aggregation = "sum"', 'aggregation = "texts"', "cannot be added"),
        ('aggregation = "sum"', 'derived = "DROP TABLE x"', "query"),
        ('[{ id = "a"', '[{ id = "A"', "choice"),
        ('of = ["machines"]', 'of = ["nothing"]', "nothing"),
        ('of = ["machines"]', 'of = ["how"]', "how"),
        ('of = ["machines"]', 'of = ["clean"]', "itself"),
        ('of = ["machines"]', 'of = ["fact:Staff"]', "fact"),
        ('of = ["machines"]', "of = []", "drop"),
        ('field = "clean"\nof', 'field = "how"\nof', "no count"),
        ('rule = "not_more"', 'rule = "drop"', "drop"),
        ('rule = "not_more"', 'rule = "eval"', "eval"),
        ('rule = "not_more"', 'rule = "not_more"\npercent = 200', "percent"),
    ],
)
def test_a_slip_in_a_form_is_named(found: str, put: str, said: str) -> None:
    assert found in SHORT
    assert said in refused(SHORT.replace(found, put, 1).encode())


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


def test_a_query_is_kept_as_a_name_and_nothing_is_run() -> None:
    data = SHORT.replace('aggregation = "sum"', 'derived = "cases.open"').encode()
    entry = read_form(data, "x").entry("clean")
    assert entry is not None
    assert entry.derived == "cases.open"


def test_a_check_compares_no_unlike_units() -> None:
    data = SHORT.replace('unit = "machines"', 'unit = "turns"', 1).encode()
    assert "unlike" in refused(data)


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
    "phu-luc-mo-rong": "3570c4b9e29617833c896f11187e4a07e140a152e07b7963279f9d65f391665c",
    "su-co": "d3ea375e71eec129e127a1f71fc0c89fc99cb791f961c88c9116dd12462d97a6",
}


def test_the_extended_form_is_a_set_of_blocks() -> None:
    whole = shipped_form("phu-luc-mo-rong")
    blocks = [section.id for section in whole.blocks()]
    assert "machines" in blocks
    assert len(blocks) == 15
    chosen = shipped_form("phu-luc-mo-rong", ("cost", "machines"))
    assert [section.number for section in chosen.sections] == ["1", "2", "3", "4"]
    assert [section.id for section in chosen.blocks()] == ["machines", "cost"]
    ids = set(chosen.ids())
    for check in chosen.checks:
        assert {check.field, *(one for one in check.of if ":" not in one)} <= ids
    assert form_digest(chosen) != form_digest(whole)
    assert read_form(form_json(chosen), "x") == chosen
    bare = shipped_form("phu-luc-mo-rong", ())
    assert bare.ids() == shipped_form("phu-luc-2022").ids()


def test_each_block_alone_is_a_sound_form() -> None:
    for section in shipped_form("phu-luc-mo-rong").blocks():
        form = shipped_form("phu-luc-mo-rong", (section.id,))
        assert read_form(form_json(form), section.id) == form


def test_a_block_that_is_not_there_is_refused() -> None:
    with pytest.raises(QuetsachError, match="E402"):
        shipped_form("phu-luc-mo-rong", ("moon",))


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
