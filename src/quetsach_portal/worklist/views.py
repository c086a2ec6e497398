"""The first page: what each role has to do today; and the search, which every page has."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quetsach_portal.followup.pages import number_in
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.worklist.named_people import note_shown
from quetsach_portal.worklist.queries import board
from quetsach_portal.worklist.search import LONGEST, results_of


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Return today's page, in the campaign that is asked for."""
    asked = number_in(request.GET.get("campaign", ""))
    return render(request, "today/home.html", {"board": board(request.scope, asked)})


@require_safe
def find(request: PortalRequest) -> HttpResponse:
    """Return what the words asked for name, within the person's scope."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    results = results_of(request.scope, words) if words else None
    if results is not None and results.people:
        note_shown(results.people, actor=request.user)
    return render(request, "today/find.html", {"words": words, "results": results})
