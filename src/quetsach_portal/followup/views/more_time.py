"""More time: asked by a unit, decided above it, or given to a whole subtree."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.followup import access, queries
from quetsach_portal.followup.actions import extending
from quetsach_portal.followup.forms import DecideForm, MoreTimeForm
from quetsach_portal.followup.pages import day_and_hour, decided
from quetsach_portal.rights.again import confirmed_recently
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.telling import told_or_refused


@require_safe
def extensions(request: Request, campaign_id: int) -> HttpResponse:
    """Return what was asked for, the oldest open question first."""
    campaign, seats = access.followed(request.scope, campaign_id)
    state = request.GET.get("state", "asked")
    page = page_of(queries.extensions_for(campaign, seats, state), request)
    to_decide = {
        one.pk for one in page.rows if access.decides(request.scope, seats, one.slot.node, campaign)
    }
    given = {"campaign": campaign, "page": page, "state": state, "to_decide": to_decide}
    return render(request, "followup/extensions.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request, node_id: int, phase_id: int) -> HttpResponse:
    """Ask for more time for one's own unit."""
    node = access.own_node(request.scope, node_id, *access.ASKS_TIME)
    slot, form = access.slot_of(node, phase_id), MoreTimeForm(request.POST or None)
    if succeeds(
        form,
        lambda: extending.ask_for_time(
            slot, wanted=form.until(), reason=form.cleaned_data["reason"], actor=request.user
        ),
    ):
        return redirect("followup:node", node.pk)
    return render(request, "followup/ask_time.html", {"node": node, "slot": slot, "form": form})


@require_POST
def take_back(request: Request, extension_id: int) -> HttpResponse:
    """Ask no longer."""
    extension = access.own_extension(request.scope, extension_id)
    told_or_refused(request, lambda: extending.take_back(extension, actor=request.user))
    return redirect("followup:node", extension.slot.node_id)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Request, extension_id: int) -> HttpResponse:
    """Grant or refuse more time."""
    extension = access.extension_to_decide(request.scope, extension_id)
    form = DecideForm(request.POST or None, initial=day_and_hour(extension.wanted))
    if succeeds(form, lambda: decided(extension, form, request.user)):
        return redirect("followup:extensions", extension.slot.node.campaign_id)
    given = {"extension": extension, "node": extension.slot.node, "form": form}
    return render(request, "followup/decide.html", given)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: Request, node_id: int, phase_id: int) -> HttpResponse:
    """Give more time to a unit and all below it."""
    node = access.led_node(request.scope, node_id)
    slot, form = access.slot_of(node, phase_id), MoreTimeForm(request.POST or None)
    if succeeds(
        form,
        lambda: extending.grant_subtree(
            node,
            phase_id,
            new_due_at=form.until(),
            reason=form.cleaned_data["reason"],
            actor=request.user,
        ),
    ):
        return redirect("followup:node", node.pk)
    return render(request, "followup/give_time.html", {"node": node, "slot": slot, "form": form})
