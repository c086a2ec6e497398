"""The pages of the help. They change nothing and show nothing of a campaign."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from quetsach_portal.web.request import PortalRequest
from quetsach_portal.worklist.guide.content import (
    HelpStep,
    help_roles,
    help_subjects,
    help_words,
)

OPEN_TO_ALL = frozenset({"proof:ask"})
"""Pages of steps that need no account."""


@require_safe
@login_not_required
def index(request: PortalRequest) -> HttpResponse:
    """Return the list of help pages, those of one's own roles first."""
    pages = list(help_roles().values())
    roles = _roles_of(request)
    mine = [page for page in pages if page.roles & roles]
    context = {"mine": mine, "others": [page for page in pages if page not in mine]}
    return render(request, "guide/index.html", context)


@require_safe
@login_not_required
def role(request: PortalRequest, key: str) -> HttpResponse:
    """Return the help of one role: what it does in a campaign, in order, and where."""
    page = help_roles().get(key)
    if page is None:
        raise Http404
    steps = [(step, _address_of(step, request)) for step in page.steps]
    context = {"page": page, "steps": steps, "pages": help_roles().values()}
    return render(request, "guide/role.html", context)


@require_safe
@login_not_required
def subjects(request: PortalRequest) -> HttpResponse:
    """Return all subjects, each at its anchor."""
    context = {"subjects": help_subjects().values()}
    return render(request, "guide/subjects.html", context)


@require_safe
@login_not_required
def words(request: PortalRequest) -> HttpResponse:
    """Return the words of the portal, each at its anchor, in the order of the alphabet."""
    ordered = sorted(help_words().values(), key=lambda word: str(word.term).casefold())
    return render(request, "guide/words.html", {"words": ordered})


def _roles_of(request: PortalRequest) -> frozenset[str]:
    """Return the letters of the person's roles, none for who is not signed in."""
    return frozenset(str(seat.role) for seat in request.scope.seats)


def _address_of(step: HelpStep, request: PortalRequest) -> str:
    """Return where the step leads this person, "" where the page would not open to them."""
    opens = step.opens in OPEN_TO_ALL or bool(step.opens and step.roles & _roles_of(request))
    return reverse(step.opens) if opens else ""
