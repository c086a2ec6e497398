"""Whether a document is an official letter at all, and of whom."""

import re
from collections.abc import Sequence

from quetsach.letters.lines import Line
from quetsach.letters.model import Looks

ENOUGH = 2
"""How many of the marks of a letter must be there."""

_MARKS = (
    re.compile(r"cong hoa xa hoi chu nghia viet nam|dang cong san viet nam"),
    re.compile(r"doc lap ?- ?tu do ?- ?hanh phuc"),
    re.compile(r"\As[o06] ?[:.]? ?[0-9]{0,6} ?[/-] ?[a-z]|(?<![a-z])so: ?[0-9]{0,6} ?/[a-z]"),
    re.compile(r"kinh gui"),
    re.compile(r", ?ngay[ .…0-9]{0,12}thang"),
    re.compile(r"\A(?:v/v|ve viec) "),
    re.compile(r"noi nhan"),
    re.compile(r"\A(?:tm|kt|tl|tuq|t/m|k/t|t/l)\. ?[a-z]"),
)
_ENGLISH = (
    re.compile(r"\A(?:our )?ref(?:erence|\.)?(?: no\.?)?[ :]"),
    re.compile(r"\A(?:subject|re) ?:"),
    re.compile(r"\A(?:dear |to ?:)"),
    re.compile(r"(?:yours|sincerely|faithfully|best regards)"),
    re.compile(r"\A(?:date ?:|[0-9]{1,2} [a-z]{3,9} [0-9]{4}\Z)"),
)
_PARTY = re.compile(r"dang cong san viet nam|\As[o06] [0-9]{0,5} ?- ?[a-z]{1,5}/[a-z]")
_LOOKED_AT = 400


def letter_first(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines of the part that is the letter, and those of all other parts.

    A mail has its own words and its attachments, an archive its files: the part with the most marks
    of a letter is the letter.
    """
    parts: dict[str, list[Line]] = {}
    for line in lines:
        parts.setdefault(line.place.part, []).append(line)
    if len(parts) < 2:
        return list(lines), []
    best = max(parts, key=lambda part: _count(_MARKS, _near(parts[part])))
    return parts[best], [line for part, of in parts.items() if part != best for line in of]


def looks_of(lines: Sequence[Line]) -> Looks:
    """Return what the document looks like, by the marks of a letter in its lines."""
    texts = _near(lines)
    if _count(_MARKS, texts) >= ENOUGH:
        return Looks.PARTY if any(_PARTY.search(one) for one in texts) else Looks.STATE
    return Looks.ENGLISH if _count(_ENGLISH, texts) > ENOUGH else Looks.NONE


def _near(lines: Sequence[Line]) -> list[str]:
    near = [*lines[:_LOOKED_AT], *lines[_LOOKED_AT:][-_LOOKED_AT:]]
    return [one.folded[:3000] for one in near if not one.cells]


def _count(marks: Sequence[re.Pattern[str]], texts: Sequence[str]) -> int:
    return sum(any(mark.search(text) for text in texts) for mark in marks)
