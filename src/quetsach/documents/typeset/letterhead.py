"""The head and foot of an official document, in the style of the state or of the Party."""

import re
from dataclasses import dataclass
from datetime import date

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.wording import wording


@dataclass(frozen=True)
class HouseStyle:
    """How the head is set. Units: points. `star` is printed below the issuer in place of a rule."""

    nation: float
    issuer: float
    number: float
    kind: float
    is_about_italic: bool = False
    star: str = ""


STATE = HouseStyle(decree.HEAD_PT, decree.HEAD_PT, decree.HEAD_PT, decree.BIG_PT)
PARTY = HouseStyle(15.0, 14.0, 14.0, 15.0, is_about_italic=True, star="*")


def is_party_body(name: str, *, in_party: bool = False) -> bool:
    """Tell whether a body issues documents of the Party, by its name or because it belongs to it.

    Source: Hướng dẫn 36-HD/VPTW, I.2: committees and bodies of the Party, no political schools.
    """
    party = wording().party
    text = _folded(name)
    if text.startswith(tuple(map(_folded, party.schools))):
        return False
    if in_party or text.startswith(tuple(map(_folded, party.bodies))):
        return True
    committees = "|".join(map(_folded, party.committees))
    return re.search(rf"\b({committees})\b", text) is not None


def above_in_party(name: str, parent: str) -> str:
    """Return the superior body in the head: for a committee its party organisation.

    "Huyện ủy Định Hóa" is printed below "Đảng bộ tỉnh Thái Nguyên" (II.1.2, Phụ lục 3).
    """
    committees = wording().party.committees
    if not _folded(name).startswith(tuple(map(_folded, committees))):
        return parent
    for called, over in committees.items():
        if _folded(parent).startswith(_folded(called) + " "):
            return f"{over}{parent.strip()[len(called) :]}"
    return parent


def short_in_party(name: str) -> str | None:
    """Return the letters of a committee in its documents' codes: "HU" of "Huyện ủy", else None."""
    text = _folded(name)
    shorts = wording().party.shorts.items()
    return next((short for called, short in shorts if text.startswith(_folded(called))), None)


def party_notation(kind: str, code: str) -> str:
    """Return the code of a party document: its kind, a stroke, its body ("BC/HU")."""
    rest = code.strip().upper()
    for mark in "-/":
        rest = rest.removeprefix(f"{kind}{mark}")
    return f"{kind}/{rest}"


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("uỷ", "ủy").split())


@dataclass(frozen=True)
class Letterhead:
    """The letterhead around the content; None is a visible blank for the clerk.

    `parent_shown` is False for bodies that stand alone in the left block. A line break in `unit`
    is kept. `is_party` sets it as documents of the Party are (Hướng dẫn 36-HD/VPTW).
    """

    unit: str | None = None
    parent: str | None = None
    parent_shown: bool = True
    code: str | None = None
    number: int | None = None
    place: str | None = None
    signed_on: date | None = None
    addressees: tuple[str, ...] = ()
    signer_post: str | None = None
    signer_name: str | None = None
    is_party: bool = False


def letterhead_of(unit: str | None, *, in_party: bool = False) -> Letterhead:
    """Return the letterhead of `unit`, with all else left to the clerk.

    A people's committee or council has no body above it; its name is in full, and its place has a
    line of its own. A body of the Party is recognised by its name, or given as one by `in_party`.
    """
    if unit is None or not unit.strip():
        return Letterhead()
    name = " ".join(unit.split())
    for body, short in wording().head.alone.items():
        for called in (body, short):
            if name.casefold().startswith(f"{called} ".casefold()):
                where = name[len(called) + 1 :]
                return Letterhead(
                    unit=f"{body}\n{where}",
                    parent_shown=False,
                    code=short,
                    # Such a body decides collectively; its chairman signs on its behalf (Nghị định
                    # 30/2020, Phụ lục I, phần II, mục 7).
                    signer_post=f"TM. {body}\nChủ tịch",
                )
    if is_party_body(name, in_party=in_party):
        return Letterhead(unit=name, code=short_in_party(name), is_party=True)
    return Letterhead(unit=name)
