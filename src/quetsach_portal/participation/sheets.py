"""The sheet with a unit's code, as PDF."""

from django.http import HttpResponse
from django.utils.translation import get_language

from quetsach import api
from quetsach_portal.participation.models import JoinCode


def as_response(code: JoinCode, link: str) -> HttpResponse:
    """Return the PDF of `code`, whose QR code leads to `link`."""
    sheet = api.JoinSheet(
        unit=code.node.name_at_freeze,
        campaign=code.node.campaign.title,
        link=link,
        audience=api.Audience(code.kind),
    )
    content = api.join_sheet(sheet, language="en" if get_language() == "en" else "vi")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{code.kind}.pdf"'
    return response
