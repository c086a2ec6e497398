"""An official letter (công văn) as values: its head, its words, its annexes, who signs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from quetsach.documents.document_proof import DocumentProof, contact_flaws, proof_flaws
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.paper import Mark, Piece
from quetsach.errors import QuetsachError
from quetsach.texts import _

MOST_ANNEXES = 50
MOST_COLUMNS = 10
MOST_IN_SUBJECT = 500
"""How long a subject may be, in characters. Source: Nghị định 30/2020/NĐ-CP, Phụ lục VI."""

MOST_IN_CODE = 300
"""How long the content of a QR code may be, in characters; a longer one is too fine for paper."""


class Capacity(StrEnum):
    """In what capacity somebody signs.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.7.
    """

    ON_BEHALF_OF_BODY = "TM."
    FOR_SUPERIOR = "KT."
    BY_ORDER = "TL."
    BY_MANDATE = "TUQ."
    ACTING = "Q."


@dataclass(frozen=True)
class Standing:
    """One line above the signer's own post: "KT. CHỦ TỊCH" is FOR_SUPERIOR of "Chủ tịch"."""

    capacity: Capacity
    of: str


@dataclass(frozen=True)
class Signer:
    """Who signs: the lines of capacity in their order, the own post, the name without titles."""

    post: str | None = None
    name: str | None = None
    standing: tuple[Standing, ...] = ()


class Level(StrEnum):
    """How a passage is numbered: not at all, 1., a), or with a dash."""

    PLAIN = "plain"
    POINT = "point"
    SUBPOINT = "subpoint"
    DASH = "dash"


@dataclass(frozen=True)
class Passage:
    """A paragraph of a letter, in pieces; its number is counted when it is printed."""

    pieces: tuple[Piece, ...]
    level: Level = Level.PLAIN

    @property
    def text(self) -> str:
        """Return the whole text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class LetterTable:
    """A table of an annex; each row has as many cells as there are heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class BlankForm:
    """The form of this code, left open, as the content of an annex.

    Shapes: `definition` is the form itself where it is not the shipped one of that code.
    """

    code: str
    definition: str = ""


Content: TypeAlias = Passage | LetterTable | BlankForm


@dataclass(frozen=True)
class Annex:
    """An annex: its title, and its content in order."""

    title: str
    content: tuple[Content, ...]


class Urgency(StrEnum):
    """The stamp of urgency: HỎA TỐC, THƯỢNG KHẨN, KHẨN."""

    FLASH = "flash"
    MOST_URGENT = "most_urgent"
    URGENT = "urgent"


class Medium(StrEnum):
    """For what a copy is made: the electronic one shows no QR code and no number on annexes."""

    ELECTRONIC = "electronic"
    PAPER = "paper"


@dataclass(frozen=True)
class Citation:
    """Another document as a letter names it; what is not known is left out.

    Shapes: `kind` is "Công văn" unless it is said.
    """

    number: str
    dated: date | None = None
    body: str = ""
    about: str = ""
    kind: str = ""


@dataclass(frozen=True)
class LetterText:
    """The words of a letter: what it is about, its legal and other basis, its body.

    Shapes: `subject` without "V/v"; `legal` are lines that begin with "Căn cứ".
    """

    subject: str
    body: tuple[Passage, ...]
    legal: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    language: str = "vi"


@dataclass(frozen=True)
class OfficialLetter:
    """A letter with all that stands around its words.

    Shapes: `recipients` without dashes and stops; "Như trên" and "Lưu: VT" are put in where they
    are missing. `contact` are the lines at the foot of page 1. `mark` is on the paper copy alone.
    """

    head: Letterhead
    text: LetterText
    signer: Signer | None = None
    recipients: tuple[str, ...] = ()
    urgency: Urgency | None = None
    annexes: tuple[Annex, ...] = ()
    contact: tuple[str, ...] = ()
    mark: Mark | None = None
    proof: DocumentProof | None = None


def checked_letter(letter: OfficialLetter) -> OfficialLetter:
    """Return `letter` when it can be printed as it is.

    Errors: E422 that says what is missing or does not fit.
    """
    reason = next(_flaws(letter), None)
    if reason is not None:
        raise QuetsachError("E422", letter.text.subject[:80] or "-", reason=reason)
    return letter


def _flaws(letter: OfficialLetter) -> Iterator[str]:
    number = letter.head.number
    if number is not None and number < 1:
        yield _("the number is less than 1")
    if not letter.text.subject.strip():
        yield _("the subject is missing")
    if len(letter.text.subject) > MOST_IN_SUBJECT:
        yield _("the subject is longer than %(most)s characters") % {"most": MOST_IN_SUBJECT}
    if not any(passage.text.strip() for passage in letter.text.body):
        yield _("the body is missing")
    if len(letter.annexes) > MOST_ANNEXES:
        yield _("a letter has at most %(most)s annexes") % {"most": MOST_ANNEXES}
    for annex in letter.annexes:
        if not annex.title.strip():
            yield _("an annex has no title")
        for part in annex.content:
            if isinstance(part, LetterTable):
                yield from _table_flaws(part)
    yield from contact_flaws(letter.contact, letter.proof)
    yield from proof_flaws(letter.proof)
    if letter.mark is not None:
        yield from _code_flaws(letter.mark.payload)


def _table_flaws(table: LetterTable) -> Iterator[str]:
    if not 1 <= len(table.heads) <= MOST_COLUMNS:
        yield _("a table must have 1 to %(most)s columns") % {"most": MOST_COLUMNS}
    for place, row in enumerate(table.rows, 1):
        if len(row) != len(table.heads):
            yield _("row %(row)s of a table has another number of cells") % {"row": place}


def _code_flaws(payload: str) -> Iterator[str]:
    if not payload or not payload.isprintable() or len(payload) > MOST_IN_CODE:
        yield _("a QR code holds 1 to %(most)s printable characters") % {"most": MOST_IN_CODE}
