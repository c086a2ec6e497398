r"""The body of a letter as plain text for an editor, a line a passage, and back.

"1. " begins a point, "a) " a point below it, "- " a dash; `**` stands around emphasis, and
`\*` is an asterisk. A line that only looks numbered begins with a backslash. Numbers are counted
anew when the letter is printed.
"""

import re
from collections.abc import Iterable, Iterator

from quetsach.documents.letter import Level, Passage
from quetsach.documents.letter_blocks import Numbering
from quetsach.documents.paper import Piece

_MARKS = (
    (Level.POINT, re.compile(r"\d{1,3}\.\s+")),
    (Level.SUBPOINT, re.compile(r"[a-zđ]{1,2}\)\s+", re.IGNORECASE)),
    (Level.DASH, re.compile(r"[-–]\s+")),
)
_EMPHASIS = re.compile(r"(?<!\\)\*\*")


def as_plain(body: Iterable[Passage], language: str = "vi") -> str:
    """Return the passages as text that `from_plain` reads back as they were."""
    numbering = Numbering(language)
    lines = []
    for passage in body:
        text = "".join(_written(piece) for piece in passage.pieces)
        looks_numbered = passage.level is Level.PLAIN and _level_of(text)[0] is not Level.PLAIN
        lines.append(f"\\{text}" if looks_numbered else numbering.label(passage.level) + text)
    return "\n".join(lines)


def from_plain(text: str) -> tuple[Passage, ...]:
    """Return the passages that `text` holds, one for each line that is not blank."""
    return tuple(_passage(line.strip()) for line in text.splitlines() if line.strip())


def _written(piece: Piece) -> str:
    text = " ".join(piece.text.split("\n")).replace("*", r"\*")
    return f"**{text}**" if piece.strong else text


def _passage(line: str) -> Passage:
    level, rest = _level_of(line)
    if line.startswith("\\") and _level_of(line[1:])[0] is not Level.PLAIN:
        rest = line[1:]
    return Passage(tuple(_pieces(rest)), level)


def _level_of(line: str) -> tuple[Level, str]:
    """Return the level that a line's beginning says, and what stands behind it."""
    for level, mark in _MARKS:
        found = mark.match(line)
        if found is not None and found.end() < len(line):
            return level, line[found.end() :]
    return Level.PLAIN, line


def _pieces(text: str) -> Iterator[Piece]:
    parts = _EMPHASIS.split(text)
    if len(parts) % 2 == 0:
        # The last emphasis never ends: its mark is two asterisks that somebody typed.
        parts[-2:] = [f"{parts[-2]}**{parts[-1]}"]
    for place, part in enumerate(parts):
        if part:
            yield Piece(part.replace(r"\*", "*"), strong=place % 2 == 1)
