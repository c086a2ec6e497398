"""The fixed words of documents."""

from quetsach.documents.typeset.wording import official_words
from quetsach.forms.values import (
    AbsenceReason,
    FigureGrade,
)


def test_words_of_every_absence_are_there() -> None:
    words = official_words()
    for table in (words.value.absent, words.value.absent_units, words.children.sign):
        assert set(table) == set(AbsenceReason)
    assert set(words.value.graded) == set(FigureGrade)
