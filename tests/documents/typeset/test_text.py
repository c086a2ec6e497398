"""The width of text, against the typeface itself."""

import json

import pytest
import typst

from quetsach.documents.typeset.text import balanced_lines, width_pt
from quetsach.documents.typeset.typst import BUILT_IN, find_face

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
