"""A figure that does not fit itself is seen without asking anybody below."""

from dataclasses import replace

from quetsach.forms.adding import misfit, parts_sum
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import (
    AbsenceReason,
    Adjustment,
    FigureGrade,
    GradedCount,
    OwnValue,
    SummedFigure,
)

ENTRY = shipped_form("phu-luc-2022").counts()[0]
TRUE = SummedFigure(
    OwnValue(GradedCount(36, FigureGrade.MEASURED)),
    31,
    Adjustment(1, "sót"),
    GradedCount(38, FigureGrade.DECLARED),
    overlap=30,
)


def test_parts_make_the_total() -> None:
    assert parts_sum(TRUE) == 38
    assert misfit(ENTRY, TRUE) is None
    assert misfit(ENTRY, replace(TRUE, overlap=29)) == (38, 39)


def test_grades_make_the_total_where_there_are_any() -> None:
    graded = replace(TRUE, grades={FigureGrade.MEASURED: 66, FigureGrade.DECLARED: 1})
    assert misfit(ENTRY, graded) == (38, 67)
    assert (
        misfit(ENTRY, replace(TRUE, grades={FigureGrade.MEASURED: 37, FigureGrade.DECLARED: 1}))
        is None
    )


def test_what_is_no_number_has_no_sum() -> None:
    assert misfit(ENTRY, replace(TRUE, total=AbsenceReason.NIL)) is None
