"""Pages without network: what the browser may keep, whose it is, and how a kept act is answered.

The service worker keeps nothing but what a response allows by `X-Kept-Key`. The key is the
person's own: what waits in a browser can be read by nobody who signs in there after them.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quetsach_portal.web.acts import Refused

SIGNED_OUT = "-"
LONGEST_KEPT = timedelta(days=14)

_PERSON, _KEY, _ACT = "X-Kept-Person", "X-Kept-Key", "X-Kept-Act"
_WORKER = Path(__file__).parent / "static/quetsach/offline-worker.js"


@dataclass(frozen=True)
class Sending:
    """How a form was sent: `token` is the same for each sending of one act, None without script.

    Units: `kept_for` is how long it waited in a browser without network, zero where it did not.
    """

    token: UUID | None = None
    kept_for: timedelta = timedelta(0)


def sending_of(request: HttpRequest) -> Sending:
    """Return how the form came. Errors: Refused for an act that waited longer than two weeks."""
    try:
        token = UUID(str(request.POST.get("token", "")))
    except ValueError:
        token = None
    waited = str(request.POST.get("kept_s", ""))
    seconds = int(waited) if waited.isascii() and waited.isdigit() and len(waited) < 12 else 0
    kept_for = timedelta(seconds=seconds)
    if kept_for > LONGEST_KEPT:
        raise Refused(_("This act waited in the browser for more than two weeks: record it anew."))
    return Sending(token, kept_for)


def refuse_unless_same(is_same: bool) -> None:
    """Refuse what comes under the token of a form that said something else when it was sent."""
    if not is_same:
        raise Refused(
            _("This page was sent before, with something else in it. Load it again and record it.")
        )


def mark_person(request: HttpRequest, response: HttpResponse) -> None:
    """Tell the worker whose page this is, and have all that a browser keeps cleared at sign-out."""
    match = request.resolver_match
    is_known = request.user.is_authenticated
    if match is not None and match.view_name == "account_logout" and not is_known:
        response.headers["Clear-Site-Data"] = '"storage"'
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.headers[_PERSON] = _person(request) if is_known else SIGNED_OUT


def keepable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return `response` as a page that the person's own browser may show without network."""
    response.headers[_KEY] = _key(request)
    return response


def _person(request: HttpRequest) -> str:
    return salted_hmac("offline.person", str(request.user.pk)).hexdigest()[:16]


def _key(request: HttpRequest) -> str:
    key = salted_hmac("offline.key", str(request.user.pk), algorithm="sha256").digest()
    return base64.b64encode(key).decode()


def answers_kept(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Return `view` so that it answers an act that waited in a browser by {"taken", "why"}."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        response = view(request, *args, **named)
        if _ACT not in request.headers or isinstance(response, JsonResponse):
            return response
        told = list(messages.get_messages(request))
        reasons = [str(message) for message in told if message.level >= messages.WARNING]
        taken = response.status_code == 302 and not reasons
        return JsonResponse({"taken": taken, "why": " ".join(reasons)})

    return answer


def refusal_of_kept(request: HttpRequest, form: BaseForm) -> HttpResponse | None:
    """Return why the form of a kept act is not taken; None where a person sent it just now."""
    if _ACT not in request.headers:
        return None
    reasons = [str(error) for errors in form.errors.values() for error in errors]
    return JsonResponse({"taken": False, "why": " ".join(reasons)})


@require_safe
@login_not_required
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker; at the root, for its reach is the folder that it lies in."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _script() -> str:
    return _WORKER.read_text("utf-8")


@require_safe
@login_not_required
def offline_page(request: HttpRequest) -> HttpResponse:
    """Return what is shown for a page that was not kept; the same for everybody."""
    return render(request, "offline.html")


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Return who is signed in, to the browser's own worker: their key, and a token for forms."""
    whose = {"person": _person(request), "key": _key(request), "csrf": get_token(request)}
    return JsonResponse(whose)
