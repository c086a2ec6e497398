"""What the frame around every page shows: who is signed in, where they may go."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _lazy

WORKS_CASES = frozenset({"LO", "LA", "CO", "FP", "TE"})
"""Roles by their letters (campaign.md): this layer knows no others' models."""


@dataclass(frozen=True)
class Place:
    """A main place: the name of its address, its title, and whose it is; None: everybody's.

    `also` are the beginnings of other addresses whose pages belong to it.
    """

    name: str
    title: Any
    roles: frozenset[str] | None = None
    also: tuple[str, ...] = ()


MENU = (
    Place("home", _lazy("Today")),
    Place(
        "campaigns:index",
        _lazy("Campaign"),
        also=("/figures/", "/followup/", "/participation/", "/rechecks/", "/public-figures/"),
    ),
    Place(
        "reports:index",
        _lazy("Reports"),
        frozenset({"LO", "LA", "CO", "FP", "SG", "CK", "AU"}),
    ),
    Place("cases:index", _lazy("Devices and cases"), WORKS_CASES),
    Place("intake:index", _lazy("Evidence"), WORKS_CASES),
    Place(
        "letters:index",
        _lazy("Letters"),
        frozenset({"LO", "LA", "CO", "FP", "SG", "CK", "AU"}),
    ),
    Place("units:index", _lazy("Units")),
    Place("rights:index", _lazy("People")),
    Place("oversight:trail", _lazy("Audit trail"), frozenset({"LO", "CO", "OP", "AU"})),
    Place("oversight:jobs", _lazy("Background jobs"), frozenset({"OP"})),
    Place("api:index", _lazy("Programs"), frozenset({"OP"})),
)
"""The places in the order of a clerk's day; each app guards its own pages."""


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the menu for templates: the places in which one of the person's roles has work."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"menu": []}
    seats = getattr(getattr(request, "scope", None), "seats", ())
    roles = {str(seat.role) for seat in seats}
    open_to = [one for one in MENU if one.roles is None or one.roles & roles]
    return {"menu": [entry for one in open_to if (entry := _entry(request, one))]}


def _entry(request: HttpRequest, place: Place) -> dict[str, Any] | None:
    address = _address(place.name)
    if address is None:
        return None
    path = request.path
    inside = path == address if address == "/" else path.startswith((address, *place.also))
    return {"address": address, "title": place.title, "is_here": inside}


@cache
def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
