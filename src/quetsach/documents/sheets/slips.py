"""Sheets of slips to cut up: each has a code that counts once, and says of nobody who gets it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quetsach.documents.sheets.campaign_sheets import fitted
from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.proof import checked_link
from quetsach.documents.typeset.typst import Face, find_face, qr_svg, typeset
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, language

_TEMPLATE = Path(__file__).with_name("slips.typ")
ON_A_SHEET = 24
MOST_SLIPS = 480


@dataclass(frozen=True)
class SlipSheet:
    """Slips of a unit. Shapes: `typed` is the address to type; `slips` are (code, link) pairs."""

    unit: str
    campaign: str
    typed: str
    slips: Sequence[tuple[str, str]]


def slip_sheet_pdf(sheet: SlipSheet, *, face: Face | None = None) -> bytes:
    """Return the A4 pages, 24 slips on each, in the language in use.

    Errors: E409 for a link; E423 for no slip or too many; E405.
    """
    if not 0 < len(sheet.slips) <= MOST_SLIPS:
        reason = _("between 1 and %(most)s slips fit") % {"most": MOST_SLIPS}
        raise QuetsachError("E423", sheet.unit[:80], reason=reason)
    for _text, link in sheet.slips:
        checked_link(link)
    texts = {
        "lang": language(),
        "page": decree.PAGE_MM,
        "campaign": fitted(sheet.campaign, 90),
        "unit": fitted(sheet.unit, 70),
        "how": _("Scan, or type the code at"),
        "address": fitted(sheet.typed, 60),
        "once": _("Counts once. No name."),
        "slips": [{"code": code, "qr": qr_svg(link)} for code, link in sheet.slips],
    }
    inputs = {"sheet": json.dumps(texts, ensure_ascii=False)}
    return typeset(_TEMPLATE, inputs, when_s=0, face=find_face() if face is None else face)
