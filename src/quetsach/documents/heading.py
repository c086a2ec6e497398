"""The head of a document in the manner of its house: its blocks, its number, who signs how."""

from dataclasses import dataclass

from quetsach.documents import decree30 as decree
from quetsach.documents.house import PARTY, STATE, House
from quetsach.documents.letter import Capacity
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.paper_lines import short_rule, upper_lines
from quetsach.documents.party import above_in_party, party_notation
from quetsach.documents.times_width import width_pt
from quetsach.documents.wording import Head, wording

_ROOM_LEFT = decree.points(decree.HEAD_COLUMNS_MM[0]) - 4


@dataclass(frozen=True)
class HeadLines:
    """The lines of the left and right block, and the lengths of their rules in points."""

    nation: str
    motto: str
    motto_rule: float
    parent: tuple[str, ...]
    body: tuple[str, ...]
    body_rule: float


def house_of(head: Letterhead) -> House:
    """Return whose manner a document with this head is set in."""
    return PARTY if head.is_party else STATE


def head_words(head: Letterhead, language: str = "vi") -> Head:
    """Return the fixed words of a document with this head."""
    return wording().head_party if head.is_party else wording().head_in(language)


def head_lines(head: Letterhead, words: Head) -> HeadLines:
    """Return what stands in the two blocks at the top."""
    house = house_of(head)
    body = upper_lines(head.unit, _ROOM_LEFT, house.issuer, bold=True)
    parent = head.parent
    if head.is_party and parent is not None:
        parent = above_in_party(head.unit or "", parent)
    above = upper_lines(parent, _ROOM_LEFT, house.issuer) if head.parent_shown else ()
    ruled = words.motto or words.nation
    size = decree.BIG_PT if words.motto else house.nation
    return HeadLines(
        words.nation,
        words.motto,
        width_pt(ruled, size, bold=True),
        above,
        body,
        0.0 if house.star else short_rule(body, house.issuer),
    )


def numbered_as(number: str, notation: str) -> str:
    """Return number and code as one: "05/BC-UBND", "12-BC/HU" by the Party's manner (II.1.3)."""
    return f"{number}-{notation}" if "/" in notation else f"{number}/{notation}"


def number_line(head: Letterhead, words: Head, number: str) -> str:
    """Return the line of number and code: "Số: 05/UBND-TH", "Số 12-CV/HU"."""
    return f"{words.number} {number}" if head.is_party else f"{words.number}: {number}"


def notation_for(head: Letterhead, kind: str, code: str) -> str:
    """Return a code as documents with this head bear it; `kind` is that of the document ("BC")."""
    return party_notation(kind, code) if head.is_party and code.strip() else code


def capacity_words(capacity: Capacity, head: Letterhead) -> str:
    """Return how a capacity is written: "TM.", "T/M" in documents of the Party (II.1.7)."""
    written = wording().party.capacities
    return written.get(str(capacity), str(capacity)) if head.is_party else str(capacity)
