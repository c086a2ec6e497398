"""Typesetting: fallback fonts, the choice of the typeface, and its errors."""

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from quetsach.documents.typeset.content import TextFitter
from quetsach.documents.typeset.typst import (
    BUILT_IN,
    FAMILIES,
    CharacterMap,
    Face,
    FallbackFont,
    character_map,
    find_face,
    mark_pages,
    page_mark,
    set_page,
    shows,
    with_others,
)
from quetsach.errors.exceptions import QuetsachError

# Two segments: A to C by their distance, x to z by a list in which y has no drawing; then the end.
ENDS, STARTS = (ord("C"), ord("z"), 0xFFFF), (ord("A"), ord("x"), 0xFFFF)


DELTAS, OFFSETS, GLYPHS = (-60 & 0xFFFF, 0, 1), (0, 4, 0), (7, 0, 9)


SEGMENTS = b"".join(
    (
        struct.pack(">7H", 4, 0, 0, 6, 0, 0, 0),
        struct.pack(">3HH", *ENDS, 0),
        struct.pack(">3H", *STARTS),
        struct.pack(">3H", *DELTAS),
        struct.pack(">3H", *OFFSETS),
        struct.pack(">3H", *GLYPHS),
    )
)
GROUPS = struct.pack(">HHIII", 12, 0, 0, 0, 2) + struct.pack(
    ">6I", 0x1780, 0x17B3, 5, 0x1F600, 0x1F64F, 90
)
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


OLD_LIBERATION = Path("/usr/share/fonts/truetype/liberation")


def test_without_fonts_the_built_in_typeface_is_taken(tmp_path: Path) -> None:
    assert find_face((tmp_path,)) == Face(BUILT_IN)
    assert not Face(BUILT_IN).is_prescribed


def test_a_file_that_only_looks_like_a_font_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "LiberationSerif-Regular.ttf").write_bytes(b"\0\1\0\0" + b"\xff" * 400)
    assert find_face((tmp_path,)) == Face(BUILT_IN)


def test_the_typeface_found_here_is_one_of_the_known() -> None:
    assert find_face().family in (*FAMILIES, BUILT_IN)


def test_a_twin_without_vietnamese_letters_is_passed_over() -> None:
    if not OLD_LIBERATION.is_dir() or find_face((OLD_LIBERATION,)).is_prescribed:
        pytest.skip("NOT CHECKED: Liberation Serif 1 is not installed")
    assert find_face((OLD_LIBERATION,)) == Face(BUILT_IN)


@pytest.mark.parametrize("template", ["#panic()", '#set text(font: "No Such Face 77")\nx'])
def test_a_template_that_fails_or_warns_is_refused(tmp_path: Path, template: str) -> None:
    (tmp_path / "page.typ").write_text(template)
    with pytest.raises(QuetsachError, match=r"page\.typ"):
        set_page(tmp_path / "page.typ", "page", {}, qr="x", when_s=0)


def font(*subtables: tuple[int, int, bytes], before: bytes = b"") -> bytes:
    """Return a font of nothing but its map; `before` stands in front of it in the file."""
    head = struct.pack(">HH", 0, len(subtables))
    place, records, data = 4 + 8 * len(subtables), b"", b""
    for platform, encoding, one in subtables:
        records += struct.pack(">HHI", platform, encoding, place + len(data))
        data += one
    table = head + records + data
    start = len(before) + 12 + 16
    entry = struct.pack(">4sIII", b"cmap", 0, start, len(table))
    return before + b"\0\1\0\0" + struct.pack(">4H", 1, 0, 0, 0) + entry + table


@pytest.mark.parametrize(("sign", "is_there"), [*zip("ABC@DxyzwX😀", "11100101000", strict=True)])
def test_segments_are_read_by_distance_and_by_list(sign: str, is_there: str) -> None:
    assert CharacterMap(4, SEGMENTS).has(sign) is (is_there == "1")


@pytest.mark.parametrize(("sign", "is_there"), [*zip("កឳ😀🙏A🚀", "111100", strict=True)])
def test_groups_reach_beyond_the_first_plane(sign: str, is_there: str) -> None:
    assert CharacterMap(12, GROUPS).has(sign) is (is_there == "1")


def test_the_map_of_the_whole_of_unicode_is_taken_before_the_smaller_one(tmp_path: Path) -> None:
    path = tmp_path / "a.ttf"
    path.write_bytes(font((3, 1, SEGMENTS), (3, 10, GROUPS)))
    found = character_map(path)
    assert found is not None
    assert (found.format, found.has("😀"), found.has("A")) == (12, True, False)


def test_a_font_within_a_collection_is_found_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.ttc"
    first = b"ttcf" + struct.pack(">III", 0x10000, 1, 16)
    path.write_bytes(font((3, 1, SEGMENTS), before=first))
    found = character_map(path, 0)
    assert found is not None
    assert found.has("A")


@pytest.mark.parametrize(
    "data", [b"", b"no font", font(), font((3, 1, SEGMENTS))[:40], font((1, 0, SEGMENTS))]
)
def test_what_is_no_font_or_is_cut_off_has_no_map(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.ttf"
    path.write_bytes(data)
    assert character_map(path) is None
    assert character_map(tmp_path / "gone.ttf") is None


@pytest.fixture
def mark() -> Iterator[str]:
    mark_pages("DIỄN TẬP – không có giá trị")
    yield page_mark()
    mark_pages("")


def test_every_page_of_a_marked_process_bears_the_mark_and_the_same_text(
    form, filling, head, pdf, pages, mark: str
) -> None:
    marked = pages(pdf(form, filling, head))
    mark_pages("")
    plain = pages(pdf(form, filling, head))
    assert len(marked) == len(plain) > 0
    for with_mark, without in zip(marked, plain, strict=True):
        assert mark in with_mark
        assert mark not in without
        assert set(without.split()) <= set(with_mark.split())


def test_a_marked_word_document_says_so_at_the_head_of_its_pages(
    form, filling, head, word, mark: str
) -> None:
    section = Document(BytesIO(word(form, filling, head))).sections[0]
    for part in (section.header, section.first_page_header):
        assert mark in [paragraph.text for paragraph in part.paragraphs]
    mark_pages("")
    section = Document(BytesIO(word(form, filling, head))).sections[0]
    assert mark not in [paragraph.text for paragraph in section.header.paragraphs]
