"""Hand a file out: always as an attachment, never as a page."""

from django.http import FileResponse, Http404

from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.storage import path_of


def attachment(stored: StoredFile) -> FileResponse:
    """Return the response that hands `stored` out. Errors: Http404 unless it was accepted."""
    if stored.state != FileState.ACCEPTED:
        raise Http404
    response = FileResponse(path_of(stored).open("rb"), as_attachment=True, filename=stored.name)
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
