"""The form of a report is printed section by section, with each kind of value."""

from dataclasses import replace

from quetsach.documents.reports.form_sections import FormContent, form_blocks
from quetsach.documents.typeset.content import Block, DocumentTable, ParagraphRole, TextFitter
from quetsach.forms.adding import add_up
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import (
    AbsenceReason,
    ChildContribution,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    TextValue,
)
from tests.documents.officials import child, declared, every_kind

KEY = "organisations_deployed"


def blocks_of(
    own: dict[str, OwnValue],
    children: tuple[ChildContribution, ...] = (),
    form: ReportFormDefinition | None = None,
) -> tuple[Block, ...]:
    used = every_kind() if form is None else form
    return form_blocks(used, FormContent(add_up(used, own, children, {}), (), TextFitter()))


def lines_of(own: dict[str, OwnValue], children: tuple[ChildContribution, ...] = ()) -> list[str]:
    return [one.text for one in blocks_of(own, children) if not isinstance(one, DocumentTable)]


def grids_of(
    own: dict[str, OwnValue], children: tuple[ChildContribution, ...] = ()
) -> list[DocumentTable]:
    return [one for one in blocks_of(own, children) if isinstance(one, DocumentTable)]


def test_an_empty_form_says_of_each_field_that_nothing_is_there() -> None:
    assert lines_of({}) == [
        "1. Thông tin chung",
        "- Đánh giá:",
        "Chưa có nội dung",
        "- Số cán bộ: Chưa có số liệu",
        "- Công cụ đã dùng: Chưa có nội dung",
        "- Danh sách sự cố: Chưa có nội dung",
        "- Đầu mối: Chưa có nội dung",
        "2. Thông tin số liệu",
    ]
    (grid,) = grids_of({})
    assert {row[2:] for row in grid.rows} == {("", "Chưa có số liệu")}


def test_every_kind_is_printed() -> None:
    own = {
        "words": OwnValue(TextValue("Một.\n\n Hai. ", FigureGrade.MEASURED)),
        "staff": OwnValue(GradedCount(1200, FigureGrade.ATTESTED)),
        "tool": OwnValue(ChosenAnswers(("b", "a"))),
        "cases": OwnValue(FieldRows((("WannaCry", "3"), ("Emotet", "1")), FigureGrade.MEASURED)),
        "contact": OwnValue(AbsenceReason.NOT_APPLICABLE),
    }
    assert lines_of(own)[1:-1] == [
        "- Đánh giá:",
        "Một.",
        "Hai.",
        "(Đếm từ hệ thống.)",
        "- Số cán bộ: 1.200 người; có minh chứng",
        "- Công cụ đã dùng: Kaspersky; Bkav",
        "- Danh sách sự cố:",
        "(Đếm từ hệ thống.)",
        "- Đầu mối: Không áp dụng",
    ]
    cases, _counts = grids_of(own)
    assert cases.heads == ("Tên mã độc", "Số máy")
    assert cases.rows == (("WannaCry", "3"), ("Emotet", "1"))
    assert cases.aligns == ("left", "center")


def test_an_empty_table_says_nothing_and_nil_says_that_nothing_happened() -> None:
    assert "- Danh sách sự cố: Chưa có nội dung" in lines_of({"cases": OwnValue(FieldRows(()))})
    assert "- Danh sách sự cố: Không phát sinh" in lines_of({"cases": OwnValue(AbsenceReason.NIL)})


def test_what_units_below_said_stands_under_their_names() -> None:
    form = every_kind()
    children = (child(form, 1), child(form, 2))
    lines = lines_of({"words": OwnValue(TextValue("Chung.", FigureGrade.DECLARED))}, children)
    assert lines[1:5] == [
        "- Đánh giá:",
        "Chung.",
        "+ Ủy ban nhân dân xã thứ 1: Nội dung 1",
        "+ Ủy ban nhân dân xã thứ 2: Nội dung 2",
    ]
    cases, _counts = grids_of({"cases": OwnValue(FieldRows((("Emotet", "1"),)))}, children)
    assert cases.heads[0] == "Đơn vị"
    assert [row[:2] for row in cases.rows] == [
        ("Đơn vị tự có", "Emotet"),
        ("Ủy ban nhân dân xã thứ 1", "Mã độc 1"),
        ("Ủy ban nhân dân xã thứ 2", "Mã độc 2"),
    ]


def test_units_that_said_the_same_share_one_line() -> None:
    form = every_kind()
    first, second, third = (child(form, n) for n in (1, 2, 3))
    said = {**second.figures, "words": first.figures["words"]}
    lines = lines_of({}, (first, replace(second, figures=said), third))
    assert lines[2:4] == [
        "+ Ủy ban nhân dân xã thứ 1; Ủy ban nhân dân xã thứ 2: Nội dung 1",
        "+ Ủy ban nhân dân xã thứ 3: Nội dung 3",
    ]


def test_the_silence_of_the_unit_itself_is_not_said_where_others_spoke() -> None:
    form = every_kind()
    lines = lines_of({}, (child(form, 1),))
    assert lines[1:3] == ["- Đánh giá:", "+ Ủy ban nhân dân xã thứ 1: Nội dung 1"]
    assert "- Đầu mối: Nội dung 1 (theo Ủy ban nhân dân xã thứ 1)" in lines


def test_a_long_remark_is_whole_below_its_table() -> None:
    note = "ghi chú " * 40
    own = {"count_2": declared(5, note), "count_3": declared(6, "ngắn")}
    blocks = blocks_of(own)
    at = next(n for n, one in enumerate(blocks) if isinstance(one, DocumentTable))
    grid, below = blocks[at], blocks[at + 1]
    assert isinstance(grid, DocumentTable)
    assert not isinstance(below, DocumentTable)
    assert grid.rows[1][3] == "Xem ghi chú 2 dưới bảng"
    assert grid.rows[2][3] == "Tự khai; ngắn"
    assert below.role is ParagraphRole.VALUE
    assert below.text == f"Ghi chú 2: Tự khai; {note.strip()}"


def test_optional_blocks_that_were_chosen_are_printed_and_no_others() -> None:
    whole = shipped_form("phu-luc-mo-rong")
    chosen = whole.blocks()[1]
    form = shipped_form("phu-luc-mo-rong", (chosen.id,))
    told = "\n".join(
        one.text for one in blocks_of({}, form=form) if not isinstance(one, DocumentTable)
    )
    assert chosen.title.vi in told
    assert not any(f". {one.title.vi}\n" in told for one in whole.blocks() if one != chosen)


def test_the_remark_of_a_unit_with_a_late_answer_is_not_lost() -> None:
    form = every_kind()
    own = {"staff": declared(4, "theo danh sách")}
    lines = [
        one.text
        for one in form_blocks(
            replace(form), FormContent(add_up(form, own, (child(form, 1),), {}), (), TextFitter())
        )
        if not isinstance(one, DocumentTable)
    ]
    wanted = "- Số cán bộ: 6 người; tự khai; gồm: đơn vị tự có 4, cấp dưới 2; theo danh sách"
    assert wanted in lines
