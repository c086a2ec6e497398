"""Values, their grades, and what is left open."""

from typing import Any

import pytest

from quetsach.documents.reports.sweep_report import fill_from_findings
from quetsach.documents.typeset.content import DocumentTable
from quetsach.documents.typeset.form_paper import compose
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.values import AbsenceReason, FigureGrade, FilledForm, GradedCount, TextValue


def test_findings_fill_the_assessment_and_never_the_counts(
    filling: FilledForm, form: ReportFormDefinition
) -> None:
    assert set(filling.values) == {"unit", "assessment"}
    assessment = filling.words("assessment")
    assert isinstance(assessment, TextValue)
    assert assessment.grade is FigureGrade.MEASURED
    assert form.sections[1].table is not None
    assert [filling.count(row.id) for row in form.sections[1].table.rows] == [
        AbsenceReason.MISSING
    ] * 3


@pytest.mark.parametrize("unit", [None, "", "  "])
def test_a_unit_that_is_not_given_stays_open(
    form: ReportFormDefinition, summary: Any, coverage: Any, unit: str | None
) -> None:
    assert fill_from_findings(form, summary, coverage, unit).words("unit") is AbsenceReason.MISSING


def test_a_value_without_a_place_in_the_form_is_refused(form: ReportFormDefinition) -> None:
    with pytest.raises(QuetsachError) as caught:
        compose(form, FilledForm({"machines": GradedCount(3, FigureGrade.DECLARED)}), Letterhead())
    assert caught.value.problem.code == "E403"


@pytest.mark.parametrize(
    "values",
    [
        {"unit": GradedCount(3, FigureGrade.DECLARED)},
        {"people_took_part": TextValue("many", FigureGrade.DECLARED)},
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(form: ReportFormDefinition, values: Any) -> None:
    with pytest.raises(QuetsachError) as caught:
        compose(form, FilledForm(values), Letterhead())
    assert caught.value.problem.code == "E403"


def test_zero_nil_not_collected_and_blank_print_differently(form: ReportFormDefinition) -> None:
    def cells(value: GradedCount | AbsenceReason) -> tuple[str, str]:
        paper = compose(form, FilledForm({"people_took_part": value}), Letterhead())
        (grid,) = [block for block in paper.blocks if isinstance(block, DocumentTable)]
        return grid.rows[2][2], grid.rows[2][3]

    printed = [cells(GradedCount(0, FigureGrade.ATTESTED)), *map(cells, AbsenceReason)]
    assert printed[0] == ("0", "Có minh chứng")
    assert printed[1] == ("............", "")
    assert printed[2:] == [
        ("", "Không phát sinh"),
        ("", "Không thu thập"),
        ("", "Không áp dụng"),
    ]


def test_a_count_shows_its_grade_and_its_remark(form: ReportFormDefinition) -> None:
    count = GradedCount(12_345, FigureGrade.DECLARED, "cả\nđơn vị trực thuộc")
    paper = compose(form, FilledForm({"people_took_part": count}), Letterhead())
    (grid,) = [block for block in paper.blocks if isinstance(block, DocumentTable)]
    assert grid.rows[2][2:] == ("12.345", "Tự khai; cả đơn vị trực thuộc")
