"""Another typeface shows what Times New Roman lacks; what none shows is never taken for shown."""

from pathlib import Path

import pytest

from quetsach.documents.character_map import CharacterMap
from quetsach.documents.typeset.content import TextFitter
from quetsach.documents.typeset.typst import Face, FallbackFont, shows, with_others
from tests.documents.test_character_map import GROUPS, SEGMENTS

TIMES = Face("Liberation Serif", (Path("liberation"),))
KHMER = FallbackFont("Noto Serif Khmer", Path("noto"), CharacterMap(12, GROUPS))
LATIN = FallbackFont("Liberation Serif", Path("liberation"), CharacterMap(4, SEGMENTS))


@pytest.fixture
def two(others: list[FallbackFont]) -> None:
    others += [LATIN, KHMER]


@pytest.mark.usefixtures("two")
def test_the_typeface_that_shows_a_character_stands_beside_the_usual_one() -> None:
    found = with_others(TIMES, {"ក", "A", "😀"})
    assert found == Face(
        "Liberation Serif", (Path("liberation"), Path("noto")), also=("Noto Serif Khmer",)
    )
    assert with_others(TIMES, {"A"}) == TIMES
    assert with_others(TIMES, ()) == TIMES


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("sign", ["\x01", "\u202e", "\ud800", "\ue000", "漢"])
def test_controls_what_turns_lines_and_what_no_font_has_is_not_shown(sign: str) -> None:
    assert not shows(sign)


@pytest.mark.usefixtures("two")
def test_what_is_shown_elsewhere_stays_and_what_is_not_is_named_with_its_place() -> None:
    fitting = TextFitter()
    text = "Máy của phòng tiếp dân, người dùng ghi 漢 ក ở mặt sau của máy in."
    assert fitting.text(text) == text.replace("漢", "□")
    assert fitting.line("Tên: 漢") == "Tên: □"
    assert fitting.beyond == {"ក"}
    (one,) = fitting.unfit
    assert one.named == "漢 (U+6F22)"
    assert one.beside == "…iếp dân, người dùng ghi □ ក ở mặt sau của máy in."


def test_blanks_of_any_width_are_blanks() -> None:
    fitting = TextFitter()
    assert fitting.text("1\u202f234\u2009máy\u3000in") == "1\u00a0234 máy in"
    assert (fitting.unfit, fitting.beyond) == ((), set())
