"""QR codes in pages: readable shapes, no styles, and what is outside stays text."""

import pytest

from quetsach_public.qr import MOST_CHARACTERS, labelled_qr, qr_svg


def test_the_picture_has_neither_style_nor_script_and_the_same_text_gives_the_same_picture() -> (
    None
):
    picture = qr_svg("https://quetsach.example/hoi-lai/0000")
    assert picture == qr_svg("https://quetsach.example/hoi-lai/0000")
    assert picture != qr_svg("https://quetsach.example/hoi-lai/0001")
    assert picture.startswith("<svg")
    assert "style" not in picture


def test_a_label_is_text_and_no_mark_up() -> None:
    assert 'aria-label="&quot;&lt;b&gt;"' in labelled_qr("x", '"<b>')


def test_what_no_camera_reads_from_a_screen_is_refused() -> None:
    assert qr_svg("x" * MOST_CHARACTERS)
    with pytest.raises(ValueError, match="cannot be read"):
        qr_svg("x" * (MOST_CHARACTERS + 1))
