"""Bodies of the Party: how they are known by their names, and how their documents name them.

Source: Hướng dẫn 36-HD/VPTW (2018), I.2, II.1.2, II.1.3.
"""

import re

from quetsach.documents.wording import wording


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
    """Return what stands above a body: for a committee the party organisation, not its committee.

    "Huyện ủy Định Hóa" stands below "Đảng bộ tỉnh Thái Nguyên" (II.1.2, Phụ lục 3).
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
