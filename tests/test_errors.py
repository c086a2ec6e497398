"""Problems: a code for each, and a sentence that says what, where and what to do next."""

import errno
import os
import re
from collections.abc import Iterator

import pytest

from quetsach.errors.exceptions import AREAS, CATALOGUE, Problem, QuetsachError
from quetsach.texts import language, use_language


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


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


def test_a_problem_names_code_place_facts_and_remedy() -> None:
    problem = Problem("E107", "fw1.log", {"limit": "1,000"})
    assert str(problem) == (
        "E107 fw1.log: a line is longer than 1,000 bytes and was left out. "
        "Look at the file: a log line is never this long."
    )


def test_an_error_reads_as_its_problem() -> None:
    error = QuetsachError("E104", "fw1.log", reason="no right")
    assert str(error) == str(error.problem)
    assert error.problem.facts == {"reason": "no right"}


def test_what_the_disk_says_is_told_in_the_language_in_use_and_kept_as_it_was() -> None:
    problem = Problem("E104", "a.pdf", {"reason": os.strerror(errno.EISDIR)})
    assert "cannot be read: it is a folder, not a file" in str(problem)
    use_language("vi")
    assert "đây là thư mục, không phải tệp" in str(problem)
    assert problem.facts == {"reason": os.strerror(errno.EISDIR)}


def test_a_problem_whose_code_or_facts_are_strange_is_still_told() -> None:
    assert str(Problem("E999", "x", {"a": "b"})) == "E999 x: b. b"
    assert str(Problem("E411", "x")).startswith("E411 x: ")
