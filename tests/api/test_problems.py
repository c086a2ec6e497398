"""Exit codes, and the words of a problem in another language than it was raised in."""

import pytest

from quetsach.api.problems import QuetsachError, exit_code, in_language, problem_json, problem_words


@pytest.mark.parametrize(
    ("unread", "rejects", "sightings", "code"),
    [([], 0, 0, 0), ([], 0, 7, 1), ([], 1, 0, 3), ([{}], 0, 7, 3), ([{}], 2, 0, 3)],
)
def test_what_was_not_read_outweighs_what_was_found(
    unread: list[dict[str, str]], rejects: int, sightings: int, code: int
) -> None:
    summary = {"unread": unread, "rejects": rejects, "sightings": sightings}
    assert exit_code(summary) == code


def test_a_kept_problem_is_worded_in_the_language_that_is_asked_for() -> None:
    kept = problem_json(QuetsachError("E240", "none", known="rpz").problem)
    words = {}
    for language in ("en", "vi"):
        with in_language(language):
            words[language] = problem_words(kept)
    assert words["en"] != words["vi"]
    assert all("rpz" in str(said) for said in words.values())
