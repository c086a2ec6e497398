"""Two programs that found different things are not compared for their speed."""

import pytest

from bench.agree import DisagreementError, check_same, lines_in

FOUND = frozenset({("C1", "bad.example"), ("C1", "203.0.113.7"), ("C2", "bad.example")})


def test_the_same_answers_agree() -> None:
    check_same(FOUND, frozenset(FOUND))
    assert lines_in(FOUND) == 2


def test_what_only_one_program_found_is_named_with_the_program() -> None:
    with pytest.raises(DisagreementError, match=r"only quetsach: 1, as \[\('C2', 'bad\.example'\)"):
        check_same(FOUND, FOUND - {("C2", "bad.example")})
    with pytest.raises(DisagreementError, match=r"only DuckDB: 1, as \[\('C3', 'bad\.example'\)"):
        check_same(FOUND, FOUND | {("C3", "bad.example")})


def test_the_same_line_with_another_indicator_is_a_disagreement() -> None:
    other = (FOUND - {("C2", "bad.example")}) | {("C2", "www.bad.example")}
    with pytest.raises(DisagreementError):
        check_same(FOUND, other)
