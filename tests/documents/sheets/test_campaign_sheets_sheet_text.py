"""Texts of others on a sheet: one line, cut visibly, and no word too long for its place."""

import pytest

from quetsach.documents.sheets.campaign_sheets import fitted

BREAK = "\u200b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  a \n\t b ", "a b"),
        ("Xa\u0303", "Xã"),
        ("a\x01\U0001f600", "a□□"),
        ("x" * 10, "x" * 10),
        ("y " * 10, "y y y y y…"),
    ],
)
def test_a_text_is_shown_on_one_line(text: str, shown: str) -> None:
    assert fitted(text, 10) == shown


def test_a_cut_text_says_so_even_when_it_is_of_megabytes() -> None:
    assert fitted("a" * 10_000_000, 12).replace(BREAK, "") == "a" * 11 + "…"
    assert fitted(" " * 1000 + "b", 12) == "…"


def test_a_long_word_gets_places_to_break_and_loses_no_sign() -> None:
    made = fitted("w" * 40, 50)
    assert BREAK in made
    assert made.replace(BREAK, "") == "w" * 40
