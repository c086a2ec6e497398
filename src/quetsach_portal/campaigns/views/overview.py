"""The list of campaigns, and one campaign as all who take part see it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.access import can_make, is_prepared_by, leads_it, sees_preparation
from quetsach_portal.campaigns.release import lines_of_words
from quetsach_portal.campaigns.scope import campaign_for, list_of_campaigns, top_node
from quetsach_portal.rights.request import Request
from quetsach_portal.web.paging import page_of


@require_safe
def index(request: Request) -> HttpResponse:
    """Return the campaigns in which one of the person's units stands."""
    campaigns = list_of_campaigns(request.scope)
    given = {"page": page_of(campaigns, request), "can_make": can_make(request.scope)}
    return render(request, "campaigns/index.html", given)


@require_safe
def show(request: Request, campaign_id: int) -> HttpResponse:
    """Return the campaign: what it asks for, until when, and how far the person's units are."""
    campaign = campaign_for(request.scope, campaign_id)
    if is_prepared_by(request.scope, campaign):
        return redirect("campaigns:setup", campaign.pk)
    phase, node = queries.current_phase(campaign), top_node(request.scope, campaign)
    given = {
        "campaign": campaign,
        "phase": phase,
        "node": node,
        "materials": queries.materials_of(campaign, offered=True),
        "words": lines_of_words(campaign),
        "prepares": sees_preparation(request.scope, campaign),
        "leads_it": leads_it(request.scope, campaign),
        **({} if node is None else queries.figures(node, phase)),
    }
    return render(request, "campaigns/show.html", given)
