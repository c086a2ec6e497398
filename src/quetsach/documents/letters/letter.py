"""An official letter (công văn) as values: head and layout style, text, annexes, signer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.content import (
    HeadLines,
    QrMark,
    Stamp,
    TextFitter,
    TextRun,
    dots,
    fit_head,
    place_of,
    short_rule,
    upper_lines,
)
from quetsach.documents.typeset.letterhead import (
    PARTY,
    STATE,
    HouseStyle,
    Letterhead,
    above_in_party,
    party_notation,
)
from quetsach.documents.typeset.proof import DocumentProof, contact_flaws, proof_flaws
from quetsach.documents.typeset.text import width_pt
from quetsach.documents.typeset.wording import LetterheadWords, wording
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

MOST_ANNEXES = 50
MOST_COLUMNS = 10
MOST_IN_SUBJECT = 500
"""How long a subject may be, in characters. Source: Nghị định 30/2020/NĐ-CP, Phụ lục VI."""

MOST_IN_CODE = 300
"""How long the content of a QR code may be, in characters; a longer one is too fine for paper."""


class SigningCapacity(StrEnum):
    """In what capacity somebody signs.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.7.
    """

    ON_BEHALF_OF_BODY = "TM."
    FOR_SUPERIOR = "KT."
    BY_ORDER = "TL."
    BY_MANDATE = "TUQ."
    ACTING = "Q."


@dataclass(frozen=True)
class SignatureLine:
    """One line above the signer's own post: "KT. CHỦ TỊCH" is FOR_SUPERIOR of "Chủ tịch"."""

    capacity: SigningCapacity
    of: str


@dataclass(frozen=True)
class LetterSigner:
    """Who signs: the lines of capacity in their order, the own post, the name without titles."""

    post: str | None = None
    name: str | None = None
    standing: tuple[SignatureLine, ...] = ()


class PassageLevel(StrEnum):
    """How a passage is numbered: not at all, 1., a), or with a dash."""

    PLAIN = "plain"
    POINT = "point"
    SUBPOINT = "subpoint"
    DASH = "dash"


@dataclass(frozen=True)
class LetterPassage:
    """A paragraph of a letter, in runs of text; it is numbered when it is printed."""

    pieces: tuple[TextRun, ...]
    level: PassageLevel = PassageLevel.PLAIN

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


Content: TypeAlias = LetterPassage | LetterTable | BlankForm | QrMark


@dataclass(frozen=True)
class LetterAppendix:
    """An annex: its title, and its content in order."""

    title: str
    content: tuple[Content, ...]


class UrgencyStamp(StrEnum):
    """The stamp of urgency: HỎA TỐC, THƯỢNG KHẨN, KHẨN."""

    FLASH = "flash"
    MOST_URGENT = "most_urgent"
    URGENT = "urgent"


class Medium(StrEnum):
    """The medium of a copy: the electronic one has no QR code and no number on annexes."""

    ELECTRONIC = "electronic"
    PAPER = "paper"


