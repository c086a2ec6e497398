"""Forms about ranges and answers."""

from quetsach_portal.ranges.forms import (
    AllotForm,
    DecisionForm,
    PrefixFileForm,
    RangeEndForm,
    RangeFileForm,
    RangeForm,
    UnitAnswerForm,
)


def test_a_range_needs_a_unit_addresses_and_how_it_is_known() -> None:
    assert set(RangeForm({}).errors) == {"unit", "text", "source"}
    good = {"unit": "TC01", "text": "203.0.113.0/28", "source": "x", "since": "30/11/2026"}
    assert RangeForm(good).is_valid()
    assert set(RangeForm({**good, "since": "31/02/2026"}).errors) == {"since"}


def test_files_are_needed() -> None:
    assert "upload" in RangeFileForm({}, {}).errors
    assert set(PrefixFileForm({}, {}).errors) == {"upload", "as_of"}
    assert set(AllotForm({}, {}).errors) == {"upload", "due"}


def test_only_questions_of_the_page_are_answered() -> None:
    given = {"questions": ["1", "2"], "answer": "not-ours", "looked_at": "x"}
    form = UnitAnswerForm(given, choices=[(1, "1"), (2, "2")])
    assert form.is_valid()
    assert form.cleaned_data["questions"] == [1, 2]
    assert set(UnitAnswerForm(given, choices=[(1, "1")]).errors) == {"questions"}
    wrong = {**given, "answer": "taken"}
    assert set(UnitAnswerForm(wrong, choices=[(1, "1"), (2, "2")]).errors) == {"answer"}


def test_by_link_it_is_said_what_was_looked_at_and_no_case() -> None:
    form = UnitAnswerForm({"questions": ["1"], "answer": "found"}, choices=[(1, "1")], by_link=True)
    assert set(form.errors) == {"looked_at"}
    assert "case_number" not in form.fields


def test_an_end_needs_no_day_and_a_decision_a_unit() -> None:
    assert RangeEndForm({}).is_valid()
    assert set(DecisionForm({"address": "203.0.113.1"}).errors) == {"unit"}
