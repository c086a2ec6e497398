"""Numbers as people type them; an empty field is not 0, and a doubt is refused with words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.values import (
    MOST,
    AbsenceReason,
    ChosenAnswers,
    FieldRows,
    FigureGrade,
    GradedCount,
    TextValue,
    absent_words,
    format_number,
    format_value,
    read_count,
)
from quetsach.texts import in_language


@pytest.mark.parametrize(
    "typed",
    [
        "1234",
        "1.234",
        "1,234",
        "1 234",
        " 1234 ",
        "１２３４",
        "1\u00a0234",
        "1\u202f234",
        "１．２３４",
        "01234",
    ],
)
def test_B5_one_number_in_all_its_spellings(typed: str) -> None:
    assert read_count(typed) == 1234
    assert format_number(read_count(typed)) == "1.234"


@pytest.mark.parametrize(
    "typed",
    [
        *("12a", "-1", "1e3", "1.5", "", "   ", "+5", "0x10", "1.23", "1.2345", "12.34.567"),
        *("1.234,567", "1,234.567", "1..234", ".234", "1.", "0.500", "0,5", "1 2", "1²", "١٢٣٤"),
        *(
            "½",
            "NaN",
            "inf",
            "1_000",
            "1\n234",
            "−7",
            "–7",
            "12 người",
            "1.234.56",
            "Ⅳ",
            "1\u200b2",
        ),
        *("9" * 16, "9" * 5000, "999.999.999.999", "\x001", "1;2", "=1+2"),
    ],
)
def test_B5_what_is_no_whole_number_is_refused_with_words(typed: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        read_count(typed, "people")
    assert caught.value.problem.code == "E453"
    assert caught.value.problem.where == "people"
    assert caught.value.problem.facts["reason"]


def test_B5_the_words_say_what_is_wrong() -> None:
    def why(typed: str) -> str:
        with in_language("en"), pytest.raises(QuetsachError) as caught:
            read_count(typed)
        return str(caught.value.problem.facts["reason"])

    assert "an empty field is not 0" in why("")
    assert "sign" in why("-1")
    assert "fraction" in why("1.5")
    assert "exponent" in why("1e3")
    assert "not a digit" in why("12a")
    assert "threes" in why("12.34.567")


@given(st.integers(0, MOST))
def test_B5_what_is_shown_is_read_back(number: int) -> None:
    assert read_count(format_number(number)) == number
    assert read_count(f"{number:,}") == number
    assert read_count(str(number)) == number


@given(st.text(max_size=60))
def test_B5_any_text_is_a_number_in_range_or_refused(typed: str) -> None:
    try:
        number = read_count(typed)
    except QuetsachError as refusal:
        assert refusal.problem.code == "E453"  # noqa: PT017 - a value is as good
    else:
        assert 0 <= number <= MOST
        assert any(sign.isdigit() for sign in typed)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_B9_the_five_ways_of_no_number_look_unlike(language) -> None:
    with in_language(language):
        spoken = [
            format_value(GradedCount(0, FigureGrade.DECLARED)),
            *map(absent_words, AbsenceReason),
        ]
    assert len(set(spoken)) == 5
    assert spoken[0] == "0"
    assert "0" not in "".join(spoken[1:])


def test_every_kind_of_value_is_shown_as_text() -> None:
    assert format_value(TextValue("Đã làm", None)) == "Đã làm"
    assert format_value(GradedCount(1284, FigureGrade.MEASURED)) == "1.284"
    assert format_value(ChosenAnswers(("quick", "full"))) == "quick; full"
    assert format_value(FieldRows((("a", "b"), ("c", "d")))) == "a | b; c | d"
