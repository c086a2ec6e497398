"""Every page is for people who signed in, unless its view says `login_not_required`."""

import logging
from collections.abc import Callable
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from quetsach_portal.audit.record import client_ip, shortened
from quetsach_portal.people.kept_forms import fill_page, keep_form
from quetsach_portal.people.roles.access import NEEDS_SECOND_FACTOR
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.people.sessions import keep_session
from quetsach_portal.web.offline import mark_person
from quetsach_portal.web.request import PortalRequest

# Refused accesses as log lines: person, page and object, without its content (L2).


log = logging.getLogger(__name__)


def note_refusal(request: HttpRequest, response: HttpResponse) -> None:
    """Write a line when `response` refuses somebody who is signed in."""
    if response.status_code not in (403, 404) or not request.user.is_authenticated:
        return
    match = request.resolver_match
    # Numbers name objects; any other part of an address may be a secret.
    asked = {} if match is None else match.kwargs
    objects = {key: value for key, value in asked.items() if isinstance(value, int)}
    if response.status_code == 404 and not objects:
        return
    log.warning(
        "access refused",
        extra={
            "status": response.status_code,
            "actor": request.user.pk,
            "method": request.method,
            "page": "" if match is None else match.view_name,
            "object": objects,
            "net": shortened(client_ip.get()),
        },
    )


# Roles that decide for others sign in with two factors, or set the second one up first.

_PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def lacks_second_factor(request: PortalRequest) -> bool:
    """True when the person needs a second factor and has none. Cost: one query if one is needed."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    needs = request.user.must_use_second_factor or request.scope.has_role(*NEEDS_SECOND_FACTOR)
    return needs and not is_mfa_enabled(request.user, types=list(_PROOFS))


OPEN_PREFIXES = (
    "/account/",
    "/static/",
    "/api/",
    "/join/",
    "/slip/",
    "/alert/",
    "/notice/",
    "/mail-off/",
    "/lists/",
    "/health",
    "/ready",
    "/metrics",
)
"""Addresses that guard themselves: by token, by code, or because they show no personal data."""

_LARGEST_ID = 2**63 - 1


class SignedInMiddleware:
    """Give each request its scope, send strangers to the sign-in page, and keep pages uncached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        request.scope = SimpleLazyObject(  # type: ignore[attr-defined]  # see scope.py
            lambda: scope_of(request.user)
        )
        token = client_ip.set(client_address(request))
        try:
            response = self.get_response(request)
            note_refusal(request, response)
            response = fill_page(request, response)
            _go_on(request)
            mark_person(request, response)
        finally:
            client_ip.reset(token)
        if not request.path_info.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Redirect anonymous requests to the sign-in page, except on open addresses.

        A person who needs a second factor and has none must set one up first.
        """
        if any(isinstance(one, int) and one > _LARGEST_ID for one in kwargs.values()):
            # No database counts so far, and some raise an error when they are asked.
            raise Http404
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            # PostgreSQL refuses NUL characters in any text.
            raise BadRequest
        if request.path_info.startswith(OPEN_PREFIXES) or not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if lacks_second_factor(cast("PortalRequest", request)):
            return redirect("second_factor")
        return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page, and from there back; what a form has sent waits there."""
    kept = keep_form(request)
    if kept is None:
        return redirect_to_login(request.get_full_path())
    address, said = kept
    messages.warning(request, said)
    return redirect_to_login(address or reverse("home"))


def _go_on(request: HttpRequest) -> None:
    """Let the session go on: somebody is there. A page that asks by itself shows nobody."""
    if _asks_by_itself(request) or not request.user.is_authenticated:
        return
    scope = cast("PortalRequest", request).scope
    keep_session(request, lambda: scope.has_role(*NEEDS_SECOND_FACTOR))


def _asks_by_itself(request: HttpRequest) -> bool:
    """True for a stream, and for a page that reloads itself (components/reload.html).

    Whoever puts that mark into an address by hand only lets the session end sooner.
    """
    if request.headers.get("Accept") == "text/event-stream":
        return True
    return request.method in ("GET", "HEAD") and "again" in request.GET


def client_address(request: HttpRequest) -> str:
    """Return the caller's address; X-Forwarded-For is believed from our own proxies alone (R4)."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if peer in settings.QUETSACH.trusted_proxies:
        passed_on = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")[-1].strip()
        return passed_on or peer
    return peer
