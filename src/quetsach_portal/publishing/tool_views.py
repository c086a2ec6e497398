"""Pages of the catalogue of tools."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.access import leads_it, own_campaign
from quetsach_portal.publishing import access, tool_actions, tool_queries
from quetsach_portal.publishing.tool_forms import ToolForm, WithdrawForm, like
from quetsach_portal.rights.again import confirmed_recently
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.telling import told_or_refused


@require_safe
def index(request: Request, campaign_id: int) -> HttpResponse:
    """Return the entries, published and not, with all versions."""
    campaign = own_campaign(request.scope, campaign_id)
    given = {
        "campaign": campaign,
        "page": page_of(tool_queries.tools_of(campaign), request),
        "prepares": access.prepares(request.scope, campaign),
        "leads": leads_it(request.scope, campaign),
        "has_key": tool_queries.key_is_there(),
    }
    return render(request, "publishing/tools.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: Request, campaign_id: int) -> HttpResponse:
    """Write an entry, new or a new version of one."""
    campaign = access.campaign_to_prepare(request.scope, campaign_id)
    old = tool_queries.older(campaign, request.GET.get("of", ""))
    form = ToolForm(request.POST or None, initial=like(old) if old else {})
    if succeeds(
        form,
        lambda: tool_actions.draft(campaign, form.said(), replaces=old, actor=request.user),
    ):
        return redirect("publishing:tools", campaign.pk)
    return render(request, "publishing/tool.html", {"campaign": campaign, "form": form, "old": old})


@confirmed_recently
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request, tool_id: int) -> HttpResponse:
    """Look at an entry; an owner who did not write it publishes it."""
    tool = access.tool_to_prepare(request.scope, tool_id)
    if request.method == "POST":
        tool = access.tool_to_decide(request.scope, tool_id)
        told_or_refused(
            request,
            lambda: tool_actions.publish(tool, actor=request.user),
            done=_("The tool is in the catalogue, which is being signed and written."),
        )
        return redirect("publishing:tools", tool.campaign_id)
    given = {
        "campaign": tool.campaign,
        "tool": tool,
        "is_writer": tool.drafted_by_id == request.user.pk,
        "leads": leads_it(request.scope, tool.campaign),
    }
    return render(request, "publishing/publish_tool.html", given)


@require_POST
def drop(request: Request, tool_id: int) -> HttpResponse:
    """Leave an entry unpublished."""
    tool = access.tool_to_prepare(request.scope, tool_id)
    told_or_refused(request, lambda: tool_actions.drop(tool, actor=request.user))
    return redirect("publishing:tools", tool.campaign_id)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, tool_id: int) -> HttpResponse:
    """Take a tool out of the catalogue, with the reason."""
    tool = access.tool_to_decide(request.scope, tool_id)
    form = WithdrawForm(request.POST or None)
    if succeeds(form, lambda: tool_actions.withdraw(tool, actor=request.user, **form.cleaned_data)):
        return redirect("publishing:tools", tool.campaign_id)
    given = {"campaign": tool.campaign, "tool": tool, "form": form}
    return render(request, "publishing/withdraw_tool.html", given)


@require_safe
def key(request: Request, campaign_id: int) -> HttpResponse:
    """Return the public key with which the catalogue is verified."""
    own_campaign(request.scope, campaign_id)
    response = HttpResponse(tool_queries.key(), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="tools.pub.pem"'
    return response
