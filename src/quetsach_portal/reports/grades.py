"""The three grades of a figure, in words, and how much of a total has which."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.reports import Count, Grade, Value, shown

WORDS = {
    Grade.MEASURED: _lazy("counted from records"),
    Grade.ATTESTED: _lazy("backed by proof"),
    Grade.DECLARED: _lazy("declared"),
}


def words_of(value: Value | None) -> str:
    """Return how far a value is to be trusted, in words; "" for what is none."""
    grade = getattr(value, "grade", None)
    return str(WORDS[grade]) if isinstance(grade, Grade) else ""


def shares(total: Value, grades: Mapping[Grade, int]) -> list[str]:
    """Return how much of a total is known how: "12 declared" where it is known in several ways.

    Where something was counted once, or taken off, nobody knows how much: the weakest is named.
    """
    if not isinstance(total, Count):
        return []
    found = {grade: number for grade, number in grades.items() if number}
    if not found and total.number and total.grade is not Grade.MEASURED:
        return [_("its weakest part: %(grade)s") % {"grade": words_of(total)}]
    if len(found) < 2:
        return [words_of(total)]
    return [
        _("%(number)s %(grade)s") % {"number": shown(number), "grade": WORDS[grade]}
        for grade, number in found.items()
    ]
