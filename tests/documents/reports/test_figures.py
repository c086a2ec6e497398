"""Figures in words, and the form section by section: number, grade, parts, absence."""

from dataclasses import replace

import pytest

from quetsach.documents.reports.figures import (
    FormContent,
    absent_in_words,
    first_small,
    form_blocks,
    grade_of,
    in_words,
    is_blank,
    other_than_derived,
    print_count,
    short_value,
    signed,
    with_unit,
)
from quetsach.documents.reports.report import RecheckFigures
from quetsach.documents.typeset.content import Block, DocumentTable, ParagraphRole, TextFitter
from quetsach.forms.adding import add_up
from quetsach.forms.definition import Choice, ReportFormDefinition
from quetsach.forms.reading import shipped_form
from quetsach.forms.sample import share
from quetsach.forms.values import (
    AbsenceReason,
    Adjustment,
    ChildContribution,
    ChildUse,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    SummedFigure,
    TextValue,
    Value,
)
from tests.documents.officials import child, declared, every_kind, figure, label, own_of, seed_form

KEY = "organisations_deployed"


def told(own: OwnValue, children: int = 0, change: Adjustment | None = None) -> tuple[str, str]:
    form = seed_form()
    figures = add_up(
        form,
        {KEY: own},
        [child(form, place) for place in range(1, children + 1)],
        {} if change is None else {KEY: change},
    )
    shown = print_count(figures[KEY])
    return shown.quantity, shown.remark


@pytest.mark.parametrize(
    ("own", "quantity", "remark"),
    [
        (
            OwnValue(GradedCount(1284, FigureGrade.MEASURED)),
            "1.284",
            "Đếm từ hệ thống",
        ),
        (OwnValue(GradedCount(0, FigureGrade.DECLARED)), "0", "Tự khai"),
        (
            OwnValue(GradedCount(3, FigureGrade.ATTESTED, "theo biên bản")),
            "3",
            "Có minh chứng; theo biên bản",
        ),
        (
            OwnValue(
                GradedCount(12, FigureGrade.DECLARED),
                GradedCount(11, FigureGrade.MEASURED),
                "một trường nộp giấy.",
            ),
            "12",
            "Tự khai; hệ thống ghi nhận: 11; lý do khác: một trường nộp giấy",
        ),
        (
            OwnValue(GradedCount(12, FigureGrade.DECLARED), AbsenceReason.NIL),
            "12",
            "Tự khai; hệ thống ghi nhận: Không phát sinh",
        ),
        (
            OwnValue(
                GradedCount(12, FigureGrade.DECLARED),
                GradedCount(12, FigureGrade.MEASURED),
                "như nhau",
            ),
            "12",
            "Tự khai; lý do: như nhau",
        ),
    ],
)
def test_a_count_of_the_unit_alone(own: OwnValue, quantity: str, remark: str) -> None:
    assert told(own) == (quantity, remark)


def test_B9_zero_and_four_absences_are_told_apart_everywhere() -> None:
    values: list[Value] = [GradedCount(0, FigureGrade.DECLARED), *AbsenceReason]
    assert len({told(OwnValue(value)) for value in values}) == 5
    assert len({short_value(value) for value in values}) == 5
    assert len({in_words(value) for value in values}) == 5
    assert len({absent_in_words(value) for value in AbsenceReason}) == 4
    assert not any("0" in told(OwnValue(value))[0] for value in AbsenceReason)


def test_a_total_tells_its_parts_its_adjustment_and_why() -> None:
    quantity, remark = told(
        OwnValue(GradedCount(2, FigureGrade.DECLARED)),
        3,
        Adjustment(-3, "hai trường báo cáo trùng."),
    )
    # The children give 1 + place + 4 - 1 each.
    assert quantity == "17"
    assert remark == (
        "Tự khai; gồm: đơn vị tự có 2, cấp dưới 18, điều chỉnh −3 (hai trường báo cáo trùng)"
    )


def test_a_sum_that_an_annex_shows_is_a_number_and_its_grade() -> None:
    form = every_kind()
    figures = add_up(form, {"staff": declared(4)}, (child(form, 1),), {})
    printed = print_count(figures["staff"], is_summed_below=True)
    assert (printed.quantity, printed.remark) == ("6", "Tự khai")


def test_a_total_of_several_grades_tells_how_much_is_of_which() -> None:
    quantity, remark = told(OwnValue(GradedCount(2, FigureGrade.MEASURED)), 1)
    assert quantity == "7"
    assert remark.startswith("Đếm từ hệ thống 2, tự khai 5; gồm:")


