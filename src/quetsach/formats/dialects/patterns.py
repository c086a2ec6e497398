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
