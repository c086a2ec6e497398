"""Pages for the state of the public page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.access import leads_it, led_campaign, own_campaign
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.publishing import access, actions, queries
from quetsach_portal.publishing.forms import ClosePageForm, PageForm
from quetsach_portal.publishing.lists.queries import lists_of
from quetsach_portal.web.acts import run_with_message, succeeds
from quetsach_portal.web.request import PortalRequest


@require_safe
def index(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show the state of the public page, part by part."""
    campaign = own_campaign(request.scope, campaign_id)
    own = queries.page_of(campaign)
    context = {
        "campaign": campaign,
        "page": own,
        "fakes": queries.not_official(own, campaign),
        "change": queries.waiting_change(campaign),
        "user_id": request.user.pk,
        "parts": queries.parts(),
        "inbox": queries.inbox(),
        "lists": lists_of(campaign),
        "tools": queries.count_of_tools(campaign),
        "prepares": access.prepares(request.scope, campaign),
        "leads": leads_it(request.scope, campaign),
    }
    return render(request, "publishing/index.html", context)


@require_POST
def write_now(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Write everything now."""
    campaign = access.campaign_to_prepare(request.scope, campaign_id)
    run_with_message(
        request,
        lambda: actions.write_now(campaign, actor=request.user),
        done=_("The public page is being written. Reload this page in a moment."),
    )
    return redirect("publishing:index", campaign.pk)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Edit the public page."""
    campaign = led_campaign(request.scope, campaign_id)
    form = PageForm(request.POST or None, initial=queries.initial_content(campaign))
    if succeeds(form, lambda: actions.save_page(campaign, form.page_fields(), actor=request.user)):
        return redirect("publishing:index", campaign.pk)
    return render(request, "publishing/page.html", {"campaign": campaign, "form": form})


@confirmed_recently
@require_POST
def open_list(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Propose that the list in force may be public."""
    campaign = access.campaign_to_prepare(request.scope, campaign_id)
    run_with_message(
        request,
        lambda: actions.propose_open_list(campaign, actor=request.user),
        done=_("Proposed. Another owner must agree before the list is public."),
    )
    return redirect("publishing:index", campaign.pk)


@confirmed_recently
@require_POST
def end_open_list(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Take the list back from the public page."""
    campaign = led_campaign(request.scope, campaign_id)
    run_with_message(
        request,
        lambda: actions.end_open_list(campaign, actor=request.user),
        done=_("The list is no longer public. The page is being written."),
    )
    return redirect("publishing:index", campaign.pk)


@confirmed_recently
@require_POST
def agree(request: PortalRequest, change_id: int) -> HttpResponse:
    """Agree to a change that another owner proposed for a public page."""
    change = access.change_to_decide(request.scope, change_id)
    run_with_message(
        request,
        lambda: actions.agree(change, actor=request.user),
        done=_("The change is accepted. The page is being written."),
    )
    return redirect("publishing:index", change.page.campaign_id)


@require_POST
def drop_change(request: PortalRequest, change_id: int) -> HttpResponse:
    """Drop the change."""
    change = access.change_to_decide(request.scope, change_id)
    run_with_message(request, lambda: actions.drop(change, actor=request.user))
    return redirect("publishing:index", change.page.campaign_id)


@confirmed_recently
@require_POST
def show(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Open the page to everybody."""
    campaign = led_campaign(request.scope, campaign_id)
    run_with_message(
        request,
        lambda: actions.show(campaign, actor=request.user),
        done=_("The public page is now public."),
    )
    return redirect("publishing:index", campaign.pk)


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Take the page down, with the reason."""
    campaign = led_campaign(request.scope, campaign_id)
    form = ClosePageForm(request.POST or None)
    if succeeds(form, lambda: actions.close(campaign, actor=request.user, **form.cleaned_data)):
        return redirect("publishing:index", campaign.pk)
    return render(request, "publishing/close.html", {"campaign": campaign, "form": form})