def test_a_total_of_which_nobody_knows_the_split_names_its_weakest_part() -> None:
    """36 of its own and 31 below, 30 of them the same: 66 + 1 would not be 37."""
    own = OwnValue(
        GradedCount(36, FigureGrade.MEASURED), organisations=frozenset(map(str, range(36)))
    )
    below = OwnValue(
        GradedCount(30, FigureGrade.MEASURED), organisations=frozenset(map(str, range(30)))
    )
    more = OwnValue(GradedCount(1, FigureGrade.DECLARED))
    form = seed_form()
    key = form.counts()[0].id
    children = [
        replace(child(form, place), figures=add_up(form, {key: one}, (), {}))
        for place, one in enumerate((below, more), 1)
    ]
    remark = print_count(add_up(form, {key: own}, children, {})[key]).remark
    assert remark.startswith("Mức tin cậy thấp nhất của các phần: tự khai; gồm:")
    assert "66" not in remark


def test_a_total_tells_how_many_units_gave_no_number() -> None:
    form = seed_form()
    silent = replace(
        child(form, 2), figures=add_up(form, {KEY: OwnValue(AbsenceReason.MISSING)}, (), {})
    )
    other = replace(child(form, 3), figures={})
    figures = add_up(form, {}, [child(form, 1), silent, other], {})
    assert print_count(figures[KEY]).remark.endswith(
        "1 đơn vị chưa có số liệu; 1 đơn vị không thu thập"
    )


def test_what_the_unit_itself_lacks_is_not_counted_as_a_unit_below() -> None:
    assert told(OwnValue(AbsenceReason.MISSING)) == ("", "Chưa có số liệu")


def test_an_estimate_tells_its_range_and_an_overlap_its_number() -> None:
    total = GradedCount(1200, FigureGrade.MEASURED)
    shown = print_count(
        SummedFigure(OwnValue(total), 50, None, total, error=(1180, 1221), overlap=7)
    )
    assert "ước tính, khoảng tin cậy 95%: từ 1.180 đến 1.221" in shown.remark
    assert "trừ tính trùng 7" in shown.remark


def test_a_recheck_stands_beside_its_figure() -> None:
    found = share(85, 120)
    assert found is not None
    shown = print_count(
        figure(GradedCount(96, FigureGrade.DECLARED)),
        [RecheckFigures("Máy sạch", found, 2345, "máy")],
    )
    assert shown.remark == "Tự khai; rút thăm kiểm lại: 70%, trong khoảng 62% đến 79%"


def test_signs_are_those_of_a_difference() -> None:
    assert [signed(number) for number in (-1234, 0, 5)] == ["−1.234", "0", "+5"]


def test_every_value_has_its_words() -> None:
    choices = (Choice("a", label("Có")), Choice("b", label("Không")))
    assert in_words(ChosenAnswers(("a", "b", "c")), choices) == "Có; Không; c"
    assert in_words(FieldRows((("1", "2"), ("3", "4")))) == "1 | 2\n3 | 4"
    assert in_words(TextValue("chữ", None)) == "chữ"


def test_blank_values_say_nothing_and_absences_do() -> None:
    assert all(map(is_blank, (TextValue(" \n", None), ChosenAnswers(()), FieldRows(()))))
    assert not any(
        map(
            is_blank,
            (TextValue("x", None), GradedCount(0, FigureGrade.DECLARED), AbsenceReason.NIL),
        )
    )


def test_grades_of_words_are_told_where_they_are_more_than_declared() -> None:
    grades = [grade_of(TextValue("x", one)) for one in (None, *FigureGrade)]
    assert grades == ["", "Đếm từ hệ thống", "Có minh chứng", ""]
    assert grade_of(AbsenceReason.NIL) == ""


def test_why_a_text_is_not_what_the_records_say() -> None:
    own = OwnValue(
        TextValue("a", FigureGrade.DECLARED),
        TextValue("b", FigureGrade.MEASURED),
        "đã kiểm tra tại chỗ.",
    )
    assert other_than_derived(own).endswith("lý do: đã kiểm tra tại chỗ")
    assert other_than_derived(replace(own, derived=own.value)) == ""
    assert other_than_derived(None) == ""


def test_a_number_has_the_name_of_what_it_counts() -> None:
    row = seed_form().counts()[2]
    assert with_unit(row, "12") == "12 người"
    assert with_unit(row, "") == ""
    assert first_small("Tự khai") == "tự khai"


def test_figures_of_a_report_left_out_do_not_count() -> None:
    form = seed_form()
    out = child(form, 9, ChildUse.EXCLUDED, "trùng")
    figures = add_up(form, own_of(form, 1), [out], {})
    assert print_count(figures[KEY]).quantity == "5"


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
