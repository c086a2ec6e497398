"""The demo's letter reads as one: a due date, the form that is filled, and the demo's own list."""

from quetsach.api import letters
from quetsach.demo.lists import ANNEX, LETTER, LISTED
from tests.demo.reading import Built


def test_the_letter_of_the_demo_says_what_the_demo_does(built: Built) -> None:
    letter = letters.read_letter(built.root / LETTER)
    assert (letter.number.value, letter.code.value) == (None, "UBND-TH")
    assert (letter.date.value, letter.date.partial) == (None, "2022-09")
    assert letter.due.value == "2022-09-28T23:59:59+07:00"
    assert letter.report_through.value == "Văn phòng HĐND và UBND"
    form, listed = letter.appendices
    assert form.known_form == "phu-luc-2022"
    wanted = [one.shown.replace(".", "[.]") for one in LISTED if one.list_name == ANNEX]
    assert [row.label for row in listed.tables[0].rows] == wanted
    assert [one.code for one in letter.questions] == ["date-partial", "number", "who"]
