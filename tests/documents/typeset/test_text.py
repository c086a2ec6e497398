"""Text for paper: its width against the typeface itself, dates, printable characters."""

import json
import unicodedata
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import typst

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.letterhead import Letterhead
from quetsach.documents.typeset.pdf import write_pdf
from quetsach.documents.typeset.text import (
    balanced_lines,
    column_aligns,
    column_widths,
    day,
    day_month_year,
    printable,
    width_pt,
)
from quetsach.documents.typeset.typst import BUILT_IN, Face, find_face
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.values import FigureGrade, FilledForm, TextValue

MEASURE = """
#set page(width: 4000pt, height: 1000pt)
#set text(font: sys.inputs.family, size: 100pt, kerning: false, fallback: false, ligatures: false)
#let of(weight) = json(bytes(sys.inputs.texts)).map(each => {
  measure(text(weight: weight, each)).width.pt()
})
#context [#metadata((of("regular"), of("bold"))) <widths>]
"""


@pytest.mark.parametrize(
    "text",
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ƠƯơưĐđ ỨỪỬỮỰ ứừửữự ỚỜỞỠỢ ớờởỡợ ẤẦẨẪẬ ỳỵỷỹ",
        "Số: 05/BC-UBND (nếu có); “x” – y … [a] {b} 100% a@b.example #$&*+<=>?!",
    ],
)
def test_a_text_is_as_wide_as_the_typeface_sets_it(text: str) -> None:
    face = find_face()
    if face.family == BUILT_IN:
        pytest.skip("NOT CHECKED: neither Times New Roman nor Liberation Serif is installed")
    regular, bold = json.loads(
        typst.query(
            MEASURE.encode(),
            "<widths>",
            field="value",
            one=True,
            ignore_system_fonts=True,
            font_paths=list(face.folders),
            sys_inputs={"family": face.family, "texts": json.dumps([text])},
        )
    )
    assert width_pt(text, 100) == pytest.approx(regular[0], rel=0.003)
    assert width_pt(text, 100, bold=True) == pytest.approx(bold[0], rel=0.003)


def test_lines_are_few_even_and_complete() -> None:
    text = "Trung tâm Văn hóa, Thông tin và Thể thao huyện Trà Cú"
    lines = balanced_lines(text, 13, 170)
    assert " ".join(lines) == text
    widths = [width_pt(line, 13) for line in lines]
    assert len(lines) == 2
    assert max(widths) <= 170
    assert max(widths) - min(widths) < 40


def test_a_word_wider_than_the_line_is_broken() -> None:
    lines = balanced_lines(f"a {'w' * 90} b", 13, 100)
    assert "".join(lines).replace(" ", "") == f"a{'w' * 90}b"
    assert max(width_pt(line, 13) for line in lines) <= 100


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_no_words_make_no_lines(text: str) -> None:
    assert balanced_lines(text, 13, 100) == ()


@pytest.mark.parametrize(
    ("when", "written"),
    [
        (date(2026, 1, 5), "05/01/2026"),
        (date(2022, 2, 28), "28/02/2022"),
        (date(2022, 3, 9), "09/3/2022"),
        (date(2022, 12, 31), "31/12/2022"),
    ],
)
def test_days_below_10_and_months_1_and_2_get_a_zero(when: date, written: str) -> None:
    assert day(when) == written


def test_day_month_and_year_are_written_apart_in_the_same_way() -> None:
    assert day_month_year(date(2026, 1, 5)) == ("05", "01", "2026")
    assert day_month_year(date(2022, 9, 28)) == ("28", "9", "2022")


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


ROWS = tuple((str(n), f"Ủy ban nhân dân xã thứ {n}", str(n * 3), "") for n in range(1, 30))
HEADS = ("TT", "Đơn vị", "Số máy", "Ghi chú")


@pytest.mark.parametrize(
    ("heads", "rows"),
    [
        (HEADS, ROWS),
        (HEADS, ()),
        (("A",), (("x" * 5000,),)),
        (("x" * 100,) * 10, ()),
        (("",) * 3, (("", "", ""),)),
    ],
)
def test_all_columns_together_are_as_wide_as_the_text(
    heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
) -> None:
    widths = column_widths(heads, rows)
    assert len(widths) == len(heads)
    assert sum(widths) == pytest.approx(decree.TEXT_WIDTH_MM)
    assert min(widths) >= 8


def test_long_texts_get_the_room_and_open_columns_some() -> None:
    number, name, count, remark = column_widths(HEADS, ROWS)
    assert name > 2 * count
    assert number < count < remark


def test_short_texts_are_centred_and_long_ones_begin_at_the_left() -> None:
    assert column_aligns(ROWS, 4) == ("center", "left", "center", "center")
    assert column_aligns((), 2) == ("center", "center")
