"""Passages of a letter as numbered paragraphs, the last of which ends with "./."."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from quetsach.documents.letter import Level, Passage
from quetsach.documents.paper import Block, Paragraph, Piece, Role
from quetsach.documents.paper_lines import Fitting

# Points are lettered by the alphabet of the language; Vietnamese has no f, j, w and z.
_LETTERS = {"vi": "abcdđeghiklmnopqrstuvxy", "en": "abcdefghijklmnopqrstuvwxyz"}
_END = "./."


@dataclass
class Numbering:
    """Counts points and their letters; a new point begins the letters anew."""

    language: str
    points: int = 0
    subpoints: int = 0

    def label(self, level: Level) -> str:
        """Return what stands before the next passage of this level."""
        if level is Level.POINT:
            self.points, self.subpoints = self.points + 1, 0
            return f"{self.points}. "
        if level is Level.SUBPOINT:
            self.subpoints += 1
            return f"{_lettered(self.subpoints, _LETTERS[self.language])}) "
        return "- " if level is Level.DASH else ""


def numbered(passages: Iterable[Passage], fitting: Fitting, language: str) -> Iterator[Paragraph]:
    """Yield the passages as paragraphs, with their numbers; each line of one is a paragraph."""
    numbering = Numbering(language if language in _LETTERS else "vi")
    for passage in passages:
        pieces = tuple(Piece(fitting.text(one.text), one.strong) for one in passage.pieces)
        lines = _lines(pieces)
        if lines:
            label = numbering.label(passage.level)
            lines[0] = (Piece(label), *lines[0]) if label else lines[0]
        yield from (Paragraph(Role.ITEM, line) for line in lines)


def ended(blocks: list[Block]) -> list[Block]:
    """Return `blocks` whose last paragraph ends with "./.", as the text of a letter does."""
    *before, last = blocks
    if not isinstance(last, Paragraph):
        return blocks
    *kept, piece = last.pieces
    text = piece.text.rstrip().rstrip(";,:")
    if not text.endswith(_END):
        text += _END.removeprefix(".") if text.endswith(".") else _END
    return [*before, Paragraph(Role.ENDING, (*kept, replace(piece, text=text)))]


def _lines(pieces: tuple[Piece, ...]) -> list[tuple[Piece, ...]]:
    """Return the pieces line by line, without blank lines and blanks at the ends of one."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(replace(piece, text=part))
    return [tuple(_trimmed(line)) for line in lines if any(one.text.strip() for one in line)]


def _trimmed(line: list[Piece]) -> Iterator[Piece]:
    while not line[0].text.strip():
        line = line[1:]
    while not line[-1].text.strip():
        line = line[:-1]
    for place, piece in enumerate(line):
        text = piece.text.lstrip() if place == 0 else piece.text
        yield replace(piece, text=text.rstrip() if place == len(line) - 1 else text)


def _lettered(count: int, letters: str) -> str:
    # Behind the last letter of the alphabet they are doubled: aa, ab.
    turn, place = divmod(count - 1, len(letters))
    return (letters[turn - 1] if turn else "") + letters[place]
