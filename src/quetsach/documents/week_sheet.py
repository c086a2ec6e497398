"""The week of a campaign on one page: figures, what was added, who is behind; for the leader."""

from pathlib import Path
from typing import Any

from quetsach.documents import decree30 as decree
from quetsach.documents.fonts import Face
from quetsach.documents.link import checked_link
from quetsach.documents.sheet_text import fitted
from quetsach.documents.sheet_values import WeekSheet
from quetsach.documents.typesetting import set_page
from quetsach.texts import _, language

_TEMPLATE = Path(__file__).with_name("week.typ")
MOST_LINES = 14
MOST_BEHIND = 8
MOST_NOTES = 6


def week_sheet_pdf(sheet: WeekSheet, *, face: Face | None = None) -> bytes:
    """Return the page in the language in use; the same sheet gives the same bytes.

    What does not fit on one page is left out at the end of its list: it stands behind the link.
    Errors: E409 for the link; E405.
    """
    checked_link(sheet.link)
    return set_page(_TEMPLATE, "sheet", _texts(sheet), qr=sheet.link, when_s=0, face=face)


def _texts(sheet: WeekSheet) -> dict[str, Any]:
    return {
        "lang": language(),
        "page": decree.PAGE_MM,
        "unit": fitted(sheet.unit, 120),
        "campaign": fitted(sheet.campaign, 160),
        "week": fitted(sheet.week, 80),
        "due": fitted(sheet.due, 120) if sheet.due else "",
        "head": [_("Figure"), _("Now"), _("Share"), _("This week")],
        "lines": [
            [fitted(one.label, 90), *(_short(text) for text in (one.now, one.share, one.added))]
            for one in sheet.lines[:MOST_LINES]
        ],
        "behind_title": _("Units that need a word"),
        "behind": [[fitted(name, 80), fitted(why, 60)] for name, why in sheet.behind[:MOST_BEHIND]],
        "notes_title": _("Declared and verified"),
        "notes": [fitted(one, 240) for one in sheet.notes[:MOST_NOTES]],
        "foot": _("Made by the portal from its counters; the code leads to the figures and rows."),
    }


def _short(text: str) -> str:
    return fitted(text, 20) if text else ""
