"""Hand a file out: always as an attachment, never as a page."""

from django.http import FileResponse, Http404

from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.names import attachment_header
from quetsach_portal.files.storage import path_of


def attachment(stored: StoredFile) -> FileResponse:
    """Return the response that hands `stored` out. Errors: Http404 unless it was accepted."""
    if stored.state != FileState.ACCEPTED:
        raise Http404
    response = FileResponse(path_of(stored).open("rb"))
    for name, value in {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": attachment_header(stored.name),
        "X-Content-Type-Options": "nosniff",
        # Whatever a browser makes of it: no script, no form, no origin of ours.
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }.items():
        response.headers[name] = value
    return response
