"""Pages of a campaign's list: its versions, and the gate of one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.access import led_campaign, own_campaign
from quetsach_portal.files.storage import attachment
from quetsach_portal.lists import access, deciding, feeds, queries
from quetsach_portal.lists.forms import NewFeedForm, NewVersionForm, RowsForm, VersionActForm
from quetsach_portal.lists.receiving import TAKES, receive
from quetsach_portal.web.acts import attempt, run_with_message, succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest

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
    context = {
        "campaign": campaign,
        "page": page_of(queries.versions_of(campaign), request),
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
    return _gate(request, campaign_id, n)


def _gate(
    request: PortalRequest,
    campaign_id: int,
    n: int,
    *,
    rows_form: RowsForm | None = None,
    act_form: VersionActForm | None = None,
) -> HttpResponse:
    version = access.version_for(request.scope, campaign_id, n)
    only = "open" if request.GET.get("only") == "open" else ""
    page = page_of(queries.doubtful_rows(version, only), request, per=ROWS_A_PAGE)
    rows = [{"row": one, "classes": queries.classes_of(one)} for one in page.rows]
    context: dict[str, Any] = {
        "campaign": version.campaign,
        "version": version,
        "gate": queries.gate_page(version),
        "page": page,
        "rows": rows,
        "only": only,
        "rows_form": rows_form or RowsForm(rows=[]),
        "act_form": act_form or VersionActForm(auto_id="act_%s"),
        "works_on": access.works_on(request.scope, version.campaign),
        "decides_on": access.decides_on(request.scope, version.campaign),
        "is_own": version.proposed_by_id == request.user.pk,
        "is_running": queries.is_running(version),
    }
    status = 422 if any(form is not None for form in (rows_form, act_form)) else 200
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
        return redirect("lists:show", campaign_id, n)
    return _gate(request, campaign_id, n, rows_form=form)


@require_POST
def act(request: PortalRequest, campaign_id: int, n: int) -> HttpResponse:
    """Propose, approve, take back, refuse or pull back a version."""
    version = access.worked_version(request.scope, campaign_id, n)
    form = VersionActForm(request.POST, auto_id="act_%s")
    if not form.is_valid():
        return _gate(request, campaign_id, n, act_form=form)
    words, actor = form.cleaned_data, request.user
    if words["act"] in ("approve", "pull_back") and not access.decides_on(
        request.scope, version.campaign
    ):
        raise PermissionDenied(_("Only an owner in the lead office can put a version in force."))
    acts = {
        "proposals": lambda: deciding.follow_proposals(version, actor=actor),
        "propose": lambda: deciding.propose(
            version, shrink_reason=words["shrink_reason"], actor=actor
        ),
        "approve": lambda: deciding.approve(version, actor=actor),
        "take_back": lambda: deciding.take_back(version, actor=actor),
        "refuse": lambda: deciding.refuse(version, reason=words["reason"], actor=actor),
        "pull_back": lambda: deciding.pull_back(version, reason=words["reason"], actor=actor),
    }
    run_with_message(request, acts[words["act"]])
    return redirect("lists:show", campaign_id, n)


@require_safe
def release_file(request: PortalRequest, campaign_id: int, n: int) -> HttpResponseBase:
    """Hand out the file that a version looks for. Errors: Http404 while it has none."""
    version = access.version_for(request.scope, campaign_id, n)
    if version.release is None:
        raise Http404
    return attachment(version.release)
