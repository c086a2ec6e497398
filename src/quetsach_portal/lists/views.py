"""Pages of a campaign's list: its versions, and the gate of one."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.access import led_campaign, own_campaign
from quetsach_portal.campaigns.scope import PREPARING
from quetsach_portal.files.storage import attachment
from quetsach_portal.lists import access, deciding, feeds, holding, office, queries
from quetsach_portal.lists.forms import (
    HoldForm,
    NewFeedForm,
    NewVersionForm,
    OfficeRowsForm,
    RowsForm,
    VersionActForm,
)
from quetsach_portal.lists.receiving import TAKES, receive, receive_again
from quetsach_portal.web.acts import attempt, succeeds
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models.campaign import Campaign
    from quetsach_portal.lists.models import ListVersion

ROWS_A_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show the versions, or take a new one in."""
    campaign = own_campaign(request.scope, campaign_id)
    form = NewVersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        campaign = access.worked_campaign(request.scope, campaign_id)
    if form.is_valid():
        given = form.cleaned_data
        version = attempt(
            form,
            lambda: receive(campaign, given["lists"], title=given["title"], actor=request.user),
        )
        if version is not None:
            return redirect("lists:show", campaign.pk, version.n)
    return _index(request, campaign_id, form)


def _index(
    request: PortalRequest,
    campaign_id: int,
    form: NewVersionForm,
    feed_form: NewFeedForm | None = None,
) -> HttpResponse:
    campaign = own_campaign(request.scope, campaign_id)
    table = long_table(queries.versions_of(campaign), request, queries.VERSIONS)
    context = {
        "campaign": campaign,
        "table": table,
        "page": table.page,
        "form": form,
        "feeds": feeds.feeds_of(campaign),
        "feed_form": feed_form or NewFeedForm(auto_id="feed_%s"),
        "works_on": access.works_on(request.scope, campaign),
        "decides_on": access.decides_on(request.scope, campaign),
        "is_over": campaign.state not in TAKES,
    }
    return render(request, "lists/index.html", context, status=200 if feed_form is None else 422)


