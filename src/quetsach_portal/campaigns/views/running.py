"""Pages for materials, the release of indicators, the frozen tree and contacts."""

from dataclasses import replace
from typing import TYPE_CHECKING

from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.access import (
    leads_it,
    led_campaign,
    led_material,
    material_for,
    may_prepare,
    own_campaign,
    pulling_node,
    release_of,
)
from quetsach_portal.campaigns.actions.freezing import request_freeze
from quetsach_portal.campaigns.actions.materials import add_material, count_pull, withdraw_material
from quetsach_portal.campaigns.actions.phases import make_release, take_release
from quetsach_portal.campaigns.called_lines import called_lines
from quetsach_portal.campaigns.forms import IndicatorReleaseForm, ListsForm, MaterialForm
from quetsach_portal.campaigns.release import kinds_in_words, lines_of_words, spoken
from quetsach_portal.campaigns.tree.choosing import TreeChoice, choice_of, outside_units
from quetsach_portal.campaigns.tree_form import PREVIEW, TreeForm
from quetsach_portal.campaigns.tree_page import chosen_tree, outside_page
from quetsach_portal.campaigns.units import health
from quetsach_portal.files.storage import attachment
from quetsach_portal.web.acts import run_with_message, succeeds
from quetsach_portal.web.paging import key_page_of
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import around, counted, is_narrowed, is_sorted, long_table

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign


