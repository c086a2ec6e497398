"""Passages become numbered paragraphs; the last of them ends the letter."""

import pytest

from quetsach.documents.letters.letter import LetterPassage, PassageLevel
from quetsach.documents.letters.paper import ended, numbered
from quetsach.documents.typeset.content import ParagraphRole, TextFitter, TextRun, plain
from tests.documents.letters import passage

POINT, SUB, DASH = PassageLevel.POINT, PassageLevel.SUBPOINT, PassageLevel.DASH


def texts(*passages: LetterPassage, language: str = "vi") -> list[str]:
    return [one.text for one in numbered(passages, TextFitter(), language)]


def test_points_are_counted_and_their_letters_begin_anew() -> None:
    assert texts(
        passage("mở đầu"),
        passage("một", POINT),
        passage("x", SUB),
        passage("y", SUB),
        passage("xen giữa"),
        passage("hai", POINT),
        passage("z", SUB),
        passage("gạch", DASH),
    ) == ["mở đầu", "1. một", "a) x", "b) y", "xen giữa", "2. hai", "a) z", "- gạch"]


def test_the_letters_are_those_of_the_language() -> None:
    five = [passage("x", SUB)] * 8
    assert [text[:2] for text in texts(*five)] == ["a)", "b)", "c)", "d)", "đ)", "e)", "g)", "h)"]
    assert [text[:2] for text in texts(*five, language="en")][4:] == ["e)", "f)", "g)", "h)"]


def test_behind_the_last_letter_they_are_doubled() -> None:
    many = texts(*[passage("x", SUB)] * 25)
    assert [text.split(")")[0] for text in many[21:]] == ["x", "y", "aa", "ab"]


def test_each_line_is_a_paragraph_and_only_the_first_is_numbered() -> None:
    assert texts(passage("một\n\n  hai \r\nba", POINT)) == ["1. một", "hai", "ba"]
    assert texts(passage(" \n ", POINT), passage("x", POINT)) == ["1. x"]


def test_emphasis_is_kept_across_lines() -> None:
    both = LetterPassage((TextRun("a "), TextRun("b\nc", strong=True), TextRun(" d")))
    first, second = numbered((both,), TextFitter(), "vi")
    assert first.pieces == (TextRun("a "), TextRun("b", strong=True))
    assert second.pieces == (TextRun("c", strong=True), TextRun(" d"))


def test_what_cannot_be_printed_is_kept_account_of() -> None:
    fitting = TextFitter()
    assert [one.text for one in numbered((passage("a\x01漢"),), fitting, "vi")] == ["a□□"]
    assert [one.sign for one in fitting.unfit] == ["\x01", "漢"]


@pytest.mark.parametrize(
    ("text", "end"),
    [("xong", "xong./."), ("xong.", "xong./."), ("xong./.", "xong./."), ("xong;", "xong./.")],
)
def test_the_last_paragraph_ends_with_the_sign_of_the_end(text: str, end: str) -> None:
    before = plain(ParagraphRole.ITEM, "trước.")
    *others, last = ended([before, plain(ParagraphRole.ITEM, text)])
    assert others == [before]
    assert last.text == end
    assert last.role is ParagraphRole.ENDING