@require_POST
def add_feed(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Ask a feed for new lists from now on."""
    campaign = led_campaign(request.scope, campaign_id)
    form = NewFeedForm(request.POST, auto_id="feed_%s")
    if succeeds(form, lambda: feeds.add_feed(campaign, **form.cleaned_data, actor=request.user)):
        return redirect("lists:index", campaign.pk)
    return _index(request, campaign_id, NewVersionForm(), form)


@require_POST
def stop_feed(request: PortalRequest, campaign_id: int, feed_id: int) -> HttpResponse:
    """Switch a feed off."""
    feed = access.decided_feed(request.scope, campaign_id, feed_id)
    feeds.stop_feed(feed, actor=request.user)
    return redirect("lists:index", campaign_id)


@require_safe
def show(request: PortalRequest, campaign_id: int, n: int) -> HttpResponse:
    """Show the gate of a version."""
    return show_gate(request, access.version_for(request.scope, campaign_id, n))


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show the list as a step of the preparation: the same gate, and what to do next."""
    campaign = own_campaign(request.scope, campaign_id)
    form = NewVersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        campaign = access.worked_campaign(request.scope, campaign_id)
    if form.is_valid():
        given = form.cleaned_data
        if attempt(
            form,
            lambda: receive(campaign, given["lists"], title=given["title"], actor=request.user),
        ):
            return redirect("lists:step", campaign.pk)
    return show_step(request, campaign, {"form": form})


def show_step(
    request: PortalRequest, campaign: "Campaign", more: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """Return the step of the preparation with the gate of the version that is worked on."""
    version = queries.worked_on(campaign)
    context: dict[str, Any] = {
        "campaign": campaign,
        "version": version,
        "back": BACK_TO_STEP,
        "form": NewVersionForm(),
        "is_over": campaign.state not in TAKES,
        **(gate_context(request, campaign, version)),
        **more,
    }
    return render(request, "lists/step.html", context, status=status)


BACK_TO_STEP = "step"
"""What a form carries that stands in the preparation, so that its act leads back there."""


def back_to(request: PortalRequest, campaign_id: int, n: int | None = None) -> HttpResponse:
    """Return to the page from which a form came: the preparation, a version, or all of them."""
    back = request.POST.get("back", "")
    if back == BACK_TO_STEP:
        return redirect("lists:step", campaign_id)
    if n is None and back.isascii() and back.isdecimal() and len(back) < 10:
        n = int(back)
    return (
        redirect("lists:index", campaign_id)
        if n is None
        else redirect("lists:show", campaign_id, n)
    )


def gate_context(
    request: PortalRequest, campaign: "Campaign", version: "ListVersion | None"
) -> dict[str, Any]:
    """Return what the gate shows: of a version, and of what the office itself vouches for."""
    office_rows = queries.office_rows_of(campaign, version)
    context: dict[str, Any] = {
        "works_on": access.works_on(request.scope, campaign),
        "decides_on": access.decides_on(request.scope, campaign),
        "office": office_rows,
        "office_shown": office.approvable([effect.row for effect in office_rows], request.user),
        "office_waiting": office.waiting_for(campaign, request.user),
        "office_form": OfficeRowsForm(auto_id="office_%s"),
        "ranges": queries.ranges_never_blocked(campaign),
    }
    if version is None:
        return context
    only = "open" if request.GET.get("only") == "open" else ""
    doubtful = queries.doubtful_rows(version, only)
    table = long_table(doubtful, request, queries.DOUBTFUL, per=ROWS_A_PAGE)
    return context | {
        "gate": queries.gate_page(version),
        "table": table,
        "page": table.page,
        "rows": [{"row": one, "classes": queries.classes_of(one)} for one in table.page.rows],
        "only": only,
        "rows_form": RowsForm(rows=[]),
        "act_form": VersionActForm(auto_id="act_%s"),
        "hold_form": HoldForm(auto_id="hold_%s"),
        "holds": list(holding.holds_of(version)[:20]),
        "is_own": version.proposed_by_id == request.user.pk,
        "is_running": queries.is_running(version),
    }


def show_gate(request: PortalRequest, version: "ListVersion", **forms: Form) -> HttpResponse:
    """Return the page of a version, or the step that a form came from, with what was refused."""
    status = 422 if forms else 200
    if request.POST.get("back") == BACK_TO_STEP:
        return show_step(request, version.campaign, forms, status)
    context = {
        "campaign": version.campaign,
        "version": version,
        "back": version.n,
        **gate_context(request, version.campaign, version),
        **forms,
    }
    return render(request, "lists/show.html", context, status=status)


@require_POST
def decide(request: PortalRequest, campaign_id: int, n: int) -> HttpResponse:
    """Write a decision on the rows that were ticked."""
    version = access.worked_version(request.scope, campaign_id, n)
    ids = list(queries.doubtful_rows(version).values_list("pk", flat=True))
    form = RowsForm(request.POST, rows=ids)
    if succeeds(
        form,
        lambda: deciding.decide_rows(
            version,
            form.cleaned_data["rows"],
            form.cleaned_data["decision"],
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data["until"],
            actor=request.user,
        ),
    ):
        return back_to(request, campaign_id, n)
    return show_gate(request, version, rows_form=form)


@require_POST
def act(request: PortalRequest, campaign_id: int, n: int) -> HttpResponse:
    """Propose, approve, take back or refuse a version, or take its lists in once more."""
    version = access.worked_version(request.scope, campaign_id, n)
    form = VersionActForm(request.POST, auto_id="act_%s")
    if not form.is_valid():
        return show_gate(request, version, act_form=form)
    words, actor = form.cleaned_data, request.user
    if words["act"] == "approve":
        access.owners_only(request.scope, version.campaign)
    acts: dict[str, Callable[[], object]] = {
        "proposals": lambda: deciding.follow_proposals(version, actor=actor),
        "propose": lambda: deciding.propose(
            version,
            shrink_reason=words["shrink_reason"],
            leaves_open=words["leaves_open"],
            actor=actor,
        ),
        "approve": lambda: deciding.approve(version, actor=actor),
        "take_back": lambda: deciding.take_back(version, actor=actor),
        "refuse": lambda: deciding.refuse(version, reason=words["reason"], actor=actor),
        "again": lambda: receive_again(version, actor=actor),
    }
    if not succeeds(form, acts[words["act"]]):
        return show_gate(request, version, act_form=form)
    is_step = request.POST.get("back") == BACK_TO_STEP
    if is_step and words["act"] == "propose" and version.campaign.state in PREPARING:
        return redirect("campaigns:launch_letter", campaign_id)
    return back_to(request, campaign_id, None if words["act"] == "again" else n)


@require_safe
def release_file(request: PortalRequest, campaign_id: int, n: int) -> HttpResponseBase:
    """Hand out the file that a version looks for. Errors: Http404 while it has none."""
    version = access.version_for(request.scope, campaign_id, n)
    if version.release is None:
        raise Http404
    return attachment(version.release)
