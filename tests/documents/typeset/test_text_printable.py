"""Text made fit for paper."""

import unicodedata
from datetime import UTC, datetime
from io import BytesIO

import pytest

from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.documents.typeset.pdf import write_pdf
from quetsach.documents.typeset.text import printable
from quetsach.documents.typeset.typst import BUILT_IN, Face, find_face
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.values import FigureGrade, FilledForm, TextValue

CREATED = datetime(2022, 9, 28, tzinfo=UTC)


def test_decomposed_vietnamese_is_joined() -> None:
    text = "Đề xuất, kiến nghị ở Tập Sơn"
    assert printable(unicodedata.normalize("NFD", text)) == (text, frozenset())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_line_ends_of_any_kind_are_line_ends(end: str) -> None:
    assert printable(f"a{end}b\tc") == ("a\nb c", frozenset())


@pytest.mark.parametrize("char", ["\0", "\x1b", "\u202e", "\ud800", "漢", "😀", "\ue000", "\ufffe"])
def test_what_paper_cannot_show_gets_a_visible_stand_in(char: str) -> None:
    assert printable(f"a{char}b{char}") == ("a□b□", frozenset({char}))


def test_every_character_let_through_is_in_the_typefaces(form: ReportFormDefinition) -> None:
    kept = "".join(
        char
        for char in map(chr, range(0x20, 0x10000))
        if not 0xD800 <= ord(char) < 0xE000 and printable(char) == (char, frozenset())
    )
    assert len(kept) > 500
    filling = FilledForm({"proposals": TextValue(kept, FigureGrade.DECLARED)})
    for face in {find_face(), Face(BUILT_IN)}:
        # PDF/A refuses a character that the typeface lacks.
        write_pdf(form, filling, Letterhead(), BytesIO(), created=CREATED, face=face)
