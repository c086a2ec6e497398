"""The one-page sheets of a campaign: invitation, receipt of a letter, and weekly summary."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.proof import checked_link
from quetsach.documents.typeset.text import day, printable
from quetsach.documents.typeset.typst import Face, set_page
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _, language

_BREAK_HERE = "\u200b"
_LONG_WORD = 18


def fitted(text: str, longest: int) -> str:
    """Return `text` as it can be printed, at most `longest` characters, with an ellipsis if cut.

    A word too long for a line gets places where it may break; they take no room.
    """
    # A very long text is cut before it is processed.
    line = " ".join(printable(text[: 4 * longest])[0].split())
    if len(line) > longest or len(text) > 4 * longest:
        line = f"{line[: longest - 1]}…"
    return " ".join(
        word if len(word) < _LONG_WORD else _BREAK_HERE.join(word) for word in line.split(" ")
    )


class SheetAudience(StrEnum):
    """Who is invited by a sheet."""

    STAFF = "staff"
    RELATIVE = "relative"
    PUBLIC = "public"


@dataclass(frozen=True)
class JoinSheet:
    """The sheet by which a unit invites its people.

    Shapes: `steps` take the place of the usual ones; `until` is a day as it is to be read; `help`
    is where to ask, such as a telephone number. `typed` is the address for who types it, "" for
    `link`; `code` is what is typed there, "" where the address has it.
    """

    unit: str
    campaign: str
    link: str
    audience: SheetAudience = SheetAudience.STAFF
    typed: str = ""
    code: str = ""
    steps: tuple[str, ...] = ()
    until: str = ""
    help: str = ""


@dataclass(frozen=True)
class ReceiptSheet:
    """The sheet that goes with a printed letter: who gets it, which it is, where to confirm it.

    Shapes: `number` with its code, such as "12/UBND-TH"; "" and None are lines to write on.
    """

    unit: str
    link: str
    issuer: str
    subject: str
    number: str = ""
    dated: date | None = None
    due: str = ""


@dataclass(frozen=True)
class WeekLine:
    """A figure of the week, as it is to be read: now, its share of the whole, what was added."""

    label: str
    now: str
    share: str = ""
    added: str = ""


@dataclass(frozen=True)
class WeekSheet:
    """The weekly summary of a campaign for the head of a unit.

    Shapes: `week` and `due` are sentences; `behind` has the late units, each with its reason;
    `notes` are sentences.
    """

    unit: str
    campaign: str
    link: str
    week: str
    due: str = ""
    lines: tuple[WeekLine, ...] = ()
    behind: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


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


def _invited(audience: SheetAudience) -> str:
    return {
        SheetAudience.STAFF: _("For staff of the unit"),
        SheetAudience.RELATIVE: _("For relatives and friends of our staff"),
        SheetAudience.PUBLIC: _("For everybody"),
    }[audience]


def _steps(audience: SheetAudience) -> list[str]:
    where = {
        SheetAudience.STAFF: _("Check the computer at work, and those at home too."),
        SheetAudience.RELATIVE: _("Check each computer and telephone at home."),
        SheetAudience.PUBLIC: _("Check each of your computers and telephones."),
    }[audience]
    return [
        _("Open the page and press “I take part”, so that you are counted."),
        where,
        _("Do what the page shows: update, scan, remove cracked software."),
        # Its code counts for its audience: families are not staff.
        _("Show this sheet to colleagues; family and friends have one of their own.")
        if audience is SheetAudience.STAFF
        else _("Show this sheet to colleagues, family and friends."),
    ]


_RECEIPT_SHEET_TEMPLATE = Path(__file__).with_name("receipt.typ")


def receipt_sheet_pdf(sheet: ReceiptSheet, *, face: Face | None = None) -> bytes:
    """Return the page in the language in use; the same sheet gives the same bytes.

    Errors: E409 for the link; E405.
    """
    checked_link(sheet.link)
    return set_page(
        _RECEIPT_SHEET_TEMPLATE,
        "sheet",
        _receipt_sheet_texts(sheet),
        qr=sheet.link,
        when_s=0,
        face=face,
    )


def _receipt_sheet_texts(sheet: ReceiptSheet) -> dict[str, Any]:
    facts = [
        (_("Number of the letter"), fitted(sheet.number, 60)),
        (_("Dated"), "" if sheet.dated is None else day(sheet.dated)),
        (_("Issued by"), fitted(sheet.issuer, 160)),
        (_("About"), fitted(sheet.subject, 300)),
    ]
    if sheet.due:
        facts.append((_("Report due"), fitted(sheet.due, 60)))
    return {
        "lang": language(),
        "page": decree.PAGE_MM,
        "head": _("Confirmation of receipt"),
        "to": _("Sent to"),
        "unit": fitted(sheet.unit, 200),
        "facts": [list(fact) for fact in facts],
        "scan": _("Scan to confirm that the letter has arrived"),
        "link": fitted(sheet.link, 200),
        "how": [
            _("Hold number and day of the letter against this sheet."),
            _("Scan the code, or type the address below it into a browser."),
            _("Press “Confirm receipt” on the page. Opening the page confirms nothing yet."),
        ],
        "by_hand": _("Without a network: fill in, and send this sheet back with the messenger"),
        "blanks": [_("Received on:"), _("Received by (desk or role):"), _("Signature:")],
    }


_WEEK_SHEET_TEMPLATE = Path(__file__).with_name("week.typ")
MOST_LINES = 14
MOST_BEHIND = 8
MOST_NOTES = 6


def week_sheet_pdf(sheet: WeekSheet, *, face: Face | None = None) -> bytes:
    """Return the page in the language in use; the same sheet gives the same bytes.

    What does not fit on one page is cut from the end of its list: the link leads to the rest.
    Errors: E409 for the link; E405.
    """
    checked_link(sheet.link)
    return set_page(
        _WEEK_SHEET_TEMPLATE, "sheet", _week_sheet_texts(sheet), qr=sheet.link, when_s=0, face=face
    )


def _week_sheet_texts(sheet: WeekSheet) -> dict[str, Any]:
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
        "behind_title": _("Units that need a reminder"),
        "behind": [[fitted(name, 80), fitted(why, 60)] for name, why in sheet.behind[:MOST_BEHIND]],
        "notes_title": _("Declared and verified"),
        "notes": [fitted(one, 240) for one in sheet.notes[:MOST_NOTES]],
        "foot": _("Made by the portal from its counters; the code leads to the figures and rows."),
    }


def _short(text: str) -> str:
    return fitted(text, 20) if text else ""
