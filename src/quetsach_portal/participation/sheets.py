"""The sheet with a unit's code, as PDF."""

from django.http import HttpResponse
from django.utils.translation import get_language

from quetsach.api import sheets
from quetsach_portal.participation.models.participation import JoinCode


def as_response(code: JoinCode, link: str) -> HttpResponse:
    """Return the PDF of `code`, whose QR code leads to `link`."""
    short = code.shown
    typed, _query, on_plane = link.partition("?")
    sheet = sheets.JoinSheet(
        unit=code.node.name_at_freeze,
        campaign=code.node.campaign.title,
        link=link,
        audience=sheets.SheetAudience(code.kind),
        # The public page has a field for it; the portal's own page stands at an address of its own.
        typed=(typed if on_plane else link.replace(code.code, short)).partition("://")[2],
        code=short if on_plane else "",
    )
    content = sheets.join_sheet(sheet, language="en" if get_language() == "en" else "vi")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{code.kind}.pdf"'
    return response
