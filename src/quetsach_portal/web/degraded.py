"""What people hear while the database does not answer, or nothing can be written."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone

from quetsach_portal.web.database_state import DatabaseTrouble, trouble_of
from quetsach_portal.web.write_stops import note_stopped

ASK_AGAIN_S = 30
"""So long a caller is asked to wait (Retry-After)."""

ALIVE = "/health"

log = logging.getLogger(__name__)


class DegradedMiddleware:
    """Answers 503 for an error of the database that is not the request's, and says it is alive.

    It stands first: "alive" is asked of the process alone, whatever else has gone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        if request.path_info == ALIVE and request.method in ("GET", "HEAD"):
            return HttpResponse("ok", content_type="text/plain")
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for what went wrong in a view, None for a fault of ours."""
        return unavailable(request, exception)


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Return the answer 503 where `error` is the database's trouble, None where it is not.

    It needs no database: whose the request is, is not asked.
    """
    trouble = trouble_of(error)
    if trouble is None:
        return None
    since = note_stopped() if trouble is DatabaseTrouble.NOT_WRITTEN else None
    log.warning("request not served", extra={"why": trouble, "method": request.method})
    response = _answer(request, since)
    response.headers["Retry-After"] = str(ASK_AGAIN_S)
    response.headers["Cache-Control"] = "no-store"
    # Django would write a whole stack for each request; the line above says what is to be known.
    vars(response)["_has_been_logged"] = True
    return response


def _answer(request: HttpRequest, since: datetime | None) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        code = "not-written" if since else "unavailable"
        return JsonResponse({"detail": code, "retry_after": ASK_AGAIN_S}, status=503)
    facts = {
        "since": since and timezone.localtime(since),
        "may_be_lost": request.method not in ("GET", "HEAD"),
    }
    return HttpResponse(render_to_string("errors/503.html", facts), status=503)
