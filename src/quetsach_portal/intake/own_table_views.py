"""Pages of what a unit knows and vouches with, of sweeping at home, and of the counts above."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.intake import access, folders, own_tables, queries, submission_page
from quetsach_portal.intake.forms import TABLE_KINDS, KeyForm, RulesForm, TableForm, TableKindForm
from quetsach_portal.web.acts import attempt
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest


@require_safe
def at_home(request: PortalRequest, node_id: int) -> HttpResponse:
    """Tell how to sweep at home, so that logs never leave the unit."""
    node = access.own_node_for(request.scope, node_id)
    return render(request, "intake/at_home.html", submission_page.at_home(node))


@require_safe
def release(request: PortalRequest, node_id: int) -> FileResponse:
    """Return the campaign's list, to sweep with at home."""
    return folders.release_of(access.own_node_for(request.scope, node_id).campaign)


@require_safe
def below(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return counts of the direct children: no address and no machine."""
    node = access.counted_node_for(request.scope, node_id)
    page = page_of(queries.children_of(node), request)
    context = {"node": node, "page": page, "counts": queries.counts_of(page.rows)}
    context["leads"] = access.leads(request.scope, node)
    return render(request, "intake/below.html", context)


@require_safe
def tables(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Return the unit's own tables, and ask which one is to be added."""
    unit = access.own_unit_for(request.scope, unit_id)
    form = TableKindForm(request.GET if "kind" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("intake:add_table", unit.pk, form.cleaned_data["kind"])
    context = {"unit": unit, "tables": queries.tables_of(unit), "form": form}
    return render(request, "intake/tables.html", context)


@require_http_methods(["GET", "POST"])
def add_table(request: PortalRequest, unit_id: int, kind: str) -> HttpResponse:
    """Add a table of the unit."""
    unit = access.own_unit_for(request.scope, unit_id)
    if kind not in TABLE_KINDS:
        raise Http404
    named: dict[str, Any] = {"kind": kind, "unit": unit, "user": request.user}
    form = TableForm(request.POST or None, request.FILES or None, **named)
    if request.method == "POST" and form.is_valid():
        told = {"upload": form.given(), "as_of": form.cleaned_data["as_of"], "actor": request.user}
        added = attempt(form, lambda: own_tables.add_table(unit, kind=kind, **told))
        if added is not None:
            return redirect("intake:tables", unit.pk)
    context = {"unit": unit, "form": form, "title": submission_page.table_title(kind), "kind": kind}
    return render(request, "intake/add_table.html", context)


@require_POST
def end_table(request: PortalRequest, table_id: int) -> HttpResponse:
    """Use a table no more."""
    table = access.table_for(request.scope, table_id)
    own_tables.end_table(table, actor=request.user)
    messages.success(request, _("The table is not used any more."))
    return redirect("intake:tables", table.unit_id)


@require_http_methods(["GET", "POST"])
def keys(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Return the keys that vouch for findings of the unit, and register one."""
    unit = access.own_unit_for(request.scope, unit_id)
    form = KeyForm(request.POST or None)
    if request.method == "POST":
        access.must_be_focal_point(request.scope, unit)
        if form.is_valid():
            pem, actor = form.cleaned_data["pem"], request.user
            if attempt(form, lambda: own_tables.add_key(unit, pem=pem, actor=actor)):
                return redirect("intake:keys", unit.pk)
    context = {"unit": unit, "keys": queries.keys_of(unit), "form": form}
    context["may"] = access.is_focal_point(request.scope, unit)
    return render(request, "intake/keys.html", context)


@require_POST
def end_key(request: PortalRequest, key_id: int) -> HttpResponse:
    """Let a key vouch for nothing new."""
    key = access.key_for(request.scope, key_id)
    access.must_be_focal_point(request.scope, key.unit)
    own_tables.end_key(key, actor=request.user)
    messages.success(request, _("The key vouches for nothing new."))
    return redirect("intake:keys", key.unit_id)


@require_http_methods(["GET", "POST"])
def rules(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Decide what holds for evidence in a campaign."""
    campaign = access.led_campaign_for(request.scope, campaign_id)
    held = queries.rules_of(campaign)
    names = ("unsigned_allowed", "unsigned_proves", "keep_raw_days")
    form = RulesForm(request.POST or None, initial={name: getattr(held, name) for name in names})
    if request.method == "POST" and form.is_valid():
        own_tables.set_rules(campaign, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("intake:rules", campaign.pk)
    return render(request, "intake/rules.html", {"campaign": campaign, "form": form})
