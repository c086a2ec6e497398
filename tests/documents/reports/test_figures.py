"""Figures in words, and the form section by section: number, grade, parts, absence."""

from dataclasses import replace

import pytest

from quetsach.documents.reports.figures import (
    absent_in_words,
    first_small,
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
from quetsach.forms.adding import add_up
from quetsach.forms.definition import Choice
from quetsach.forms.sample import share
from quetsach.forms.values import (
    AbsenceReason,
    Adjustment,
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
    assert shown.remark == "Tự khai; rút thăm kiểm tra lại: 70%, trong khoảng 62% đến 79%"


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
