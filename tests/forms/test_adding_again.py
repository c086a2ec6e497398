"""Adding up again at a glance says what adding up anew says, whatever was changed by whomever."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bench.reports_country import children_of, correct, make_country
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.adding import adds_up, mismatches
from quetsach.forms.definition import CountUnit, ReportFormDefinition
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import (
    AbsenceReason,
    Adjustment,
    ChildContribution,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    SummedFigure,
    TextValue,
    UnitWords,
)
from tests.oracles.reports import slow_mismatches

WIDE = shipped_form("phu-luc-mo-rong")
OTHER: Mapping[str, Sequence[Any]] = {
    "own": (
        None,
        OwnValue(AbsenceReason.NIL),
        OwnValue(GradedCount(3, FigureGrade.MEASURED)),
        OwnValue(TextValue("ba", None)),
    ),
    "children": (None, 0, 7),
    "adjustment": (None, Adjustment(1, "sót"), Adjustment(-900_000, "trùng"), Adjustment(1, " ")),
    "total": (
        AbsenceReason.NIL,
        AbsenceReason.MISSING,
        GradedCount(7, FigureGrade.ATTESTED),
        TextValue("bảy", None),
    ),
    "organisations": (None, frozenset(), frozenset({"n1"})),
    "sketch": (None, bytes.fromhex("01030300001ecc93"), b"no sketch"),
    "error": (None, (0, 9)),
    "unit": (None, CountUnit.TURNS, CountUnit.MACHINES),
    "overlap": (0, 2),
    "grades": ({}, {FigureGrade.MEASURED: 3}, {FigureGrade.DECLARED: 1, FigureGrade.MEASURED: 2}),
    "absent": ({}, {AbsenceReason.NIL: 1}, {AbsenceReason.MISSING: 2}),
    "said": ((), (UnitWords("n1", "Đơn vị 1", TextValue("một", None)),)),
}


def told(
    form: ReportFormDefinition,
    figures: Mapping[str, SummedFigure],
    children: Sequence[ChildContribution],
) -> object:
    try:
        return {one.field for one in mismatches(form, figures, children)}
    except QuetsachError as error:
        return error.problem.code


def told_slowly(
    form: ReportFormDefinition,
    figures: Mapping[str, SummedFigure],
    children: Sequence[ChildContribution],
) -> object:
    try:
        return slow_mismatches(form, figures, children)
    except QuetsachError as error:
        return error.problem.code


def test_what_nobody_changed_is_seen_at_a_glance() -> None:
    country = make_country(WIDE, 60, seed=3)
    correct(country, 20, seed=4)
    for unit in range(60):
        last = country.latest(unit)
        assert adds_up(WIDE, last.figures, children_of(country, last.used))


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_changed_both_say_the_same(seed: int) -> None:
    chance = random.Random(seed)
    country = make_country(WIDE, 45, seed=seed)
    entries = [entry.id for entry in WIDE.entries()]
    seen = set()
    for _turn in range(120):
        # The units that most have below, a province and its communes, and those that have none.
        last = country.latest(chance.choice((0, chance.randrange(35), chance.randrange(45))))
        children = children_of(country, last.used)
        key, part = chance.choice(entries), chance.choice(sorted(OTHER))
        changed = replace(last.figures[key], **{part: chance.choice(OTHER[part])})
        figures = {**last.figures, key: changed}
        if chance.random() < 0.1:
            del figures[key]
        found = told(WIDE, figures, children)
        assert found == told_slowly(WIDE, figures, children)
        seen.add(str(found) if isinstance(found, str) else len(found))
    assert seen >= {0, 1, "E451"}


@pytest.mark.parametrize(
    "value",
    [
        TextValue("ba", None),
        ChosenAnswers(("a",)),
        FieldRows((("a",),)),
        GradedCount(3, FigureGrade.DECLARED),
    ],
)
def test_a_value_of_another_kind_is_judged_as_adding_up_judges_it(value: Any) -> None:
    for key in ("people_took_part", "assessment", "tier", "machines_scanned"):
        country = make_country(WIDE, 1, seed=1)
        own = OwnValue(value)
        figures = country.latest(0).figures
        figures = {**figures, key: replace(figures[key], own=own, total=value)}
        assert told(WIDE, figures, ()) == told_slowly(WIDE, figures, ())
