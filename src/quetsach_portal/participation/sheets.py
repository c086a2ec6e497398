"""The sheet with a unit's code, as PDF."""

import tempfile
from pathlib import Path

from django.http import HttpResponse
from django.utils.translation import get_language

from quetsach import api
from quetsach_portal.participation.models import JoinCode


def as_response(code: JoinCode, link: str) -> HttpResponse:
    """Return the PDF of `code`, whose QR code leads to `link`."""
    with tempfile.TemporaryDirectory() as folder:
        path = api.join_sheet(
            Path(folder) / "sheet.pdf",
            unit=code.node.name_at_freeze,
            campaign=code.node.campaign.title,
            audience=code.kind,
            link=link,
            language=get_language() or "vi",
        )
        response = HttpResponse(path.read_bytes(), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{code.kind}.pdf"'
    return response
