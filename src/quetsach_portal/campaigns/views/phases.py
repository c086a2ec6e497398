"""Phases with their deadlines, level by level."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.access import (
    leads_it,
    led_campaign,
    may_prepare,
    own_campaign,
    phase_for,
)
from quetsach_portal.campaigns.actions.phases import add_phase, remove_phase, set_phase
from quetsach_portal.campaigns.forms import PhaseForm, phase_initial
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.telling import told_or_refused


@require_safe
def phases(request: Request, campaign_id: int) -> HttpResponse:
    """Return the phases, each with the deadline of every level."""
    campaign = own_campaign(request.scope, campaign_id)
    listed = [
        {"phase": one, "levels": queries.levels(campaign, one)}
        for one in campaign.phases.order_by("no")
    ]
    given = {
        "campaign": campaign,
        "phases": listed,
        "leads_it": may_prepare(request.scope, campaign),
        "owns_it": leads_it(request.scope, campaign),
    }
    return render(request, "campaigns/phases.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def new_phase(request: Request, campaign_id: int) -> HttpResponse:
    """Add a phase at the end."""
    campaign = led_campaign(request.scope, campaign_id)
    form = PhaseForm(request.POST or None)
    if succeeds(form, lambda: add_phase(campaign, **form.values(), actor=request.user)):
        return redirect("campaigns:phases", campaign.pk)
    return render(request, "campaigns/phase.html", {"campaign": campaign, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def phase(request: Request, campaign_id: int, phase_id: int) -> HttpResponse:
    """Change a phase."""
    held = phase_for(request.scope, campaign_id, phase_id)
    form = PhaseForm(request.POST or None, initial=phase_initial(held))
    if succeeds(form, lambda: set_phase(held, **form.values(), actor=request.user)):
        return redirect("campaigns:phases", held.campaign_id)
    given = {"campaign": held.campaign, "form": form, "phase": held}
    return render(request, "campaigns/phase.html", given)


@require_POST
def end_phase(request: Request, campaign_id: int, phase_id: int) -> HttpResponse:
    """Take a phase away."""
    held = phase_for(request.scope, campaign_id, phase_id)
    told_or_refused(request, lambda: remove_phase(held, actor=request.user))
    return redirect("campaigns:phases", held.campaign_id)
