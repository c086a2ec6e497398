"""The awareness kit."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.access import (
    leads_it,
    led_campaign,
    led_material,
    material_for,
    own_campaign,
    pulling_node,
)
from quetsach_portal.campaigns.actions.materials import (
    add_material,
    count_pull,
    withdraw_material,
)
from quetsach_portal.campaigns.forms import MaterialForm
from quetsach_portal.files.sending import attachment
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.telling import told_or_refused


@require_safe
def materials(request: Request, campaign_id: int) -> HttpResponse:
    """Return the kit with its versions and how often each was taken."""
    campaign = own_campaign(request.scope, campaign_id)
    given = {
        "campaign": campaign,
        "materials": queries.materials_of(campaign, offered=False),
        "leads_it": leads_it(request.scope, campaign),
    }
    return render(request, "campaigns/materials.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def new_material(request: Request, campaign_id: int) -> HttpResponse:
    """Add a piece to the kit."""
    campaign = led_campaign(request.scope, campaign_id)
    form = MaterialForm(request.POST or None, request.FILES or None)
    if succeeds(form, lambda: add_material(campaign, **form.values(), actor=request.user)):
        return redirect("campaigns:materials", campaign.pk)
    return render(request, "campaigns/material.html", {"campaign": campaign, "form": form})


@require_POST
def end_material(request: Request, campaign_id: int, material_id: int) -> HttpResponse:
    """Offer a piece no more."""
    material = led_material(request.scope, campaign_id, material_id)
    told_or_refused(request, lambda: withdraw_material(material, actor=request.user))
    return redirect("campaigns:materials", campaign_id)


@require_safe
def material_file(request: Request, campaign_id: int, material_id: int) -> HttpResponseBase:
    """Hand a piece out, and count it for the unit; nobody is named."""
    material = material_for(request.scope, campaign_id, material_id)
    response = attachment(material.file)
    node = pulling_node(request.scope, material.campaign)
    if node is not None and request.method == "GET":
        count_pull(material, node)
    return response


@require_safe
def pulls(request: Request, campaign_id: int, material_id: int) -> HttpResponse:
    """Return how often each unit took a piece on each day."""
    campaign = own_campaign(request.scope, campaign_id)
    material = material_for(request.scope, campaign.pk, material_id)
    given = {
        "campaign": campaign,
        "material": material,
        "page": page_of(queries.pulls_by_unit(material), request),
    }
    return render(request, "campaigns/pulls.html", given)
