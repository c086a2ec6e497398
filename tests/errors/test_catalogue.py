"""The catalogue of problems: codes in order, and what to do next."""

import re

from quetsach.errors.exceptions import AREAS, CATALOGUE


def test_every_code_has_the_form_that_people_can_look_up() -> None:
    assert all(re.fullmatch(r"E[1-6]\d\d", code) for code in CATALOGUE)


def test_the_codes_come_in_order_and_none_stands_in_two_areas() -> None:
    codes = [code for area in AREAS for code in area]
    assert codes == sorted(set(codes)) == list(CATALOGUE)


def test_every_problem_says_what_to_do_next_in_a_sentence() -> None:
    for code, entry in CATALOGUE.items():
        assert entry.todo.endswith((".", "?")), code
        # The sentence of a problem puts the full stop itself.
        assert not entry.what.endswith("."), code
