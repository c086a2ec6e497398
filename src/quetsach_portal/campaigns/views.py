"""Pages of campaigns."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quetsach_portal.campaigns.scope import campaigns_of
from quetsach_portal.rights.request import Request
from quetsach_portal.web.paging import page_of


@require_safe
def index(request: Request) -> HttpResponse:
    """Return the campaigns in which one of the person's units stands."""
    return render(
        request, "campaigns/index.html", {"page": page_of(campaigns_of(request.scope), request)}
    )
