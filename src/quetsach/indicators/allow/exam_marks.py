"""The marks of an exam in a set of indicators: never malware, whatever list they stand on."""

from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from quetsach.indicators.indicator_set import IndicatorTable, indicator_table
from quetsach.indicators.model import Indicator, IndicatorSet

EXAM_LABEL = "quetsach-exam"
"""The label with which the list of an exam writes its marks."""

EXAM_CLASS = "exam"

LIST_HEADINGS = ("indicator", "label")
"""The columns of such a list, a CSV."""

MOST_ROWS = 20_000
"""No list of an exam is longer."""


def set_marks_aside(indicator_set: IndicatorSet) -> IndicatorSet:
    """Return the set with the marks of exams in a class of allow-lists, so that nobody is blamed.

    Only what every one of its lists calls a mark is one: a list that names malware is not silenced
    by another.
    Cost: great lists, of which none can be an exam's, are not looked through.
    """
    small = (one for one in indicator_set.readings if one.form == "csv" and one.rows <= MOST_ROWS)
    if not any(reading.column == LIST_HEADINGS[0] for reading in small):
        return indicator_set
    table = indicator_table(indicator_set)
    marks = list(_marked(table))
    return replace(indicator_set, indicators=table.changed(marks)) if marks else indicator_set


def _marked(table: IndicatorTable) -> Iterator[Indicator]:
    for indicator in table.with_claim(lambda claim: claim.label == EXAM_LABEL):
        if _is_mark(indicator):
            classes = sorted({*indicator.allow_classes, EXAM_CLASS})
            yield structs.replace(indicator, allow_classes=tuple(classes))


def _is_mark(indicator: Indicator) -> bool:
    return all(origin.claim.label == EXAM_LABEL for origin in indicator.origins)
