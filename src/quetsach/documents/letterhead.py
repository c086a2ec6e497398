"""The head and foot of an official document: who issues it, to whom, and what is left open."""

from dataclasses import dataclass
from datetime import date

from quetsach.documents.party import is_party_body, short_in_party
from quetsach.documents.wording import wording


@dataclass(frozen=True)
class Letterhead:
    """What stands around the content; None is a visible blank for the clerk.

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

    A people's committee or council stands alone, written in full, its place on a line of its own.
    A body of the Party is known by its name, or because it is said that it is one (`in_party`).
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
                    # Such a body decides together; its chairman signs on its behalf (Nghị định
                    # 30/2020, Phụ lục I, phần II, mục 7).
                    signer_post=f"TM. {body}\nChủ tịch",
                )
    if is_party_body(name, in_party=in_party):
        return Letterhead(unit=name, code=short_in_party(name), is_party=True)
    return Letterhead(unit=name)
