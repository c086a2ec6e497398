"""An official letter as DOCX and PDF: in memory, or on disk whole or not at all."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from quetsach.documents.docx import docx_bytes
from quetsach.documents.fonts import Face, find_face
from quetsach.documents.letter import Medium, OfficialLetter
from quetsach.documents.letter_paper import compose_letter
from quetsach.documents.pdf import pdf_bytes
from quetsach.documents.printable import Unfit
from quetsach.documents.report import Written, notes_on
from quetsach.errors import QuetsachError
from quetsach.whole_files import write_whole

UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
"""The time that a letter without a date carries: that of no clock, so that bytes stay the same."""

_LONGEST_NAME = 100


@dataclass(frozen=True)
class LetterFiles:
    """A letter in both forms, with notes on what a reader should know about them.

    Shapes: `unfit` are the characters that no typeface here shows; a □ stands for each.
    """

    docx: bytes
    pdf: bytes
    notes: tuple[str, ...]
    unfit: tuple[Unfit, ...] = ()


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
) -> Written:
    """Write `letter` to `folder` as NAME.docx and NAME.pdf, and return both.

    Errors: as letter_files; E406 when they cannot be written, or `name` is no file's name.
    """
    if not _is_name(name):
        raise QuetsachError("E406", name[:80], reason="not a name of a file")
    made = letter_files(letter, medium=medium, created=created)
    files = tuple(folder / f"{name}.{kind}" for kind in ("docx", "pdf"))
    # Both are made before either is written: a failure leaves no half of a letter behind.
    for path, content in zip(files, (made.docx, made.pdf), strict=True):
        write_whole(path, content)
    return Written(files, made.notes)


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
