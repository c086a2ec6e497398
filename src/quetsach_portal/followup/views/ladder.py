"""The ladder, the reminders, the silent ones, and the completeness of reports."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.campaigns.scope import top_node
from quetsach_portal.followup import access, queries, rates
from quetsach_portal.followup.actions.reminding import remind as do_remind
from quetsach_portal.followup.asked import chosen_in, day_in, node_in, phase_in
from quetsach_portal.followup.forms import FilterForm
from quetsach_portal.rights.request import Request
from quetsach_portal.rights.scope import SEES_SUBTREE
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.telling import told_or_refused


@require_safe
def ladder(request: Request, campaign_id: int) -> HttpResponse:
    """Return the ladder below a unit: its direct children, and how far each is."""
    campaign, seats = access.followed(request.scope, campaign_id)
    node = access.node_to_follow(request.scope, campaign, node_in(request))
    phase, form = phase_in(request, campaign), FilterForm(request.GET)
    is_grid = request.GET.get("view") == "grid"
    opens_units, has = seats.has_role_above(node, *SEES_SUBTREE), form.has
    if has:
        shown = queries.reached_by_name(node, has, deep=opens_units)
        total = shown.count()
    else:
        shown = queries.children_of(node, form.waits_for, form.silent_days, phase)
        total = None
    page = page_of(shown, request, per=200 if is_grid else 50, total=total)
    rows = queries.ladder_rows([node, *page.rows], phase)
    given = {
        "campaign": campaign,
        "node": node,
        "above": queries.path_to(node, top_node(request.scope, campaign)),
        "phase": phase,
        "phases": queries.phases_of(campaign),
        "form": form,
        "is_grid": is_grid,
        "has": has,
        "page": page,
        "rows": rows[1:],
        "figures": queries.figures_of(rows[0]),
        "opens_units": opens_units,
        "may_remind": seats.has_role_in(node, *access.FOLLOWS_UP),
    }
    return render(request, "followup/ladder.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: Request, node_id: int) -> HttpResponse:
    """Show whom a reminder would reach, and remind all of them or those that were chosen."""
    node = access.reminded_from(request.scope, node_id)
    asked = request.POST if request.method == "POST" else request.GET
    form, phase = FilterForm(asked), phase_in(request, node.campaign)
    waits_for = form.waits_for or "received"
    if request.method == "POST":
        told_or_refused(
            request,
            lambda: do_remind(
                node,
                waits_for=waits_for,
                days=form.silent_days,
                phase=phase,
                chosen=chosen_in(request),
                actor=request.user,
            ),
            done=_("The reminders are on their way."),
        )
        return redirect("followup:ladder", node.campaign_id)
    silent = queries.to_remind(node, waits_for, form.silent_days, phase)
    given = {"node": node, "page": page_of(silent, request, per=200), "phase": phase}
    given |= {"waits_for": waits_for, "days": form.silent_days, "count": silent.count()}
    return render(request, "followup/remind.html", given)


@require_safe
def silent(request: Request, campaign_id: int) -> HttpResponse:
    """Return the units below the person that stay silent, as the office above was told."""
    campaign, seats = access.followed(request.scope, campaign_id)
    page = page_of(queries.silences_for(campaign, seats), request)
    given = {"campaign": campaign, "page": page, "may_remind": access.reminds(seats)}
    return render(request, "followup/silent.html", given)


@require_safe
def mails(request: Request, campaign_id: int) -> HttpResponse:
    """Return the mails of the follow-up that failed or of which nobody knows whether they came."""
    campaign, seats = access.followed_by_its_office(request.scope, campaign_id)
    page = page_of(queries.mails_not_arrived(campaign, seats), request)
    return render(request, "followup/mails.html", {"campaign": campaign, "page": page})


@require_safe
def completeness(request: Request, campaign_id: int) -> HttpResponse:
    """Return how complete the reports of a unit and of each unit below it are."""
    campaign, seats = access.followed(request.scope, campaign_id)
    node = access.node_to_follow(request.scope, campaign, node_in(request))
    phase, asked = phase_in(request, campaign), day_in(request)
    on = asked.day
    page = page_of(queries.children_of(node), request)
    found = rates.rates_of([node, *page.rows], phase, on)
    given = {
        "campaign": campaign,
        "node": node,
        "above": queries.path_to(node, top_node(request.scope, campaign)),
        "phase": phase,
        "phases": queries.phases_of(campaign),
        "asked": asked,
        "on": on,
        "opens_units": seats.has_role_above(node, *SEES_SUBTREE),
        "page": page,
        "total": found[0] if found else None,
        "rates": found[1:],
        "own": rates.own_rates(node, phase, on),
        "too_early": rates.is_before_start(campaign, on),
    }
    return render(request, "followup/completeness.html", given)
