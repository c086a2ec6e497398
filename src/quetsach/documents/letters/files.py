"""An official letter as files: DOCX and PDF, its digest, and its body as plain text to edit."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from quetsach.atomic_files import write_set
from quetsach.documents.letters.letter import LetterPassage, Medium, OfficialLetter, PassageLevel
from quetsach.documents.letters.paper import PointNumbering, compose_letter
from quetsach.documents.reports.sweep_report import WrittenReport, notes_on
from quetsach.documents.typeset.content import TextRun
from quetsach.documents.typeset.docx import docx_bytes
from quetsach.documents.typeset.pdf import pdf_bytes
from quetsach.documents.typeset.text import UnprintableCharacter
from quetsach.documents.typeset.typst import Face, find_face
from quetsach.errors.exceptions import QuetsachError

UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
"""The fixed creation time of a letter without a date, so that its bytes stay the same."""

_LONGEST_NAME = 100


@dataclass(frozen=True)
class LetterFiles:
    """A letter in both forms, with notes on what a reader should know about them.

    Shapes: `unfit` are the characters that no typeface here shows; a □ replaces each.
    """

    docx: bytes
    pdf: bytes
    notes: tuple[str, ...]
    unfit: tuple[UnprintableCharacter, ...] = ()


def letter_files(
    letter: OfficialLetter,
    *,
    medium: Medium = Medium.ELECTRONIC,
    created: datetime | None = None,
    face: Face | None = None,
) -> LetterFiles:
    """Return `letter` as DOCX and PDF for `medium`; the same letter gives the same bytes.

    Shapes: `created` is aware; the day of signing unless it is given.
    Errors: E422 when the letter cannot be printed; E401, E402 for a form in an annex; E405.
    """
    paper = compose_letter(letter, medium)
    when = _moment(letter) if created is None else created
    used = find_face() if face is None else face
    return LetterFiles(
        docx_bytes(paper, when),
        pdf_bytes(paper, when, used),
        tuple(notes_on(used, paper.unfit)),
        paper.unfit,
    )


def write_letter(
    letter: OfficialLetter,
    folder: Path,
    *,
    name: str = "cong-van",
    medium: Medium = Medium.ELECTRONIC,
    created: datetime | None = None,
) -> WrittenReport:
    """Write `letter` to `folder` as NAME.docx and NAME.pdf, and return both.

    Errors: as letter_files; E406 when they cannot be written, or `name` is no file's name.
    """
    if not _is_name(name):
        raise QuetsachError("E406", name[:80], reason="not a name of a file")
    written = letter_files(letter, medium=medium, created=created)
    files = tuple(folder / f"{name}.{kind}" for kind in ("docx", "pdf"))
    write_set(list(zip(files, (written.docx, written.pdf), strict=True)))
    return WrittenReport(files, written.notes)


def _is_name(name: str) -> bool:
    return (
        0 < len(name) <= _LONGEST_NAME
        and name.isprintable()
        and not name.startswith(".")
        and not set(name) & set('/\\:*?"<>|')
    )


def _moment(letter: OfficialLetter) -> datetime:
    day = letter.head.signed_on
    return UNDATED if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def letter_digest(letter: OfficialLetter) -> str:
    """Return the SHA-256 of the content of `letter`, in hex; codes and layout do not count."""
    said = asdict(replace(letter, mark=None, proof=None))
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_MARKS = (
    (PassageLevel.POINT, re.compile(r"\d{1,3}\.\s+")),
    (PassageLevel.SUBPOINT, re.compile(r"[a-zđ]{1,2}\)\s+", re.IGNORECASE)),
    (PassageLevel.DASH, re.compile(r"[-–]\s+")),
)
_EMPHASIS = re.compile(r"(?<!\\)\*\*")


def as_plain(body: Iterable[LetterPassage], language: str = "vi") -> str:
    """Return the passages as text that `from_plain` reads back as they were."""
    numbering = PointNumbering(language)
    lines = []
    for passage in body:
        text = "".join(_written(piece) for piece in passage.pieces)
        looks_numbered = (
            passage.level is PassageLevel.PLAIN and _level_of(text)[0] is not PassageLevel.PLAIN
        )
        lines.append(f"\\{text}" if looks_numbered else numbering.label(passage.level) + text)
    return "\n".join(lines)


def from_plain(text: str) -> tuple[LetterPassage, ...]:
    """Return the passages that `text` holds, one for each line that is not blank."""
    return tuple(_passage(line.strip()) for line in text.splitlines() if line.strip())


def _written(piece: TextRun) -> str:
    text = " ".join(piece.text.split("\n")).replace("*", r"\*")
    return f"**{text}**" if piece.strong else text


def _passage(line: str) -> LetterPassage:
    level, rest = _level_of(line)
    if line.startswith("\\") and _level_of(line[1:])[0] is not PassageLevel.PLAIN:
        rest = line[1:]
    return LetterPassage(tuple(_pieces(rest)), level)


def _level_of(line: str) -> tuple[PassageLevel, str]:
    """Return the level that the marker of a line gives, and the text after it."""
    for level, mark in _MARKS:
        found = mark.match(line)
        if found is not None and found.end() < len(line):
            return level, line[found.end() :]
    return PassageLevel.PLAIN, line


def _pieces(text: str) -> Iterator[TextRun]:
    parts = _EMPHASIS.split(text)
    if len(parts) % 2 == 0:
        # The last emphasis never ends: its mark is two asterisks that a person typed.
        parts[-2:] = [f"{parts[-2]}**{parts[-1]}"]
    for place, part in enumerate(parts):
        if part:
            yield TextRun(part.replace(r"\*", "*"), strong=place % 2 == 1)
