"""Hand out reports of kept findings, and a campaign's list: as attachments, never as pages."""

from pathlib import Path

from django.http import FileResponse, Http404

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.campaigns.release import path_of_release
from quetsach_portal.intake.models import Submission
from quetsach_portal.intake.places import findings_folder

_HEADERS = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def report_of(submission: Submission) -> FileResponse:
    """Return the engine's report. Errors: Http404 when there is none."""
    if not submission.findings:
        raise Http404
    place = findings_folder(submission.findings) / "report.html"
    return _attached(place, f"quetsach-{submission.pk}.html")


def release_of(campaign: Campaign) -> FileResponse:
    """Return the campaign's list, to sweep with at home. Errors: Http404 when there is none."""
    place = path_of_release(campaign)
    if place is None:
        raise Http404
    return _attached(place, release_name(campaign))


def release_name(campaign: Campaign) -> str:
    """Return the name under which the list is saved at home."""
    return f"danh-sach-{campaign.release_sha256[:12]}.jsonl"


def _attached(place: Path, name: str) -> FileResponse:
    try:
        file = place.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, as_attachment=True, filename=name)
    # Afterwards: the class guesses a type by the name, and a browser would show HTML.
    for header, value in _HEADERS.items():
        response.headers[header] = value
    return response
