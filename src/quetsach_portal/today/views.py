"""The first page: what each role has to do today."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quetsach_portal.campaigns.scope import campaigns_of
from quetsach_portal.rights.request import Request


@require_safe
def home(request: Request) -> HttpResponse:
    """Return today's page."""
    return render(request, "today/home.html", {"campaigns": campaigns_of(request.scope)[:20]})
