"""Own + children + adjustment = total, at every unit, after every correction; nothing twice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.reports_country import (
    Country,
    children_of,
    correct,
    make_country,
    recompute,
)
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.adding import (
    add_up,
    counted_once,
    mismatches,
)
from quetsach.forms.definition import Aggregation, CountUnit
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import (
    AbsenceReason,
    Adjustment,
    ChildUse,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    SummedFigure,
    TextValue,
    UnitWords,
    Value,
)
from tests.forms.summing import DEPLOYED, PEOPLE, SEED, child, said
from tests.oracles.reports import slow_total
from tests.whole import daily

WIDE = shipped_form("phu-luc-mo-rong", ("machines", "findings", "connections"))


def total(figures: Mapping[str, SummedFigure], key: str) -> Value:
    return figures[key].total


def check_every_unit(country: Country) -> None:
    rows = [row for row in country.form.counts() if row.aggregation is not Aggregation.NONE]
    for unit, versions in enumerate(country.versions):
        for row in rows:
            if row.aggregation is Aggregation.DISTINCT_MACHINES:
                continue
            slow = slow_total(country, row, unit, len(versions))
            fast = versions[-1].figures[row.id].total
            assert (fast.number if isinstance(fast, GradedCount) else None) == slow, (unit, row.id)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 300), st.integers(0, 60), st.integers(0, 2**32))
def test_B7_every_total_is_what_the_slow_twin_adds_up(
    units: int, corrections: int, seed: int
) -> None:
    country = make_country(SEED, units, seed)
    correct(country, corrections, seed + 1)
    check_every_unit(country)
    assert recompute(country) == []


def test_the_extended_form_adds_up_the_same_way() -> None:
    country = make_country(WIDE, 400, seed=5)
    correct(country, 100, seed=6)
    check_every_unit(country)
    assert recompute(country) == []


def test_B7_the_root_is_the_sum_of_its_leaves_over_many_slots_after_random_corrections() -> None:
    slots = daily(10_000, whole=50_000)
    country = make_country(SEED, slots, seed=2022)
    correct(country, 300, seed=928)
    assert any(len(versions) > 1 for versions in country.versions)
    root = country.latest(0)
    for row in SEED.counts():
        fast = root.figures[row.id].total
        assert isinstance(fast, GradedCount)
        assert fast.number == slow_total(country, row, 0, root.number) > slots
    assert recompute(country) == []


def test_B7_a_total_that_was_tampered_with_is_shown_and_not_repaired() -> None:
    country = make_country(SEED, 200, seed=1)
    root = country.latest(0)
    true = root.figures[PEOPLE]
    assert isinstance(true.total, GradedCount)
    false = replace(true, total=replace(true.total, number=true.total.number + 1))
    figures = {**root.figures, PEOPLE: false}
    (wrong,) = mismatches(SEED, figures, children_of(country, root.used))
    assert (wrong.field, wrong.stored, wrong.computed) == (PEOPLE, false, true)
    assert figures[PEOPLE] is false


@pytest.mark.parametrize(
    "change",
    [
        {"children": 0},
        {"overlap": 4},
        {"unit": CountUnit.MACHINES},
        {"organisations": frozenset({"x"})},
        {"grades": {FigureGrade.MEASURED: 1}},
        {"absent": {AbsenceReason.NIL: 900}},
        {"error": (0, 9)},
        {"total": AbsenceReason.NIL},
    ],
)
def test_B7_no_part_of_a_figure_can_be_changed_unseen(change: dict[str, object]) -> None:
    country = make_country(SEED, 200, seed=1)
    root = country.latest(0)
    figures = {**root.figures, PEOPLE: replace(root.figures[PEOPLE], **change)}
    found = mismatches(SEED, figures, children_of(country, root.used))
    assert [one.field for one in found] == [PEOPLE]


def test_a_figure_that_is_missing_or_not_of_the_form_is_a_mismatch() -> None:
    figures = add_up(SEED, {PEOPLE: said(3)}, (), {})
    odd = {**figures, "machines": figures[PEOPLE]}
    del odd[DEPLOYED]
    assert {one.field for one in mismatches(SEED, odd, ())} == {DEPLOYED, "machines"}


def test_B8_a_unit_under_two_lines_is_counted_once() -> None:
    one = OwnValue(
        GradedCount(2, FigureGrade.MEASURED), organisations=frozenset({"school", "clinic"})
    )
    other = OwnValue(
        GradedCount(3, FigureGrade.MEASURED), organisations=frozenset({"school", "office", "bank"})
    )
    children = (child("line-1", {DEPLOYED: one}), child("line-2", {DEPLOYED: other}))
    figure = add_up(SEED, {}, children, {})[DEPLOYED]
    assert figure.total == GradedCount(4, FigureGrade.MEASURED)
    assert (figure.children, figure.overlap) == (5, 1)
    assert figure.organisations == {"school", "clinic", "office", "bank"}


def test_B8_it_is_counted_once_at_each_level_and_unnamed_ones_stay() -> None:
    unnamed = OwnValue(GradedCount(5, FigureGrade.DECLARED), organisations=frozenset({"school"}))
    low = child("low", {DEPLOYED: unnamed})
    middle = replace(
        child("middle", {}),
        figures=add_up(SEED, {}, (low, child("low-2", {DEPLOYED: unnamed})), {}),
    )
    assert total(middle.figures, DEPLOYED) == GradedCount(9, FigureGrade.DECLARED)
    root = add_up(SEED, {}, (middle, child("other", {DEPLOYED: unnamed})), {})
    assert total(root, DEPLOYED) == GradedCount(13, FigureGrade.DECLARED)


def test_B8_the_same_unit_twice_among_the_children_is_refused_or_used_once() -> None:
    old, new = child("x", {PEOPLE: said(4)}), child("x", {PEOPLE: said(6)}, version=2)
    with pytest.raises(QuetsachError, match="E451"):
        add_up(SEED, {}, (old, new), {})
    once = counted_once((old, new, child("y", {PEOPLE: said(1)})))
    assert [one.used for one in once] == [ChildUse.EXCLUDED, ChildUse.YES, ChildUse.YES]
    assert once[0].reason
    assert total(add_up(SEED, {}, once, {}), PEOPLE) == GradedCount(7, FigureGrade.DECLARED)


def test_B8_a_merged_unit_is_counted_as_the_old_ones_or_the_new_one_never_both() -> None:
    a, b = child("a", {PEOPLE: said(3)}), child("b", {PEOPLE: said(4)})
    merged = child("c", {PEOPLE: said(7)}, continues=("a", "b"))
    with pytest.raises(QuetsachError, match="E451"):
        add_up(SEED, {}, (a, b, merged), {})
    left = replace(merged, used=ChildUse.EXCLUDED, reason="đã tính ở đơn vị cũ")
    assert total(add_up(SEED, {}, (a, b, left), {}), PEOPLE) == GradedCount(7, FigureGrade.DECLARED)
    assert total(add_up(SEED, {}, (merged,), {}), PEOPLE) == GradedCount(7, FigureGrade.DECLARED)


def test_a_child_whose_form_does_not_ask_has_not_collected_it() -> None:
    wide = shipped_form("phu-luc-mo-rong", ("cost",))
    figure = add_up(wide, {"hours": said(4)}, (child("a", {PEOPLE: said(1)}),), {})["hours"]
    assert figure.total == GradedCount(4, FigureGrade.DECLARED)
    assert figure.absent == {AbsenceReason.NOT_COLLECTED: 1}


@pytest.mark.parametrize(
    ("own", "children", "adjustments"),
    [
        ({"nothing": said(1)}, (), {}),
        ({}, (), {"nothing": Adjustment(1, "x")}),
        ({}, (child("a", {}, used=ChildUse.EXCLUDED, reason=" "),), {}),
        ({PEOPLE: said(4)}, (), {PEOPLE: Adjustment(-5, "trùng")}),
        ({PEOPLE: said(4)}, (), {PEOPLE: Adjustment(-1, " ")}),
        ({PEOPLE: said(4)}, (), {PEOPLE: Adjustment(2**60, "x")}),
        ({PEOPLE: said(4)}, (), {"proposals": Adjustment(1, "x")}),
        ({PEOPLE: OwnValue(TextValue("four", None))}, (), {}),
        ({PEOPLE: said(2**53)}, (child("a", {PEOPLE: said(1)}),), {}),
    ],
)
def test_what_cannot_be_added_up_is_refused_with_words(own, children, adjustments) -> None:
    with pytest.raises(QuetsachError, match="E451"):
        add_up(SEED, own, children, adjustments)


def test_words_of_children_are_listed_with_who_said_them_and_never_run_together() -> None:
    a = child("a", {"proposals": OwnValue(TextValue("Thêm máy", FigureGrade.DECLARED))})
    b = child("b", {"proposals": OwnValue(TextValue("Thêm người", FigureGrade.DECLARED))})
    silent = replace(child("s", {}), figures=add_up(SEED, {}, (b,), {}))
    figure = add_up(SEED, {"proposals": OwnValue(TextValue("Chung", None))}, (a, silent), {})[
        "proposals"
    ]
    assert figure.total == TextValue("Chung", None)
    assert figure.said == (
        UnitWords("a", "Đơn vị a", TextValue("Thêm máy", FigureGrade.DECLARED)),
        UnitWords("b", "Đơn vị b", TextValue("Thêm người", FigureGrade.DECLARED)),
    )


def test_tables_of_children_are_listed_too() -> None:
    form = shipped_form("phu-luc-mo-rong", ("reach",))
    rows = FieldRows((("12/CV", "9/9/2022", "Về chiến dịch"),))
    figure = add_up(form, {}, (child("a", {"letters_list": OwnValue(rows)}, form),), {})[
        "letters_list"
    ]
    assert [one.value for one in figure.said] == [rows]


def test_the_latest_answer_stands_and_says_whose_it_is() -> None:
    form = shipped_form("phu-luc-mo-rong", ("connections",))
    noon = datetime(2026, 9, 1, 12, tzinfo=UTC)
    old = child("a", {"list_version": OwnValue(TextValue("v1", None))}, form, at=noon)
    late = noon + timedelta(hours=1)
    new = child("b", {"list_version": OwnValue(TextValue("v2", None))}, form, at=late)
    for children in ((old, new), (new, old)):
        figure = add_up(form, {}, children, {})["list_version"]
        assert figure.total == TextValue("v2", None)
        assert [one.node for one in figure.said] == ["b"]
    own = add_up(form, {"list_version": OwnValue(TextValue("v3", None))}, (old, new), {})[
        "list_version"
    ]
    assert own.total == TextValue("v3", None)


def test_what_is_not_added_up_stays_with_its_unit() -> None:
    form = shipped_form("phu-luc-mo-rong", ("connections",))
    figure = add_up(form, {}, (child("a", {"indicators_met": said(4)}, form),), {})
    assert figure["indicators_met"].total is AbsenceReason.MISSING
    assert figure["indicators_met"].children is None
