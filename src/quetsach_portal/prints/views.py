"""The page on which a lead office asks its list of logs that are gone."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quetsach_portal.prints import actions, queries
from quetsach_portal.web.acts import run_with_message
from quetsach_portal.web.request import PortalRequest


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return what the lists of the person's campaigns met in logs that are gone."""
    queries.askers_only(request.scope)
    return render(request, "prints/index.html", {"views": queries.prints_for(request.scope)})


@require_POST
def ask(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Ask the list of a campaign."""
    campaign = queries.asked_campaign_for(request.scope, campaign_id)
    run_with_message(
        request,
        lambda: actions.ask_list(campaign, actor=request.user),
        _("The list is being asked; load the page again in a minute."),
    )
    return redirect("prints:index")


@require_POST
def request_evidence(request: PortalRequest, hit_id: int) -> HttpResponse:
    """Ask a unit for what it still has of a day."""
    hit = queries.hit_for(request.scope, hit_id)
    run_with_message(
        request,
        lambda: actions.request_evidence(hit, actor=request.user),
        _("The unit is asked: it gets a mail within a minute."),
    )
    return redirect("prints:index")
