"""Defanging is undone all over a text, and every sign still knows where it stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.indicators.text.defang import refang_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a[.]b và c(chấm)d", "a.b và c.d"),
        ("hxxps[:]//a[.]b[/]c", "https://a.b/c"),
        ("h**p://a, hxxp : // b, https:\\\\c", "http://a, http://b, https://c"),
        ("bài thi chấm lại; red dot in; evil dot com", "bài thi chấm lại; red dot in; evil.com"),
        ("và (/) hoặc; this (point) is", "và (/) hoặc; this (point) is"),
        ("C:\\Java\\.NET35\\x và evil\\.com", "C:\\Java\\.NET35\\x và evil.com"),
        ("câu cuối.] Rồi (xem).", "câu cuối.] Rồi (xem)."),
    ],
)
def test_only_what_stands_for_another_sign_is_changed(text: str, plain: str) -> None:
    assert refang_text(text).text == plain


def test_what_was_surely_meant_is_told_from_what_may_be_a_sentence() -> None:
    assert refang_text("a[.]b").hard == (1,)
    assert (refang_text("a [.] b").hard, refang_text("a [.] b").soft) == ((), (1,))
    assert refang_text("http://a.b").hard == ()
    assert refang_text("hxxp://a.b").hard == (0,)
    assert refang_text("a．b").hard == (1,)


@given(st.lists(st.sampled_from(["a", "[.]", " ", "\u200b", "hxxp://", "ạ", "(dot)", "．", "\t"])))
def test_every_place_points_at_the_sign_it_came_from(parts: list[str]) -> None:
    text = refang_text("".join(parts))
    places = [text.place(step) for step in range(len(text.text))]
    assert places == sorted(places)
    for step, place in enumerate(places):
        if text.text[step] in "aạ":
            assert text.source[place] == text.text[step]
