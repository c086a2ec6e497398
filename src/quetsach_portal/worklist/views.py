"""The first page: what each role has to do today."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quetsach_portal.followup.pages import number_in
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.worklist.queries import board


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Return today's page, in the campaign that is asked for."""
    asked = number_in(request.GET.get("campaign", ""))
    return render(request, "today/home.html", {"board": board(request.scope, asked)})
