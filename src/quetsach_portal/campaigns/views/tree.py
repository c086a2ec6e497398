"""The frozen tree, and how its units can be reached."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.access import led_campaign, may_prepare, own_campaign
from quetsach_portal.campaigns.actions.tree import ask_freeze
from quetsach_portal.campaigns.contacts import health
from quetsach_portal.campaigns.forms import TreeForm
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.paging import page_of


@require_safe
def tree(request: Request, campaign_id: int) -> HttpResponse:
    """Return the units of the frozen tree."""
    campaign = own_campaign(request.scope, campaign_id)
    words, job = request.GET.get("q", ""), queries.job_of(campaign, "campaigns.freeze")
    given = {
        "campaign": campaign,
        "page": page_of(queries.units_in_tree(campaign, words, ""), request),
        "words": words,
        "health": health(campaign),
        "job": job,
        "is_running": queries.is_running(job),
        "leads_it": may_prepare(request.scope, campaign),
    }
    return render(request, "campaigns/tree.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: Request, campaign_id: int) -> HttpResponse:
    """Copy the register's subtree into the campaign."""
    campaign = led_campaign(request.scope, campaign_id)
    lines = campaign.lines or ["territory"]
    initial = {"day": timezone.localdate(), "lines": lines, "first": lines[0]}
    form = TreeForm(request.POST or None, initial=initial)
    if succeeds(
        form,
        lambda: ask_freeze(
            campaign, lines=form.ordered(), day=form.cleaned_data["day"], actor=request.user
        ),
    ):
        return redirect("campaigns:tree", campaign.pk)
    return render(request, "campaigns/freeze.html", {"campaign": campaign, "form": form})


@require_safe
def contacts(request: Request, campaign_id: int) -> HttpResponse:
    """Return the units that cannot be reached."""
    campaign = own_campaign(request.scope, campaign_id)
    only = request.GET.get("only", "none")
    given = {
        "campaign": campaign,
        "page": page_of(queries.units_in_tree(campaign, "", only), request),
        "only": only,
        "health": health(campaign),
    }
    return render(request, "campaigns/contacts.html", given)
