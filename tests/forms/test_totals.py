"""The total of a figure: own number, children and adjustment; what is missing is never zero."""

from dataclasses import replace

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.adding import (
    add_up,
    misfit,
    parts_sum,
    without_answer,
)
from quetsach.forms.definition import CountUnit
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import (
    AbsenceReason,
    Adjustment,
    ChildContribution,
    ChildUse,
    FigureGrade,
    GradedCount,
    OwnValue,
    SummedFigure,
    Value,
)
from tests.forms.summing import DEPLOYED, PEOPLE, SEED, child, said


def test_own_children_and_adjustment_make_the_total() -> None:
    children = (
        child("a", {PEOPLE: said(1000)}),
        child("b", {PEOPLE: said(275)}, used=ChildUse.LATE),
        child("c", {PEOPLE: said(99)}, used=ChildUse.EXCLUDED, reason="chưa kiểm tra"),
    )
    adjustment = Adjustment(-3, "hai trường báo cáo hai lần")
    figure = add_up(SEED, {PEOPLE: said(12)}, children, {PEOPLE: adjustment})[PEOPLE]
    assert figure.own == said(12)
    assert figure.children == 1275
    assert figure.adjustment == adjustment
    assert figure.total == GradedCount(1284, FigureGrade.DECLARED)


def test_unlike_units_are_never_added() -> None:
    figures = add_up(SEED, {PEOPLE: said(4)}, (), {})
    turns = {**figures, PEOPLE: replace(figures[PEOPLE], unit=CountUnit.TURNS)}
    with pytest.raises(QuetsachError, match="E451") as caught:
        add_up(SEED, {}, (ChildContribution("a", "Trường A", 1, "", turns),), {})
    assert "turns" in str(caught.value)
    assert "Trường A" in str(caught.value)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([AbsenceReason.NIL, AbsenceReason.NIL], AbsenceReason.NIL),
        ([AbsenceReason.NIL, AbsenceReason.MISSING], AbsenceReason.NIL),
        ([AbsenceReason.MISSING, AbsenceReason.NOT_COLLECTED], AbsenceReason.MISSING),
        ([AbsenceReason.NOT_COLLECTED, AbsenceReason.NOT_APPLICABLE], AbsenceReason.NOT_COLLECTED),
        ([AbsenceReason.NOT_APPLICABLE], AbsenceReason.NOT_APPLICABLE),
        ([], AbsenceReason.MISSING),
        (
            [GradedCount(0, FigureGrade.MEASURED), AbsenceReason.MISSING],
            GradedCount(0, FigureGrade.MEASURED),
        ),
        (
            [GradedCount(0, FigureGrade.MEASURED), GradedCount(5, FigureGrade.ATTESTED)],
            GradedCount(5, FigureGrade.ATTESTED),
        ),
    ],
)
def test_B9_what_is_not_there_never_becomes_a_zero(values: list[Value], expected: Value) -> None:
    children = [child(str(n), {PEOPLE: OwnValue(one)}) for n, one in enumerate(values)]
    figure = add_up(SEED, {}, children, {})[PEOPLE]
    assert figure.total == expected
    assert sum(figure.absent.values()) == sum(isinstance(one, AbsenceReason) for one in values)


def test_B9_who_gave_no_number_is_named_with_why() -> None:
    children = [
        child("a", {PEOPLE: OwnValue(AbsenceReason.NOT_COLLECTED)}),
        child("b", {PEOPLE: said(0)}),
        child("c", {}),
        child("d", {PEOPLE: said(1)}, used=ChildUse.EXCLUDED, reason="trùng"),
    ]
    assert without_answer(PEOPLE, children) == (
        ("Đơn vị a", AbsenceReason.NOT_COLLECTED),
        ("Đơn vị c", AbsenceReason.MISSING),
    )


def test_grades_are_kept_apart_and_the_total_has_the_weakest() -> None:
    children = (
        child("a", {PEOPLE: said(70, FigureGrade.MEASURED)}),
        child("b", {PEOPLE: said(20, FigureGrade.ATTESTED)}),
    )
    figure = add_up(SEED, {PEOPLE: said(10, FigureGrade.MEASURED)}, children, {})[PEOPLE]
    assert figure.total == GradedCount(100, FigureGrade.ATTESTED)
    assert figure.grades == {FigureGrade.MEASURED: 80, FigureGrade.ATTESTED: 20}


def informed(names: str, grade: FigureGrade) -> OwnValue:
    return OwnValue(GradedCount(len(names), grade), organisations=frozenset(names))


def test_grades_make_the_total_or_are_not_told() -> None:
    """What was told twice, or taken off, is of a grade that nobody knows; so is all above it."""
    twice = (
        child("a", {DEPLOYED: informed("xy", FigureGrade.MEASURED)}),
        child("b", {DEPLOYED: informed("yz", FigureGrade.DECLARED)}),
    )
    figure = add_up(SEED, {}, twice, {})[DEPLOYED]
    assert (figure.total, figure.overlap, figure.grades) == (
        GradedCount(3, FigureGrade.DECLARED),
        1,
        {},
    )
    above = child("c", {}, figures={DEPLOYED: figure}), child("d", {DEPLOYED: said(2)})
    assert add_up(SEED, {}, above, {})[DEPLOYED].grades == {}
    own = {PEOPLE: said(10, FigureGrade.MEASURED)}
    less = add_up(SEED, own, (), {PEOPLE: Adjustment(-1, "trùng")})[PEOPLE]
    more = add_up(SEED, own, (), {PEOPLE: Adjustment(2, "sót")})[PEOPLE]
    assert less.grades == {}
    assert more.grades == {FigureGrade.MEASURED: 10, FigureGrade.DECLARED: 2}


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
