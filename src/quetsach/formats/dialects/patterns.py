"""A pattern that is asked only where a text that it cannot do without stands in the line.

A dialect of one product tries up to a dozen patterns on a line, and each would be tried at every
place of it: a search for a plain text sorts out most of them at a fiftieth of the cost.
"""

import re
from collections.abc import Iterable
from re import _constants as kinds  # type: ignore[attr-defined]  # the parser of the library itself
from re import _parser  # type: ignore[attr-defined]
from typing import Any


class GuardedPattern:
    """A compiled pattern with the longest text that is in everything that it finds."""

    __slots__ = ("literal", "regex")

    def __init__(self, regex: re.Pattern[str]) -> None:
        self.regex, self.literal = regex, needed_literal(regex)

    def search(self, text: str) -> re.Match[str] | None:
        """Return where the pattern is found in `text`; as of the pattern itself."""
        return self.regex.search(text) if self.literal in text else None


def needed_literal(regex: re.Pattern[str]) -> str:
    """Return the longest text that stands in all that `regex` finds; "" where none is sure."""
    if regex.flags & (re.IGNORECASE | re.VERBOSE):
        return ""
    runs = "".join(_signs(_parser.parse(regex.pattern, regex.flags)))
    return max(runs.split("\0"), key=len)


def _signs(parsed: Iterable[tuple[Any, Any]]) -> Iterable[str]:
    """Yield the signs that must stand beside one another; NUL where others may stand between."""
    for kind, argument in parsed:
        if kind is kinds.LITERAL:
            yield chr(argument)
        elif kind is kinds.SUBPATTERN and not argument[1] and not argument[2]:
            yield from _signs(argument[3])
        elif kind is not kinds.AT:
            yield "\0"


def needed_literals(regex: re.Pattern[str]) -> frozenset[str]:
    """Return texts of which one at least stands in all that `regex` finds; none where none is sure.

    The shortest of them is as long as can be: each is searched for in every line.
    """
    if regex.flags & (re.IGNORECASE | re.VERBOSE):
        return frozenset()
    return best_literals(_sets(_parser.parse(regex.pattern, regex.flags)))


def best_literals(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return the set of texts whose shortest is the longest; of these the smallest."""
    return max(
        sets, key=lambda one: (min(map(len, one), default=0), -len(one)), default=frozenset()
    )


_REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)


def _sets(parsed: Iterable[tuple[Any, Any]]) -> Iterable[frozenset[str]]:
    """Yield sets of texts; one of each set stands in whatever is found."""
    run = ""
    for kind, argument in _flat(parsed):
        if kind is kinds.LITERAL:
            run += chr(argument)
            continue
        if kind is kinds.AT:
            continue
        if run:
            yield frozenset({run})
        run = ""
        if kind is kinds.BRANCH:
            ways = [best_literals(_sets(way)) for way in argument[1]]
            if all(ways):
                yield frozenset().union(*ways)
        elif kind in _REPEATS and argument[0] >= 1:
            yield from _sets(argument[2])
    if run:
        yield frozenset({run})


def _flat(parsed: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    """Yield the parts with those of plain groups in their places."""
    for kind, argument in parsed:
        if kind is kinds.SUBPATTERN and not argument[1] and not argument[2]:
            yield from _flat(argument[3])
        else:
            yield kind, argument
