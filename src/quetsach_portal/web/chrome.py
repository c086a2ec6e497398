"""What the frame around every page shows: who is signed in, where they may go."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _lazy

MENU = (
    ("home", _lazy("Today")),
    ("campaigns:index", _lazy("Campaign")),
    ("cases:index", _lazy("Devices and cases")),
    ("intake:index", _lazy("Evidence")),
    ("letters:index", _lazy("Letters")),
    ("units:index", _lazy("Units")),
    ("rights:index", _lazy("People")),
)
"""The main places, in the order of a clerk's day; each app guards its own pages."""


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the menu for templates."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"menu": []}
    return {"menu": [entry for name, title in MENU if (entry := _entry(request, name, title))]}


def _entry(request: HttpRequest, name: str, title: Any) -> dict[str, Any] | None:
    try:
        address = reverse(name)
    except NoReverseMatch:
        return None
    inside = request.path == address if address == "/" else request.path.startswith(address)
    return {"address": address, "title": title, "is_here": inside}
