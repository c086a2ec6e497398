"""The problems of files: each code has whole sentences, and comes back from its JSON as it was."""

import re

import pytest
from django.utils import translation

from quetsach_portal.files.problems import FILE_PROBLEMS, FileProblem, FileRefused, problem_from

FACTS = {
    **dict.fromkeys(("size", "limit", "ending", "first", "second", "member", "part"), "x"),
    **dict.fromkeys(("offset", "sheet"), "7"),
    **dict.fromkeys(("kinds", "found", "reason"), ("PDF", "CSV")),
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", FILE_PROBLEMS)
def test_each_code_says_what_happened_and_what_to_do(code: str, language: str) -> None:
    problem = FileProblem(code, "", FACTS)
    with translation.override(language):
        for sentence in (problem.what(), problem.todo()):
            assert re.fullmatch(r"[^a-z].*[.?!]", sentence), sentence
            assert "%(" not in sentence


def test_several_kinds_are_listed_with_or_before_the_last() -> None:
    with translation.override("en"):
        for kinds, words in (
            (["PDF"], "PDF"),
            (["PDF", "CSV"], "PDF or CSV"),
            (["PDF", "a web page", "CSV"], "PDF, a web page or CSV"),
        ):
            text = FileProblem("P103", "", {"kinds": kinds, "found": ["CSV"]}).what()
            assert text == f"The file must be {words}; this one is CSV."


def test_a_problem_comes_back_from_its_json_and_a_refusal_carries_its_words() -> None:
    refused = FileRefused("P111", "a.zip", member="../x", reason=["it is too long"])
    assert problem_from(refused.problem.as_json()) == refused.problem
    assert refused.told == f"{refused.problem.what()} {refused.problem.todo()}"
    assert str(refused) == "P111 a.zip"
