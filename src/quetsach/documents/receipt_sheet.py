"""The sheet that goes with a printed letter: a QR code that opens the page to confirm receipt."""

from pathlib import Path
from typing import Any

from quetsach.documents import decree30 as decree
from quetsach.documents.dates import day
from quetsach.documents.fonts import Face
from quetsach.documents.link import checked_link
from quetsach.documents.sheet_text import fitted
from quetsach.documents.sheet_values import ReceiptSheet
from quetsach.documents.typesetting import set_page
from quetsach.texts import _, language

_TEMPLATE = Path(__file__).with_name("receipt.typ")


def receipt_sheet_pdf(sheet: ReceiptSheet, *, face: Face | None = None) -> bytes:
    """Return the page in the language in use; the same sheet gives the same bytes.

    Errors: E409 for the link; E405.
    """
    checked_link(sheet.link)
    return set_page(_TEMPLATE, "sheet", _texts(sheet), qr=sheet.link, when_s=0, face=face)


def _texts(sheet: ReceiptSheet) -> dict[str, Any]:
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
