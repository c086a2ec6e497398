"""Pages of the lists: hand one in, look at the differences, take it over."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.publishing import access, list_actions, list_queries
from quetsach_portal.publishing.list_forms import ListForm
from quetsach_portal.rights.again import confirmed_recently
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt
from quetsach_portal.web.telling import told_or_refused


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: Request, campaign_id: int, kind: str) -> HttpResponse:
    """Hand in a list."""
    campaign = access.campaign_to_prepare(request.scope, campaign_id)
    wanted = access.kind_of_list(kind)
    form = ListForm(
        request.POST or None,
        request.FILES or None,
        kind=wanted,
        purpose=list_actions.PURPOSE,
        owner_path=campaign.lead_unit.path,
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = attempt(
            form,
            lambda: list_actions.hand_in(
                campaign,
                wanted,
                form.given(),
                name=told["name"],
                country=told.get("country", ""),
                actor=request.user,
            ),
        )
        if made is not None:
            return redirect("publishing:list", made.pk)
    given = {"campaign": campaign, "form": form, "kind": wanted}
    return render(request, "publishing/hand_in.html", given)


@require_safe
def show(request: Request, list_id: int) -> HttpResponse:
    """Return what came out of a list, and what differs from the one in use."""
    row = access.list_to_see(request.scope, list_id)
    return render(request, "publishing/list.html", list_queries.page_of(request.scope, row))


@confirmed_recently
@require_POST
def take(request: Request, list_id: int) -> HttpResponse:
    """Let the table be made of this list."""
    row = access.list_to_decide(request.scope, list_id)
    told_or_refused(
        request,
        lambda: list_actions.take_over(row, actor=request.user),
        done=_("The list is in use. The table is being written."),
    )
    return redirect("publishing:list", row.pk)


@require_POST
def drop(request: Request, list_id: int) -> HttpResponse:
    """Leave a list unused."""
    row = access.list_to_decide(request.scope, list_id)
    told_or_refused(request, lambda: list_actions.drop(row, actor=request.user))
    return redirect("publishing:index", row.campaign_id)
