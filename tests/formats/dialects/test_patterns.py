"""What a pattern cannot do without is in everything that it finds."""

import re

import pytest

from quetsach.formats.dialects.patterns import GuardedPattern, needed_literal, needed_literals
from quetsach.formats.dialects.shipped_dialects import dialect_formats
from quetsach.formats.registry import by_name
from tests.formats.golden import samples


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        (r"\d+ (?P<a>SSLLOG) x", " SSLLOG x"),
        (r"a(?:bc)?def", "def"),
        (r"(?:Srcip|Dstip): ", ": "),
        (r"\bshort\b|long", ""),
        (r"ab+cd", "cd"),
        (r"x(?i:Blocked)y", "x"),
        (r"a(?=long)b", "a"),
        (r"[ab]\d", ""),
        (r"\Astart: ", "start: "),
    ],
)
def test_the_longest_text_that_must_be_there(pattern: str, literal: str) -> None:
    assert needed_literal(re.compile(pattern)) == literal


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\d+ (?P<a>SSLLOG) x", {" SSLLOG x"}),
        (r"\bshort\b|longer", {"short", "longer"}),
        (r"(?:info|query|reply): ", {"info", "query", "reply"}),
        (r"(?:one|\d): ", {": "}),
        (r"x(?:many){1,3}y", {"many"}),
        (r"x(?:many){0,3}y", {"x"}),
        (r"(?:a|b|)c", {"c"}),
        (r"(?i:Blocked)", set()),
        (r"[ab]\d", set()),
    ],
)
def test_texts_of_which_one_must_be_there(pattern: str, literals: set[str]) -> None:
    assert needed_literals(re.compile(pattern)) == literals


def test_a_pattern_without_case_needs_nothing() -> None:
    assert needed_literal(re.compile("blocked", re.IGNORECASE)) == ""
    assert needed_literals(re.compile("blocked", re.IGNORECASE)) == set()


def test_guarded_patterns_find_what_the_patterns_find() -> None:
    for form in dialect_formats():
        guarded = [*form.dialect.patterns, *(rule.regex for rule in form.dialect.derived)]
        if not guarded:
            continue
        for sample in samples(by_name(form.name)):
            for line in sample.read_text("utf-8", "replace").splitlines():
                for pattern in guarded:
                    assert isinstance(pattern, GuardedPattern)
                    with_guard, without = pattern.search(line), pattern.regex.search(line)
                    assert (with_guard is None) == (without is None), (form.name, pattern.regex)
