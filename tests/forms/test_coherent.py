"""A figure that does not fit itself is seen without asking anybody below."""

from dataclasses import replace

from quetsach.forms.coherent import misfit, parts_sum
from quetsach.forms.figure import Adjustment, Figure
from quetsach.forms.own import Own
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import Absent, Count, Grade

ENTRY = shipped_form("phu-luc-2022").counts()[0]
TRUE = Figure(
    Own(Count(36, Grade.MEASURED)), 31, Adjustment(1, "sót"), Count(38, Grade.DECLARED), overlap=30
)


def test_parts_make_the_total() -> None:
    assert parts_sum(TRUE) == 38
    assert misfit(ENTRY, TRUE) is None
    assert misfit(ENTRY, replace(TRUE, overlap=29)) == (38, 39)


def test_grades_make_the_total_where_there_are_any() -> None:
    graded = replace(TRUE, grades={Grade.MEASURED: 66, Grade.DECLARED: 1})
    assert misfit(ENTRY, graded) == (38, 67)
    assert misfit(ENTRY, replace(TRUE, grades={Grade.MEASURED: 37, Grade.DECLARED: 1})) is None


def test_what_is_no_number_has_no_sum() -> None:
    assert misfit(ENTRY, replace(TRUE, total=Absent.NIL)) is None
