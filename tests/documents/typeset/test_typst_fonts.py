"""The typeface: the prescribed one or its twin where it has all letters, else the built-in one."""

from pathlib import Path

import pytest

from quetsach.documents.typeset.typst import BUILT_IN, FAMILIES, Face, find_face

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
