"""The frame of every page: user, navigation, language, static files, error pages."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.problems import in_language
from quetsach_portal.web.degraded import unavailable
from quetsach_portal.web.public_address import cookie_name
from quetsach_portal.web.write_stops import stopped_since

WORKS_CASES = frozenset({"LO", "LA", "CO", "FP", "TE"})
"""Roles by their letters (campaign.md): this layer knows no others' models."""


@dataclass(frozen=True)
class MenuItem:
    """A main place: the name of its address, its title, and whose it is; None: everybody's.

    `also` are the beginnings of other addresses whose pages belong to it.
    """

    name: str
    title: Any
    roles: frozenset[str] | None = None
    also: tuple[str, ...] = ()


MENU = (
    MenuItem("home", _lazy("Today")),
    MenuItem(
        "campaigns:index",
        _lazy("Campaign"),
        also=("/figures/", "/followup/", "/participation/", "/rechecks/", "/public-figures/"),
    ),
    MenuItem(
        "reports:index",
        _lazy("Reports"),
        frozenset({"LO", "LA", "CO", "FP", "SG", "CK", "AU"}),
    ),
    MenuItem("cases:index", _lazy("Devices and cases"), WORKS_CASES),
    MenuItem("intake:index", _lazy("Evidence"), WORKS_CASES),
    MenuItem("sensors:index", _lazy("Monitoring"), WORKS_CASES),
    MenuItem(
        "letters:index",
        _lazy("Letters"),
        frozenset({"LO", "LA", "CO", "FP", "SG", "CK", "AU"}),
    ),
    MenuItem("units:index", _lazy("Units")),
    MenuItem("rights:index", _lazy("People")),
    MenuItem("oversight:trail", _lazy("Audit trail"), frozenset({"LO", "CO", "OP", "AU"})),
    MenuItem("oversight:jobs", _lazy("Background jobs"), frozenset({"OP"})),
    MenuItem("api:index", _lazy("Programs"), frozenset({"OP"})),
)
"""The places in the order of a clerk's day; each app guards its own pages."""


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the menu for templates: the places in which one of the person's roles has work.

    In a rehearsal its band comes along, and since when nothing can be written, for every page.
    """
    band = {
        "rehearsal": getattr(request, "rehearsal", None),
        "not_written_since": stopped_since(),
    }
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"menu": [], **band}
    seats = getattr(getattr(request, "scope", None), "seats", ())
    roles = {str(seat.role) for seat in seats}
    open_to = [one for one in MENU if one.roles is None or one.roles & roles]
    return {"menu": [entry for one in open_to if (entry := _entry(request, one))], **band}


def _entry(request: HttpRequest, place: MenuItem) -> dict[str, Any] | None:
    address = _address(place.name)
    if address is None:
        return None
    # In a rehearsal all addresses lie below its own path, which the home page ends with.
    path, home = request.path, _address("home") or "/"
    also = [f"{home.rstrip('/')}{beginning}" for beginning in place.also]
    inside = path == address if address == home else path.startswith((address, *also))
    return {"address": address, "title": place.title, "is_here": inside}


@cache
def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


class HashedStorage(ManifestStaticFilesStorage):
    """Hashed names where `collectstatic` has run; plain names in development and tests."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one where nothing was collected."""
        if not self.hashed_files and not settings.DEBUG:
            return name
        return str(super().stored_name(name))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for a request that makes no sense."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": "the request is not valid"}, status=400)
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for what the person may see and not do."""
    return render(request, "errors/403.html", {"told": str(exception or "")}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for what is not there, or not for this person: the two look alike."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": "not found"}, status=404)
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of ours, or for a database that does not do its work."""
    # Django asks for this page while it handles the error, wherever that came from.
    answer = unavailable(request, sys.exc_info()[1])
    if answer is not None:
        return answer
    return render(request, "errors/500.html", status=500)


def sent_from_elsewhere(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form whose proof of origin is missing or too old."""
    told = _("This form was open for too long, or came from another site.")
    return render(request, "errors/400.html", {"told": told}, status=403)


COOKIE = "language"


class LanguageMiddleware:
    """Switch to the language of the request; the browser's own wish is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in its language."""
        language = language_of(request)
        with translation.override(language), in_language("en" if language == "en" else "vi"):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response


def language_of(request: HttpRequest) -> str:
    """Return "vi" or "en"."""
    languages = dict(settings.LANGUAGES)
    if request.user.is_authenticated and request.user.language in languages:
        return str(request.user.language)
    asked = request.GET.get("lang", "") or request.COOKIES.get(cookie_name(COOKIE), "")
    return asked if asked in languages else settings.LANGUAGE_CODE
