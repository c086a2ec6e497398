"""What is odd about a report: a warning asks for a reason, the impossible for another figure."""

from dataclasses import replace

import pytest

from quetsach.forms.adding import add_up
from quetsach.forms.checks import TEXTS, FormRemark, check, open_findings
from quetsach.forms.definition import CheckRule, FormCheck, Severity
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import (
    MOST,
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    OwnValue,
    SummedFigure,
    TextValue,
    Value,
)

SEED = shipped_form("phu-luc-2022")
WIDE = shipped_form("phu-luc-mo-rong")
PEOPLE, INFORMED, DEPLOYED = (
    "people_took_part",
    "organisations_informed",
    "organisations_deployed",
)
SOUND: dict[str, Value] = {
    INFORMED: GradedCount(10, FigureGrade.DECLARED),
    DEPLOYED: GradedCount(8, FigureGrade.DECLARED),
    PEOPLE: GradedCount(40, FigureGrade.DECLARED),
}


def figures(values: dict[str, Value], reason: str = "", form=SEED) -> dict[str, SummedFigure]:
    return add_up(form, {key: OwnValue(one, reason=reason) for key, one in values.items()}, (), {})


def codes(found: tuple[FormRemark, ...]) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in found]


def test_a_sound_report_has_no_finding() -> None:
    assert check(SEED, figures(SOUND), figures(SOUND), {"staff": 40}) == ()


def test_B4_more_people_than_staff_needs_a_reason() -> None:
    (found,) = check(SEED, figures(SOUND), None, {"staff": 39})
    assert (found.field, found.code, found.severity) == (PEOPLE, "not-more", Severity.WARNING)
    assert found.is_open
    assert "40" in found.text("vi")
    assert "39" in found.text("vi")
    (answered,) = check(SEED, figures(SOUND, "có cả người nghỉ hưu"), None, {"staff": 39})
    assert not answered.is_open
    assert answered.reason == "có cả người nghỉ hưu"


def test_B4_more_deployed_than_informed_needs_a_reason() -> None:
    values = {**SOUND, DEPLOYED: GradedCount(11, FigureGrade.DECLARED)}
    assert codes(check(SEED, figures(values))) == [(DEPLOYED, "not-more")]


@pytest.mark.parametrize(("before", "is_found"), [(80, False), (81, True), (40, False), (0, False)])
def test_B4_a_drop_by_more_than_half_needs_a_reason(before: int, is_found: bool) -> None:
    last = figures({**SOUND, PEOPLE: GradedCount(before, FigureGrade.DECLARED)})
    found = check(SEED, figures(SOUND), last)
    assert codes(found) == ([(PEOPLE, "drop")] if is_found else [])


def test_B4_a_drop_to_nothing_said_is_no_number_to_compare() -> None:
    last = figures({**SOUND, PEOPLE: GradedCount(81, FigureGrade.DECLARED)})
    values = {**SOUND, PEOPLE: AbsenceReason.NOT_COLLECTED}
    assert check(SEED, figures(values), last) == ()


def test_B4_a_form_sets_its_own_limit_of_a_drop() -> None:
    last = figures({**SOUND, PEOPLE: GradedCount(50, FigureGrade.DECLARED)})
    rule = FormCheck(CheckRule.DROP, PEOPLE, percent=10, severity=Severity.ERROR)
    (found,) = check(replace(SEED, checks=(rule,)), figures(SOUND), last)
    assert (found.code, found.severity) == ("drop", Severity.ERROR)
    assert check(replace(SEED, checks=(), drop_percent=0), figures(SOUND), last) == ()


def test_B4_what_is_not_known_is_not_asked() -> None:
    assert check(SEED, figures(SOUND), None, {}) == ()
    values = {**SOUND, INFORMED: AbsenceReason.NOT_COLLECTED}
    assert check(SEED, figures(values)) == ()


def test_B4_nil_counts_as_none_in_a_comparison() -> None:
    values = {**SOUND, INFORMED: AbsenceReason.NIL}
    assert codes(check(SEED, figures(values))) == [(DEPLOYED, "not-more")]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        (PEOPLE, AbsenceReason.MISSING, "required"),
        (PEOPLE, GradedCount(MOST + 1, FigureGrade.DECLARED), "too-large"),
        ("proposals", TextValue("x" * 20_001, None), "too-long"),
        ("proposals", ChosenAnswers(("a",)), "wrong-kind"),
    ],
)
def test_B4_the_impossible_is_an_error_that_no_reason_opens(key, value, code) -> None:
    found = check(SEED, figures({**SOUND, key: value}, "vì thế"))
    assert (key, code) in codes(found)
    assert all(one.is_open for one in found if one.code == code)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("tier", ChosenAnswers(("moon",)), "unknown-choice"),
        ("tier", ChosenAnswers(("central", "province")), "unknown-choice"),
        ("letters_list", FieldRows((("only one cell",),)), "bad-row"),
        ("letters_list", FieldRows((("a", "b", "c"),) * 501), "too-many-rows"),
        ("letters_list", FieldRows((("a", "b", "c" * 20_001),)), "too-long"),
    ],
)
def test_choices_and_tables_must_fit_their_form(key, value, code) -> None:
    values = {**SOUND, key: value}
    assert (key, code) in codes(check(WIDE, figures(values, form=WIDE)))


