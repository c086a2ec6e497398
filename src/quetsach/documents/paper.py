"""The finished content of an official document, element by element; DOCX and PDF both print it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from quetsach.documents import decree30 as decree
from quetsach.documents.house import STATE, House
from quetsach.documents.printable import Unfit


class Role(StrEnum):
    """What a paragraph is; the role decides how it is set."""

    LEGAL = "legal"
    LEAD = "lead"
    HEADING = "heading"
    ITEM = "item"
    VALUE = "value"
    GRADE = "grade"
    DOTS = "dots"
    CLOSING = "closing"
    ENDING = "ending"


@dataclass(frozen=True)
class Piece:
    """A part of a paragraph's text; `strong` is set in bold italics."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the content, in pieces of one look each."""

    role: Role
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Return the whole text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Grid:
    """A table of the content: its column heads, and its rows as text.

    Units: `widths` in millimetres. Shapes: `aligns` holds "left" or "center" for each column.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = decree.GRID_COLUMNS_MM
    aligns: tuple[str, ...] = ("center", "left", "center", "center")


Block: TypeAlias = Paragraph | Grid


@dataclass(frozen=True)
class Appendix:
    """An annex on pages of its own: "Phụ lục I", its title, the line that names its letter."""

    label: str
    title: tuple[str, ...]
    attached: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Mark:
    """A QR code on the printed copy: what it says, and the words below it."""

    payload: str
    caption: str


@dataclass(frozen=True)
class Proof:
    """What stands at the foot of each page, so that a copy can be checked against the original.

    Shapes: `payload` is what the QR code beside the lines says; "" where there is none.
    """

    lines: tuple[str, ...]
    payload: str = ""


@dataclass(frozen=True)
class HeadLines:
    """The two blocks at the top, and number, place and day below them (boxes 1 to 4).

    Units: rules in points.
    """

    nation: str
    motto: str
    motto_rule: float
    parent: tuple[str, ...]
    body: tuple[str, ...]
    body_rule: float
    number: str
    place: str


@dataclass(frozen=True)
class Stamp:
    """The stamp of urgency: its word, and how wide its frame is."""

    text: str
    width_mm: float


@dataclass(frozen=True)
class Paper:
    """All texts of a document in the order of the decree, with the lengths of its rules in points.

    A named document has `kind` and `subject`; an official letter has `about` in their place.
    Shapes: a box stands for each of `unfit`; `beyond` are the signs that the typeface of official
    paper does not have and another one of this system shows.
    """

    title: str
    head: HeadLines
    kind: str
    subject: tuple[str, ...]
    subject_rule: float
    addressed: tuple[str, ...]
    blocks: tuple[Block, ...]
    recipients_head: str
    recipients: tuple[str, ...]
    signer_post: tuple[str, ...]
    signer_name: str
    unfit: tuple[Unfit, ...] = ()
    beyond: frozenset[str] = frozenset()
    language: str = "vi"
    about: tuple[str, ...] = ()
    stamp: Stamp | None = None
    contact: tuple[str, ...] = ()
    appendices: tuple[Appendix, ...] = ()
    mark: Mark | None = None
    proof: Proof | None = None
    house: House = STATE

    @property
    def bottom_mm(self) -> float:
        """Return how wide the margin below the text is: wider where a QR code stands in it."""
        coded = self.proof is not None and self.proof.payload
        return decree.CODED_BOTTOM_MM if coded else decree.BOTTOM_MM


def plain(role: Role, text: str) -> Paragraph:
    """Return a paragraph whose text is all of one look."""
    return Paragraph(role, (Piece(text),))
