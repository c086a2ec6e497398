"""Codes for typing: what is misread is read right, what is mistyped is noticed."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach_public.codes import ALPHABET, LENGTH, drawn, format_code, is_mistyped, plain

CODES = st.randoms(use_true_random=False).map(lambda chance: drawn(chance.randrange))


@given(CODES)
def test_a_code_is_read_as_it_is_shown_and_as_people_type_it(code: str) -> None:
    assert len(code) == LENGTH
    assert format_code(code) == f"{code[:4]}-{code[4:]}"
    for typed in (
        code,
        format_code(code),
        format_code(code).lower(),
        f" {' '.join(code)} ",
        f"{code[:4]}–{code[4:]}",
    ):
        assert plain(typed) == code
    looks_like = code.replace("0", "o").replace("1", "l").replace("V", "u")
    assert plain(looks_like) == plain(code.replace("0", "q")) == code


@settings(max_examples=40)
@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, other: str) -> None:
    typed = code[:place] + other + code[place + 1 :]
    assert (plain(typed) == code) == (typed == code)
    assert is_mistyped(typed) == (typed != code)


@given(CODES, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_characters_in_each_others_place_are_noticed(code: str, one: int, two: int) -> None:
    signs = list(code)
    signs[one], signs[two] = signs[two], signs[one]
    assert is_mistyped("".join(signs)) == ("".join(signs) != code)


@pytest.mark.parametrize(
    "text", ["", "3net3taoavti63yqqqqqqqqqqq", "abc-12", "Đ7K3M9QX", "7K3M_9QX"]
)
def test_what_has_another_form_is_no_short_code(text: str) -> None:
    assert not plain(text)
    assert not is_mistyped(text)


def test_no_two_drawn_codes_are_alike() -> None:
    chance = random.Random(7)
    assert len({drawn(chance.randrange) for _ in range(1000)}) == 1000
