"""The lines of the letter that decide a step stand beside it, the deciding words marked."""

import json
from pathlib import Path
from typing import Any

import pytest

from quetsach_portal.campaigns.letter_lines import MOST_SHOWN, letter_lines

SAMPLE = Path(__file__).parents[2] / "letters/samples/district-letter.expected.json"


@pytest.fixture(scope="module")
def letter() -> dict[str, Any]:
    read = json.loads(SAMPLE.read_text("utf-8"))
    return read.get("letter", read)


def marked(letter: dict[str, Any], step: int) -> list[str]:
    lines = letter_lines(letter, step)
    return [text for line in lines for text, is_marked in line.pieces if is_marked]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (1, ["Số: ", "ngày "]),
        (2, ["(03 hệ)", "các xã, thị trấn"]),
        (3, ["trước ngày 29/9/2022"]),
        (6, ["KT. CHỦ TỊCH", "Trần Thị Minh"]),
        (7, ["trước ngày 29/9/2022"]),
    ],
)
def test_the_words_that_decide_a_step_are_marked(
    letter: dict[str, Any], step: int, words: list[str]
) -> None:
    assert set(words) <= set(marked(letter, step))


def test_a_line_is_quoted_as_it_stands_with_its_place(letter: dict[str, Any]) -> None:
    (line,) = letter_lines(letter, 2)
    assert line.place.endswith("14")
    assert "".join(text for text, _is in line.pieces) == letter["addressees"]["source"]["text"]


def test_a_long_line_is_cut_around_its_first_deciding_word() -> None:
    text = "a" * 5000 + " trước ngày 29/9/2022 " + "b" * 5000
    (line,) = letter_lines({"due": {"value": "x", "source": {"text": text}}}, 3)
    assert ("trước ngày 29/9/2022", True) in line.pieces
    assert sum(len(piece) for piece, _is in line.pieces) <= MOST_SHOWN + 4
    assert line.pieces[0] == ("… ", False)
    assert line.pieces[-1] == (" …", False)


@pytest.mark.parametrize("letter", [{}, {"due": None}, {"due": {"source": None}}, {"tasks": [{}]}])
def test_a_letter_without_the_field_has_no_line(letter: dict[str, Any]) -> None:
    assert not any(letter_lines(letter, step) for step in range(1, 9))


def test_lines_stand_in_the_order_of_the_letter_and_none_within_another(
    letter: dict[str, Any],
) -> None:
    lines = ["".join(text for text, _is in line.pieces) for line in letter_lines(letter, 6)]
    assert lines == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Thị Minh"]
