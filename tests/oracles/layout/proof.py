"""The layout rule of what lets a copy be checked: the same code at the foot of each page."""

import re

from quetsach.documents.typeset import decree30 as decree
from tests.oracles.layout.measures import Verdict
from tests.oracles.layout.parts import Parts
from tests.oracles.layout.word_reading import Para, sizes

_CODE = re.compile(r"\b[0-9a-f]{16}\b")


def proof(parts: Parts) -> Verdict:
    """Tell whether every page has the same code at its foot, or none has one."""
    feet = [foot for section in parts.reading.sections for foot in section.feet]
    codes = [_CODE.findall("\n".join(para.text for para in foot)) for foot in feet]
    if not any(codes):
        return True, "none"
    told = [para for foot in feet for para in foot if _CODE.search(para.text)]
    pictured = {any(para.pictured for para in foot) for foot in feet}
    ok = (
        all(len(each) == 1 for each in codes)
        and len({each[0] for each in codes}) == 1
        and len(pictured) == 1
        and all(_is_small(para) for para in told)
    )
    return ok, " ".join("".join(each) or "-" for each in codes)


def is_proof(para: Para) -> bool:
    """Tell whether a line at the foot of a page bears the digits of a code."""
    return _CODE.search(para.text) is not None


def _is_small(para: Para) -> bool:
    told = [run for run in para.runs if run.text]
    return all(decree.PROOF_PT.holds(size) for size in sizes([para])) and all(
        set(run.fonts) == {decree.FONT} and run.colour in ("000000", "auto") for run in told
    )
