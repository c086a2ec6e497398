"""Values, their grades, and what is left open."""

from typing import Any

import pytest

from quetsach.documents.fill import fill_from_findings
from quetsach.documents.form_paper import compose
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.paper import Grid
from quetsach.errors import QuetsachError
from quetsach.forms.definition import Form
from quetsach.forms.values import Absent, Count, Filling, Grade, Words


def test_findings_fill_the_assessment_and_never_the_counts(filling: Filling, form: Form) -> None:
    assert set(filling.values) == {"unit", "assessment"}
    assessment = filling.words("assessment")
    assert isinstance(assessment, Words)
    assert assessment.grade is Grade.MEASURED
    assert form.sections[1].table is not None
    assert [filling.count(row.id) for row in form.sections[1].table.rows] == [Absent.MISSING] * 3


@pytest.mark.parametrize("unit", [None, "", "  "])
def test_a_unit_that_is_not_given_stays_open(
    form: Form, summary: Any, coverage: Any, unit: str | None
) -> None:
    assert fill_from_findings(form, summary, coverage, unit).words("unit") is Absent.MISSING


def test_a_value_without_a_place_in_the_form_is_refused(form: Form) -> None:
    with pytest.raises(QuetsachError) as caught:
        compose(form, Filling({"machines": Count(3, Grade.DECLARED)}), Letterhead())
    assert caught.value.problem.code == "E403"


@pytest.mark.parametrize(
    "values",
    [
        {"unit": Count(3, Grade.DECLARED)},
        {"people_took_part": Words("many", Grade.DECLARED)},
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(form: Form, values: Any) -> None:
    with pytest.raises(QuetsachError) as caught:
        compose(form, Filling(values), Letterhead())
    assert caught.value.problem.code == "E403"


def test_zero_nil_not_collected_and_blank_print_differently(form: Form) -> None:
    def cells(value: Count | Absent) -> tuple[str, str]:
        paper = compose(form, Filling({"people_took_part": value}), Letterhead())
        (grid,) = [block for block in paper.blocks if isinstance(block, Grid)]
        return grid.rows[2][2], grid.rows[2][3]

    printed = [cells(Count(0, Grade.ATTESTED)), *map(cells, Absent)]
    assert printed[0] == ("0", "Có minh chứng")
    assert printed[1] == ("............", "")
    assert printed[2:] == [
        ("", "Không phát sinh"),
        ("", "Không thu thập"),
        ("", "Không áp dụng"),
    ]


def test_a_count_shows_its_grade_and_its_remark(form: Form) -> None:
    count = Count(12_345, Grade.DECLARED, "cả\nđơn vị trực thuộc")
    paper = compose(form, Filling({"people_took_part": count}), Letterhead())
    (grid,) = [block for block in paper.blocks if isinstance(block, Grid)]
    assert grid.rows[2][2:] == ("12.345", "Tự khai; cả đơn vị trực thuộc")
