"""What a letter must have before it is printed: a reason for each thing that is missing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from quetsach.documents.letters.letter import (
    MOST_ANNEXES,
    MOST_IN_SUBJECT,
    LetterAppendix,
    LetterTable,
    OfficialLetter,
    checked_letter,
)
from quetsach.documents.typeset.content import QrMark
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import language, use_language
from tests.documents.letters import full, passage, usual


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


def with_text(**more: object) -> OfficialLetter:
    return replace(usual(), text=replace(usual().text, **more))


def with_table(*rows: tuple[str, ...], heads: tuple[str, ...] = ("A", "B")) -> OfficialLetter:
    return replace(usual(), annexes=(LetterAppendix("Bảng", (LetterTable(heads, rows),)),))


@pytest.mark.parametrize(
    ("letter", "reason"),
    [
        (with_text(subject=" "), "the subject is missing"),
        (with_text(subject="x" * (MOST_IN_SUBJECT + 1)), "longer than 500"),
        (with_text(body=()), "the body is missing"),
        (with_text(body=(passage(" \n "),)), "the body is missing"),
        (replace(usual(), head=replace(usual().head, number=0)), "the number is less than 1"),
        (replace(usual(), annexes=(LetterAppendix("", (passage("x"),)),)), "an annex has no title"),
        (
            replace(usual(), annexes=(LetterAppendix("x", (passage("x"),)),) * (MOST_ANNEXES + 1)),
            "at most 50 annexes",
        ),
        (with_table(("1",)), "row 1 of a table"),
        (with_table(("1", "2"), ("1", "2", "3")), "row 2 of a table"),
        (with_table(heads=()), "1 to 10 columns"),
        (with_table(heads=("x",) * 11), "1 to 10 columns"),
        (replace(usual(), contact=("a", "b", "c")), "the foot of page 1"),
        (replace(usual(), mark=QrMark("", "x")), "a QR code holds"),
        (replace(usual(), mark=QrMark("x" * 301, "x")), "a QR code holds"),
        (replace(usual(), mark=QrMark("https://a.example/\n", "x")), "a QR code holds"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_its_reason(
    letter: OfficialLetter, reason: str
) -> None:
    with pytest.raises(QuetsachError) as caught:
        checked_letter(letter)
    assert caught.value.problem.code == "E422"
    assert reason in str(caught.value)


def test_a_whole_letter_passes_as_it_is() -> None:
    for letter in (usual(), full()):
        assert checked_letter(letter) is letter
