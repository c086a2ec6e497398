"""The list of harmful addresses."""

from typing import TYPE_CHECKING

from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.access import led_campaign, may_prepare, own_campaign, release_of
from quetsach_portal.campaigns.actions.releases import make_release, take_release
from quetsach_portal.campaigns.forms import ListsForm, ReleaseForm
from quetsach_portal.campaigns.release import kinds_in_words, lines_of_words
from quetsach_portal.files.sending import attachment
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models import Campaign


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: Request, campaign_id: int) -> HttpResponse:
    """Show the list, or take another that came as a file."""
    campaign = own_campaign(request.scope, campaign_id)
    form = ReleaseForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        campaign = led_campaign(request.scope, campaign_id)
        if succeeds(
            form,
            lambda: take_release(campaign, form.cleaned_data["file"], actor=request.user),
        ):
            return redirect("campaigns:release", campaign.pk)
    return _page(request, campaign, form, ListsForm())


@require_POST
def from_lists(request: Request, campaign_id: int) -> HttpResponse:
    """Make a release of lists; a job does it."""
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
    return _page(request, campaign, ReleaseForm(), form)


@require_safe
def release_file(request: Request, campaign_id: int) -> HttpResponseBase:
    """Hand the release out."""
    campaign = own_campaign(request.scope, campaign_id)
    return attachment(release_of(campaign))


def _page(request: Request, campaign: "Campaign", form: Form, lists: Form) -> HttpResponse:
    job = queries.job_of(campaign, "campaigns.make_release")
    given = {
        "campaign": campaign,
        "form": form,
        "lists": lists,
        "words": lines_of_words(campaign),
        "kinds": kinds_in_words(campaign),
        "job": job,
        "is_running": queries.is_running(job),
        "leads_it": may_prepare(request.scope, campaign),
    }
    return render(request, "campaigns/release.html", given)
