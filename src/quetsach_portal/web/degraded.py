"""What people hear while the database does not answer, or nothing can be written."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    JsonResponse,
    UnreadablePostError,
)
from django.middleware.csrf import CsrfViewMiddleware
from django.template.loader import render_to_string
from django.utils import timezone

from quetsach_portal.web.database_state import DatabaseTrouble, trouble_of
from quetsach_portal.web.write_stops import note_stopped

ASK_AGAIN_S = 30
"""So long a caller is asked to wait (Retry-After)."""

ALIVE = "/health"

MOST_FIELDS, MOST_SIGNS = 2000, 400_000
"""The largest form that the page gives back to be sent again."""

_SECRET_WORDS = ("password", "code", "otp", "secret", "credential")


class NotServed(StrEnum):
    """Why a request is not served: as the database's troubles, or too many are asking."""

    AWAY = "away"
    NOT_WRITTEN = "not-written"
    BUSY = "busy"


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


def plain_answer(path: str, method: str, why: NotServed) -> tuple[list[tuple[str, str]], bytes]:
    """Return headers and body of the answer 503 to a request that never came to the portal.

    It asks neither the database nor the request.
    """
    log.warning("request not served", extra={"why": why, "method": method})
    if path.startswith("/api/"):
        answer: HttpResponse = JsonResponse(
            {"detail": "unavailable", "retry_after": ASK_AGAIN_S}, status=503
        )
    else:
        facts = {"why": why, "was_sent": method not in ("GET", "HEAD")}
        answer = HttpResponse(render_to_string("errors/503.html", facts))
    answer.headers["Retry-After"] = str(ASK_AGAIN_S)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Frame-Options"] = "DENY"
    headers = [(name.lower(), text) for name, text in answer.headers.items()]
    return headers, answer.content if method != "HEAD" else b""


def _answer(request: HttpRequest, since: datetime | None) -> HttpResponse:
    why = NotServed.NOT_WRITTEN if since else NotServed.AWAY
    if request.path_info.startswith("/api/"):
        code = "not-written" if since else "unavailable"
        return JsonResponse({"detail": code, "retry_after": ASK_AGAIN_S}, status=503)
    facts: dict[str, Any] = {
        "why": why,
        "since": since and timezone.localtime(since),
        "was_sent": request.method not in ("GET", "HEAD"),
        "form": _form_of(request),
        "action": request.get_full_path(),
    }
    return HttpResponse(render_to_string("errors/503.html", facts), status=503)


def _form_of(request: HttpRequest) -> Sequence[tuple[str, str]] | None:
    """Return the fields of the form that was sent, so that its page can send them once more.

    None where a file, a password or a code came with it, or it is no form of a page.
    """
    content_type = request.content_type or ""
    if request.method != "POST" or not (
        hasattr(request, "_post") or content_type.endswith("-urlencoded")
    ):
        return None
    try:
        if request.FILES or not _is_of_our_page(request):
            return None
        fields = [(name, text) for name, texts in request.POST.lists() for text in texts]
    except (OSError, UnreadablePostError, SuspiciousOperation):
        return None
    if any(word in name.lower() for name, _text in fields for word in _SECRET_WORDS):
        return None
    if len(fields) > MOST_FIELDS or sum(len(text) for _name, text in fields) > MOST_SIGNS:
        return None
    return fields


class _OriginCheck(CsrfViewMiddleware):
    """The check alone: the page that says what is wrong asks the database."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponseForbidden()


def _is_of_our_page(request: HttpRequest) -> bool:
    """True where the proof of origin holds: a form of another site is not given back."""
    check = _OriginCheck(lambda _request: HttpResponse())
    return check.process_view(request, lambda _request: HttpResponse(), (), {}) is None
