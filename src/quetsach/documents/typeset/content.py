"""The content of an official document, element by element, as DOCX and PDF both print it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.letterhead import STATE, HouseStyle, Letterhead
from quetsach.documents.typeset.text import (
    UnprintableCharacter,
    balanced_lines,
    beyond_times,
    day_month_year,
    printable,
    unfit_in,
    width_pt,
)
from quetsach.documents.typeset.typst import shows
from quetsach.documents.typeset.wording import LetterheadWords, wording

BLANK_DAY = (5, 5, 7)
"""How many dots a clerk needs for day, month and year."""


_BRACKETED = re.compile(
    r"<((?:https?://|mailto:|www\.)[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>", re.IGNORECASE
)
"""An address as mail programs and Markdown write it; on paper it has no brackets."""


@dataclass
class TextFitter:
    """Makes texts printable, and keeps what could not be, and what another typeface has to show."""

    beyond: set[str] = field(default_factory=set)
    _unfit: dict[str, UnprintableCharacter] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """Return `text` as it can be printed."""
        text = _BRACKETED.sub(r"\1", text)
        fitted, odd = printable(text, shows)
        for one in unfit_in(text, odd):
            self._unfit.setdefault(one.sign, one)
        self.beyond |= beyond_times(fitted)
        return fitted

    @property
    def unfit(self) -> tuple[UnprintableCharacter, ...]:
        """Return the characters that a □ replaces, each with the words around its first place."""
        return tuple(self._unfit[sign] for sign in sorted(self._unfit))

    def line(self, text: str) -> str:
        """Return `text` as it can be printed, on one line."""
        return " ".join(self.text(text).split())


def dots(count: int) -> str:
    """Return a blank for the clerk, as `count` dots."""
    return "." * count


def dots_beside(label: str) -> str:
    """Return the dots that fill the rest of a line that begins with `label`."""
    room = decree.points(decree.TEXT_WIDTH_MM)
    if label:
        room -= decree.points(decree.FIRST_INDENT_MM) + width_pt(label, decree.BIG_PT)
    # Two dots less than fit, so that no word processor breaks the line; never fewer than a few.
    return dots(max(8, int(room / width_pt(".", decree.BIG_PT)) - 2))


def listed(names: tuple[str, ...]) -> Iterator[str]:
    """Yield the names as a list of the decree: "- one;" and last "- two."."""
    for name in names[:-1]:
        yield f"- {name};"
    yield f"- {names[-1]}."


def addressed_lines(
    names: tuple[str, ...], words: LetterheadWords | None = None
) -> tuple[str, ...]:
    """Return the lines of the addressees: one name beside the label, several below it."""
    label = f"{(wording().head if words is None else words).addressed}:"
    if not names:
        return (f"{label} {dots(60)}",)
    if len(names) == 1:
        return (f"{label} {names[0]}.",)
    return (label, *listed(names))


def upper_lines(
    name: str | None, limit: float, size: float = decree.HEAD_PT, *, bold: bool = False
) -> tuple[str, ...]:
    """Return a body's name in capitals, in even lines no wider than `limit` points."""
    if name is None:
        return (dots(36),)
    return tuple(
        line
        for part in name.upper().split("\n")
        for line in balanced_lines(part, size, limit, bold=bold)
    )


def short_rule(lines: tuple[str, ...], size: float, *, bold: bool = True) -> float:
    """Return how long the short rule below `lines` is, in points."""
    widest = max((width_pt(line, size, bold=bold) for line in lines), default=0.0)
    return widest * decree.RULE_SHARE


def place_of(head: Letterhead, shown: LetterheadWords) -> str:
    """Return the line of place and day; what is not known is dots for the clerk."""
    place = dots(16) if head.place is None else head.place
    blank = tuple(dots(count) for count in BLANK_DAY)
    day, month, year = blank if head.signed_on is None else day_month_year(head.signed_on)
    return shown.place % {"place": place, "day": day, "month": month, "year": year}


def fit_head(head: Letterhead, fitting: TextFitter) -> Letterhead:
    """Return `head` with texts that can be printed."""

    def fit(text: str | None) -> str | None:
        return None if text is None else fitting.text(text)

    return replace(
        head,
        unit=fit(head.unit),
        parent=fit(head.parent),
        code=fit(head.code),
        place=fit(head.place),
        signer_post=fit(head.signer_post),
        signer_name=fit(head.signer_name),
        addressees=tuple(fitting.text(name) for name in head.addressees),
    )


class ParagraphRole(StrEnum):
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
class TextRun:
    """A part of a paragraph's text; `strong` is set in bold italics."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the content, in pieces of one look each."""

    role: ParagraphRole
    pieces: tuple[TextRun, ...]

    @property
    def text(self) -> str:
        """Return the whole text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class DocumentTable:
    """A table of the content: its column heads, and its rows as text.

    Units: `widths` in millimetres. Shapes: `aligns` holds "left" or "center" for each column.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = decree.GRID_COLUMNS_MM
    aligns: tuple[str, ...] = ("center", "left", "center", "center")


@dataclass(frozen=True)
class QrMark:
    """A QR code on the printed copy or in an annex: its content, and the words below it."""

    payload: str
    caption: str


Block: TypeAlias = Paragraph | DocumentTable | QrMark


@dataclass(frozen=True)
class DocumentAppendix:
    """An annex on pages of its own: "Phụ lục I", its title, the line that names its letter."""

    label: str
    title: tuple[str, ...]
    attached: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class FooterProof:
    """The foot of each page, so that a copy can be checked against the original.

    Shapes: `payload` is the content of the QR code beside the lines; "" where there is none.
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
class DocumentContent:
    """All texts of a document in the order of the decree, with the lengths of its rules in points.

    A named document has `kind` and `subject`; an official letter has `about` in their place.
    Shapes: a box replaces each of `unfit`; `beyond` are the signs that the typeface of official
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
    unfit: tuple[UnprintableCharacter, ...] = ()
    beyond: frozenset[str] = frozenset()
    language: str = "vi"
    about: tuple[str, ...] = ()
    stamp: Stamp | None = None
    contact: tuple[str, ...] = ()
    appendices: tuple[DocumentAppendix, ...] = ()
    mark: QrMark | None = None
    proof: FooterProof | None = None
    house: HouseStyle = STATE

    @property
    def bottom_mm(self) -> float:
        """Return how wide the margin below the text is: wider where it holds a QR code."""
        coded = self.proof is not None and self.proof.payload
        return decree.CODED_BOTTOM_MM if coded else decree.BOTTOM_MM


def plain(role: ParagraphRole, text: str) -> Paragraph:
    """Return a paragraph whose text is all of one look."""
    return Paragraph(role, (TextRun(text),))
