"""Tokens of splits are gathered by unit and day; lines without an hour have their file's days."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from quetsach.errors.exceptions import Problem
from quetsach.scanning.day_tokens import DaySpan, SpanTokens
from quetsach.scanning.scan import SplitResult
from quetsach.sieve.contract import OutsideTokens
from quetsach.sweeping.token_days import TokenDays

ONE, TWO = date(2022, 9, 12), date(2022, 9, 14)


@dataclass
class Result:
    """What a fold looks at."""

    tokens: tuple[SpanTokens, ...]
    problems: tuple[Problem, ...] = ()


def _tokens(day: date | None, name: bytes, lines: int = 1) -> SpanTokens:
    span = None if day is None else (day, day)
    return SpanTokens(span, lines, OutsideTokens(names=name + b"\n"))


def _fold(*files: list[Result]) -> TokenDays:
    fold = TokenDays(lambda file: "ab"[file], frozenset())
    for file, results in enumerate(files):
        told = cast("list[SplitResult]", results)
        assert list(fold.taken(file, iter(told))) == results
    return fold


def _names(fold: TokenDays) -> dict[tuple[str, DaySpan | None], Any]:
    return {place: one.joined().names.split() for place, one in fold.days.items()}


def test_units_and_days_are_kept_apart() -> None:
    fold = _fold(
        [Result((_tokens(ONE, b"a.b"),)), Result((_tokens(ONE, b"c.d", 4), _tokens(TWO, b"e.f")))],
        [Result((_tokens(ONE, b"g.h"),))],
    )
    assert _names(fold) == {
        ("a", (ONE, ONE)): [b"a.b", b"c.d"],
        ("a", (TWO, TWO)): [b"e.f"],
        ("b", (ONE, ONE)): [b"g.h"],
    }
    assert fold.days["a", (ONE, ONE)].lines == {0: 5}


def test_undated_lines_lie_between_the_first_and_last_day_of_their_file() -> None:
    fold = _fold(
        [Result((_tokens(TWO, b"a.b"), _tokens(None, b"c.d"))), Result((_tokens(ONE, b"e.f"),))],
        [Result((_tokens(None, b"g.h"),))],
    )
    names = _names(fold)
    assert names["a", (ONE, TWO)] == [b"c.d"]
    assert names["b", None] == [b"g.h"]


def test_a_file_that_breaks_off_makes_its_days_incomplete() -> None:
    broke, odd = Problem("E106", "a"), Problem("E128", "b")
    fold = _fold(
        [Result((_tokens(ONE, b"a.b"),)), Result((_tokens(TWO, b"c.d"),), (broke,))],
        [Result((_tokens(ONE, b"e.f"),), (odd,))],
    )
    complete = {place: one.is_complete for place, one in fold.days.items()}
    assert complete == {
        ("a", (ONE, ONE)): False,
        ("a", (TWO, TWO)): False,
        ("b", (ONE, ONE)): True,
    }


def test_many_splits_of_a_day_are_joined() -> None:
    fold = _fold([Result((_tokens(ONE, b"n%d.b" % number),)) for number in range(100)])
    assert len(fold.days["a", (ONE, ONE)].apart) < 40
    assert len(_names(fold)["a", (ONE, ONE)]) == 100
