"""The sheet that invites to a campaign: a large QR code, its address, what to do; one page."""

from pathlib import Path
from typing import Any

from quetsach.documents import decree30 as decree
from quetsach.documents.fonts import Face
from quetsach.documents.link import checked_link
from quetsach.documents.sheet_text import fitted
from quetsach.documents.sheet_values import Audience, JoinSheet
from quetsach.documents.typesetting import set_page
from quetsach.errors import QuetsachError
from quetsach.texts import _, language

_TEMPLATE = Path(__file__).with_name("join.typ")
MOST_STEPS = 6
_LONGEST_STEP = 220


def join_sheet_pdf(sheet: JoinSheet, *, face: Face | None = None) -> bytes:
    """Return the page in the language in use; the same sheet gives the same bytes.

    Errors: E409 for the link; E423 when there are too many steps; E405.
    """
    checked_link(sheet.link)
    if len(sheet.steps) > MOST_STEPS:
        reason = _("at most %(most)s steps fit on the page") % {"most": MOST_STEPS}
        raise QuetsachError("E423", sheet.unit[:80], reason=reason)
    return set_page(_TEMPLATE, "sheet", _texts(sheet), qr=sheet.link, when_s=0, face=face)


def _texts(sheet: JoinSheet) -> dict[str, Any]:
    return {
        "lang": language(),
        "page": decree.PAGE_MM,
        "campaign": fitted(sheet.campaign, 160),
        "unit": fitted(sheet.unit, 120),
        "invited": _invited(sheet.audience),
        "scan": _("Scan with the camera of your telephone, or type this address:"),
        "link": fitted(sheet.typed or sheet.link, 200),
        "code": _("and there the code: %(code)s") % {"code": fitted(sheet.code, 40)}
        if sheet.code
        else "",
        "steps": [fitted(step, _LONGEST_STEP) for step in sheet.steps] or _steps(sheet.audience),
        "private": _(
            "No name, telephone number or file is asked for. Only the number of those who took "
            "part is counted for the unit."
        ),
        "warning": _(
            "The address must be exactly the one printed here. Nobody from the campaign will ask "
            "you for a password or send you an application to install."
        ),
        "until": _("Until: %(day)s") % {"day": fitted(sheet.until, 40)} if sheet.until else "",
        "help": _("Help: %(where)s") % {"where": fitted(sheet.help, 80)} if sheet.help else "",
    }


def _invited(audience: Audience) -> str:
    return {
        Audience.STAFF: _("For staff of the unit"),
        Audience.RELATIVE: _("For relatives and friends of our staff"),
        Audience.PUBLIC: _("For everybody"),
    }[audience]


def _steps(audience: Audience) -> list[str]:
    where = {
        Audience.STAFF: _("Check the computer at work, and those at home too."),
        Audience.RELATIVE: _("Check each computer and telephone at home."),
        Audience.PUBLIC: _("Check each of your computers and telephones."),
    }[audience]
    return [
        _("Open the page and press “I take part”, so that you are counted."),
        where,
        _("Do what the page shows: update, scan, remove cracked software."),
        # Its code counts for whom it is made: families are no staff.
        _("Show this sheet to colleagues; family and friends have one of their own.")
        if audience is Audience.STAFF
        else _("Show this sheet to colleagues, family and friends."),
    ]
