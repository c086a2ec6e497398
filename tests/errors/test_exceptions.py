"""Problems: a code for each, and a sentence that says what, where and what to do next."""

import errno
import os
from collections.abc import Iterator

import pytest

from quetsach.errors.exceptions import Problem, QuetsachError
from quetsach.texts import language, use_language


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


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