def test_several_answers_are_sound_where_the_form_lets_them() -> None:
    values = {**SOUND, "scan_kind": ChosenAnswers(("quick", "full"))}
    assert check(WIDE, figures(values, form=WIDE)) == ()


def test_parts_that_do_not_make_the_whole_are_named() -> None:
    values = {
        **SOUND,
        "alerts": GradedCount(20, FigureGrade.DECLARED),
        "alerts_machine": GradedCount(8, FigureGrade.DECLARED),
        "alerts_shared": GradedCount(7, FigureGrade.DECLARED),
        "alerts_not_ours": GradedCount(1, FigureGrade.DECLARED),
        "alerts_unclear": GradedCount(1, FigureGrade.DECLARED),
    }
    (found,) = check(WIDE, figures(values, form=WIDE))
    assert found.code == "sum-of"
    assert "17" in found.text("en")
    assert "20" in found.text("en")


def test_a_count_may_ask_for_words() -> None:
    values = {**SOUND, "machines_not_cleaned": GradedCount(2, FigureGrade.DECLARED)}
    assert codes(check(WIDE, figures(values, form=WIDE))) == [("machines_not_cleaned", "needs")]
    values["not_cleaned_why"] = TextValue("Máy đang niêm phong", FigureGrade.DECLARED)
    assert check(WIDE, figures(values, form=WIDE)) == ()


@pytest.mark.parametrize("blank", [TextValue(" \n", None), AbsenceReason.MISSING])
def test_blanks_are_no_answer(blank: Value) -> None:
    form = shipped_form("su-co")
    made = figures({"description": blank, "measures": TextValue("Đã cô lập", None)}, form=form)
    assert ("description", "required") in codes(check(form, made))
    assert ("measures", "required") not in codes(check(form, made))
    assert ("stage", "required") in codes(
        check(form, figures({"stage": ChosenAnswers(())}, form=form))
    )


def test_another_figure_than_the_records_needs_a_reason_and_both_are_kept() -> None:
    own = OwnValue(
        GradedCount(41, FigureGrade.DECLARED), derived=GradedCount(37, FigureGrade.MEASURED)
    )
    made = add_up(SEED, {**{k: OwnValue(v) for k, v in SOUND.items()}, PEOPLE: own}, (), {})
    (found,) = check(SEED, made)
    assert found.code == "differs"
    assert own.needs_reason
    assert "41" in found.text("vi")
    assert "37" in found.text("vi")
    assert open_findings((found,)) == (found,)
    answered = {**made, PEOPLE: replace(made[PEOPLE], own=replace(own, reason="đếm tay"))}
    assert open_findings(check(SEED, answered)) == ()


def test_the_same_figure_with_another_grade_differs_in_nothing() -> None:
    own = OwnValue(
        GradedCount(41, FigureGrade.DECLARED, "tự đếm"),
        derived=GradedCount(41, FigureGrade.MEASURED),
    )
    assert not own.differs
    assert OwnValue(AbsenceReason.NIL, derived=GradedCount(0, FigureGrade.MEASURED)).differs


@pytest.mark.parametrize("code", TEXTS)
def test_every_finding_speaks_both_languages(code: str) -> None:
    names = ("number", "derived", "others", "limit", "before", "most")
    facts = {"label": SEED.counts()[0].label, **dict.fromkeys(names, 1234)}
    found = FormRemark(PEOPLE, code, Severity.WARNING, facts)
    assert found.text("vi") != found.text("en")
    assert "%(" not in found.text("vi")


def test_a_fact_is_named_in_words() -> None:
    (found,) = check(SEED, figures(SOUND), None, {"staff": 1})
    assert "fact:" not in found.text("vi")
    assert "staff" in found.text("en")


def test_people_who_took_part_where_nobody_deployed_need_a_reason() -> None:
    def found(deployed: int, people: int, reason: str = "") -> tuple[FormRemark, ...]:
        numbers = {DEPLOYED: deployed, PEOPLE: people}
        values = {key: GradedCount(one, FigureGrade.DECLARED) for key, one in numbers.items()}
        return check(SEED, figures({**SOUND, **values}, reason))

    (contradiction,) = found(0, 27)
    assert (contradiction.field, contradiction.code) == (PEOPLE, "not-without")
    assert contradiction.is_open
    assert "27" in contradiction.text("vi")
    (answered,) = found(0, 27, "học tập trung tại huyện")
    assert not answered.is_open
    assert found(1, 27) == found(0, 0) == ()