@require_safe
def materials(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the materials with their versions and downloads."""
    campaign = own_campaign(request.scope, campaign_id)
    context = {
        "campaign": campaign,
        "materials": queries.materials_of(campaign, offered=False),
        "leads_it": leads_it(request.scope, campaign),
    }
    return render(request, "campaigns/materials.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_material(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Add a material."""
    campaign = led_campaign(request.scope, campaign_id)
    form = MaterialForm(request.POST or None, request.FILES or None)
    if succeeds(form, lambda: add_material(campaign, **form.values(), actor=request.user)):
        return redirect("campaigns:materials", campaign.pk)
    return render(request, "campaigns/material.html", {"campaign": campaign, "form": form})


@require_POST
def end_material(request: PortalRequest, campaign_id: int, material_id: int) -> HttpResponse:
    """Withdraw a material."""
    material = led_material(request.scope, campaign_id, material_id)
    run_with_message(request, lambda: withdraw_material(material, actor=request.user))
    return redirect("campaigns:materials", campaign_id)


@require_safe
def material_file(request: PortalRequest, campaign_id: int, material_id: int) -> HttpResponseBase:
    """Send a material, and count the download for the unit; no person is recorded."""
    material = material_for(request.scope, campaign_id, material_id)
    response = attachment(material.file)
    node = pulling_node(request.scope, material.campaign)
    if node is not None and request.method == "GET":
        count_pull(material, node)
    return response


@require_safe
def pulls(request: PortalRequest, campaign_id: int, material_id: int) -> HttpResponse:
    """Return the downloads of a material by unit and day."""
    campaign = own_campaign(request.scope, campaign_id)
    material = material_for(request.scope, campaign.pk, material_id)
    context = {
        "campaign": campaign,
        "material": material,
        "table": long_table(queries.pulls_by_unit(material), request, queries.PULLS),
    }
    return render(request, "campaigns/pulls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show the list, or take another that came as a file."""
    campaign = own_campaign(request.scope, campaign_id)
    form = IndicatorReleaseForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        campaign = led_campaign(request.scope, campaign_id)
        if succeeds(
            form, lambda: take_release(campaign, form.cleaned_data["file"], actor=request.user)
        ):
            return redirect("campaigns:release", campaign.pk)
    return _page(request, campaign, form, ListsForm())


@require_POST
def from_lists(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Create a release from lists, by a job."""
    campaign = led_campaign(request.scope, campaign_id)
    form = ListsForm(request.POST, request.FILES)
    if succeeds(
        form,
        lambda: make_release(
            campaign,
            form.cleaned_data["lists"],
            title=form.cleaned_data["title"],
            actor=request.user,
        ),
    ):
        return redirect("campaigns:release", campaign.pk)
    return _page(request, campaign, IndicatorReleaseForm(), form)


@require_safe
def release_file(request: PortalRequest, campaign_id: int) -> HttpResponseBase:
    """Hand the release out."""
    campaign = own_campaign(request.scope, campaign_id)
    return attachment(release_of(campaign))


def _page(request: PortalRequest, campaign: "Campaign", form: Form, lists: Form) -> HttpResponse:
    job = queries.job_of(campaign, "campaigns.make_release")
    context = {
        "campaign": campaign,
        "form": form,
        "lists": lists,
        "words": lines_of_words(campaign),
        "spoken": spoken(campaign),
        "kinds": kinds_in_words(campaign),
        "job": job,
        "is_running": queries.is_running(job),
        "leads_it": may_prepare(request.scope, campaign),
    }
    return render(request, "campaigns/release.html", context)


@require_safe
def tree(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the units of the frozen tree."""
    campaign = own_campaign(request.scope, campaign_id)
    words, job = request.GET.get("q", ""), queries.job_of(campaign, "campaigns.freeze")
    roots = queries.roots_of(campaign)
    page = key_page_of(queries.listed_units(campaign, roots, words), request, "path")
    context = {
        "campaign": campaign,
        "page": queries.with_contacts_of(campaign, page),
        "words": words,
        "units": sum(queries.tally_of(root).units for root in roots),
        "job": job,
        "is_running": queries.is_running(job),
        "leads_it": may_prepare(request.scope, campaign),
    }
    return render(request, "campaigns/tree.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Choose the units of the register that take part; see what it means; copy them."""
    campaign = led_campaign(request.scope, campaign_id)
    called, today = called_lines(campaign.letter), timezone.localdate()
    before = choice_of(campaign)
    if not campaign.lines:
        before = TreeChoice(list(called.words))
    initial = {"day": today, "lines": before.lines, "reason": before.reason}
    initial["first"] = next(iter(before.lines), "")
    form = TreeForm(request.POST or None, initial=initial, called=called)
    choice, day = before, today
    if request.method == "POST":
        is_preview = not form.is_valid() or request.POST.get("act") == PREVIEW
        choice, day = form.chosen(before), form.chosen_day(today)
        if not is_preview and succeeds(
            form, lambda: request_freeze(campaign, choice, day=day, actor=request.user)
        ):
            # A large tree is copied by a job: its page tells how far it is.
            is_copied = not queries.is_running(queries.job_of(campaign, "campaigns.freeze"))
            return redirect("campaigns:deadlines" if is_copied else "campaigns:tree", campaign.pk)
    context = {"campaign": campaign, "form": form, "called": called}
    context |= chosen_tree(campaign, choice, called, day)
    return render(request, "campaigns/freeze.html", context)


@require_safe
def outside(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the units of the register that do not take part, each with the reason."""
    campaign = own_campaign(request.scope, campaign_id)
    table = long_table(outside_units(campaign).order_by("path"), request, queries.OUTSIDE)
    context = {"campaign": campaign, "table": table}
    context["units"] = outside_page(campaign, table.page)
    return render(request, "campaigns/outside.html", context)


@require_safe
def contacts(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Return the units that cannot be reached."""
    campaign = own_campaign(request.scope, campaign_id)
    only = "off" if request.GET.get("only") == "off" else "none"
    rows, listed = queries.unreached_units(campaign, only), queries.CONTACTS
    if is_narrowed(request, listed) or is_sorted(request, listed):
        table = long_table(rows, request, listed)
    else:
        # In the order of the tree a page far down costs what the first one costs.
        page = key_page_of(rows, request, "unit_path")
        table = around(page, request, listed, total=counted(rows))
    context = {
        "campaign": campaign,
        "table": replace(table, page=queries.with_contacts_of(campaign, table.page)),
        "only": only,
        "health": health(campaign),
    }
    return render(request, "campaigns/contacts.html", context)