@dataclass(frozen=True)
class Citation:
    """Another document as a letter cites it; unknown parts are left out.

    Shapes: `kind` is "Công văn" by default.
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
    body: tuple[LetterPassage, ...]
    legal: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    language: str = "vi"


@dataclass(frozen=True)
class OfficialLetter:
    """A letter with everything around its text.

    Shapes: `recipients` without dashes and full stops; "Như trên" and "Lưu: VT" are added if
    missing. `contact` are the lines at the foot of page 1. `mark` is on the paper copy alone.
    """

    head: Letterhead
    text: LetterText
    signer: LetterSigner | None = None
    recipients: tuple[str, ...] = ()
    urgency: UrgencyStamp | None = None
    annexes: tuple[LetterAppendix, ...] = ()
    contact: tuple[str, ...] = ()
    mark: QrMark | None = None
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
            elif isinstance(part, QrMark):
                yield from _code_flaws(part.payload)
    yield from contact_flaws(letter.contact, letter.proof)
    yield from proof_flaws(letter.proof)
    if letter.mark is not None:
        yield from _code_flaws(letter.mark.payload)


def _table_flaws(table: LetterTable) -> Iterator[str]:
    if not 1 <= len(table.heads) <= MOST_COLUMNS:
        yield _("a table must have 1 to %(most)s columns") % {"most": MOST_COLUMNS}
    for place, row in enumerate(table.rows, 1):
        if len(row) != len(table.heads):
            yield _("row %(row)s of a table has the wrong number of cells") % {"row": place}


def _code_flaws(payload: str) -> Iterator[str]:
    if not payload or not payload.isprintable() or len(payload) > MOST_IN_CODE:
        yield _("a QR code holds 1 to %(most)s printable characters") % {"most": MOST_IN_CODE}


_ROOM_LEFT = decree.points(decree.HEAD_COLUMNS_MM[0]) - 4
# How wide each stamp is. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.10; all are 8 mm high.
_STAMPS_MM = {UrgencyStamp.FLASH: 30.0, UrgencyStamp.MOST_URGENT: 40.0, UrgencyStamp.URGENT: 20.0}


@dataclass(frozen=True)
class DocumentOpening:
    """What every paper begins with: a head that can be printed, its fixed words, what did not fit.

    All other texts of the paper go through the same `fitting`.
    """

    head: Letterhead
    words: LetterheadWords
    fitting: TextFitter

    @property
    def house(self) -> HouseStyle:
        """Return the style that the paper is set in."""
        return house_of(self.head)

    @property
    def known_number(self) -> str:
        """Return the number as it is printed ("05"), dots where there is none yet."""
        return dots(8) if self.head.number is None else f"{self.head.number:02d}"

    def stamp(self, urgency: UrgencyStamp | None) -> Stamp | None:
        """Return the stamp of urgency below the number (box 10b), None for an ordinary paper."""
        if urgency is None:
            return None
        return Stamp(self.words.urgency[urgency], _STAMPS_MM[urgency])

    def lines(self, number: str) -> HeadLines:
        """Return the head: everything above the document's kind or its addressees.

        Shapes: `number` is number and code as one.
        """
        return _lines(self, number)


def opening(head: Letterhead, language: str = "vi") -> DocumentOpening:
    """Return what a paper with this head begins with."""
    fitting = TextFitter()
    fitted = fit_head(head, fitting)
    return DocumentOpening(fitted, head_words(fitted, language), fitting)


def house_of(head: Letterhead) -> HouseStyle:
    """Return the style of a document with this head."""
    return PARTY if head.is_party else STATE


def head_words(head: Letterhead, language: str = "vi") -> LetterheadWords:
    """Return the fixed words of a document with this head."""
    return wording().head_party if head.is_party else wording().head_in(language)


def _lines(start: DocumentOpening, number: str) -> HeadLines:
    head, words, house = start.head, start.words, start.house
    body = upper_lines(head.unit, _ROOM_LEFT, house.issuer, bold=True)
    parent = head.parent
    if head.is_party and parent is not None:
        parent = above_in_party(head.unit or "", parent)
    above = upper_lines(parent, _ROOM_LEFT, house.issuer) if head.parent_shown else ()
    ruled = words.motto or words.nation
    size = decree.BIG_PT if words.motto else house.nation
    return HeadLines(
        nation=words.nation,
        motto=words.motto,
        motto_rule=width_pt(ruled, size, bold=True),
        parent=above,
        body=body,
        body_rule=0.0 if house.star else short_rule(body, house.issuer),
        # "Số: 05/UBND-TH", "Số 12-CV/HU".
        number=f"{words.number} {number}" if head.is_party else f"{words.number}: {number}",
        place=place_of(head, words),
    )


def numbered_as(number: str, notation: str) -> str:
    """Return number and code as one: "05/BC-UBND", "12-BC/HU" in the Party's style (II.1.3)."""
    return f"{number}-{notation}" if "/" in notation else f"{number}/{notation}"


def notation_for(head: Letterhead, kind: str, code: str) -> str:
    """Return a code as documents with this head have it; `kind` is that of the document ("BC")."""
    return party_notation(kind, code) if head.is_party and code.strip() else code


def capacity_words(capacity: SigningCapacity, head: Letterhead) -> str:
    """Return how a capacity is written: "TM.", "T/M" in documents of the Party (II.1.7)."""
    written = wording().party.capacities
    return written.get(str(capacity), str(capacity)) if head.is_party else str(capacity)
