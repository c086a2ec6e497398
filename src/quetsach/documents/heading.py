"""The head of a document in the manner of its house: its blocks, its number, who signs how."""

from dataclasses import dataclass

from quetsach.documents import decree30 as decree
from quetsach.documents.house import PARTY, STATE, House
from quetsach.documents.letter import Capacity, Urgency
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.paper import HeadLines, Stamp
from quetsach.documents.paper_lines import (
    Fitting,
    dots,
    fit_head,
    place_of,
    short_rule,
    upper_lines,
)
from quetsach.documents.party import above_in_party, party_notation
from quetsach.documents.times_width import width_pt
from quetsach.documents.wording import Head, wording

_ROOM_LEFT = decree.points(decree.HEAD_COLUMNS_MM[0]) - 4
# How wide each stamp is. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.10; all are 8 mm high.
_STAMPS_MM = {Urgency.FLASH: 30.0, Urgency.MOST_URGENT: 40.0, Urgency.URGENT: 20.0}


@dataclass(frozen=True)
class Opening:
    """What every paper begins with: a head that can be printed, its fixed words, what did not fit.

    Whatever else the paper says goes through the same `fitting`.
    """

    head: Letterhead
    words: Head
    fitting: Fitting

    @property
    def house(self) -> House:
        """Return whose manner the paper is set in."""
        return house_of(self.head)

    @property
    def known_number(self) -> str:
        """Return the number as it is printed ("05"), dots where there is none yet."""
        return dots(8) if self.head.number is None else f"{self.head.number:02d}"

    def stamp(self, urgency: Urgency | None) -> Stamp | None:
        """Return the stamp of urgency below the number (box 10b), None for an ordinary paper."""
        if urgency is None:
            return None
        return Stamp(self.words.urgency[urgency], _STAMPS_MM[urgency])

    def lines(self, number: str) -> HeadLines:
        """Return all that stands above the document's kind or its addressees.

        Shapes: `number` is number and code as one.
        """
        return _lines(self, number)


def opening(head: Letterhead, language: str = "vi") -> Opening:
    """Return what a paper with this head begins with."""
    fitting = Fitting()
    fitted = fit_head(head, fitting)
    return Opening(fitted, head_words(fitted, language), fitting)


def house_of(head: Letterhead) -> House:
    """Return whose manner a document with this head is set in."""
    return PARTY if head.is_party else STATE


def head_words(head: Letterhead, language: str = "vi") -> Head:
    """Return the fixed words of a document with this head."""
    return wording().head_party if head.is_party else wording().head_in(language)


def _lines(start: Opening, number: str) -> HeadLines:
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
    """Return number and code as one: "05/BC-UBND", "12-BC/HU" by the Party's manner (II.1.3)."""
    return f"{number}-{notation}" if "/" in notation else f"{number}/{notation}"


def notation_for(head: Letterhead, kind: str, code: str) -> str:
    """Return a code as documents with this head bear it; `kind` is that of the document ("BC")."""
    return party_notation(kind, code) if head.is_party and code.strip() else code


def capacity_words(capacity: Capacity, head: Letterhead) -> str:
    """Return how a capacity is written: "TM.", "T/M" in documents of the Party (II.1.7)."""
    written = wording().party.capacities
    return written.get(str(capacity), str(capacity)) if head.is_party else str(capacity)
