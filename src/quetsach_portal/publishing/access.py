"""Permissions for the public page: the lead office of the campaign."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.access import led_campaign, own_campaign
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.publishing.models import (
    ListKind,
    PageChange,
    PublicList,
    PublicTool,
    SpokenRecording,
)

PREPARES = (Role.LEAD_OWNER, Role.LEAD_ANALYST)


def prepares(scope: Scope, campaign: Campaign) -> bool:
    """True when the person prepares what the public page shows."""
    return scope.has_role_in(campaign.lead_unit, *PREPARES)


def campaign_to_prepare(scope: Scope, campaign_id: int) -> Campaign:
    """Return the campaign if the person prepares its public page.

    Errors: Http404, PermissionDenied.
    """
    campaign = own_campaign(scope, campaign_id)
    if not prepares(scope, campaign):
        raise PermissionDenied(
            _("Only owners and analysts of the lead office manage the public page.")
        )
    return campaign


def kind_of_list(kind: str) -> ListKind:
    """Return the kind of list that an address names. Errors: Http404."""
    if kind not in ListKind:
        raise Http404
    return ListKind(kind)


def list_to_see(scope: Scope, list_id: int) -> PublicList:
    """Return a list if the person may read its campaign. Errors: Http404, PermissionDenied."""
    rows = PublicList.objects.filter(pk=list_id)
    public_list = get_or_404(
        rows.select_related("campaign__lead_unit", "handed_in_by", "decided_by", "stored")
    )
    own_campaign(scope, public_list.campaign_id)
    return public_list


def list_to_decide(scope: Scope, list_id: int) -> PublicList:
    """Return a list, for an owner of the lead office. Errors: Http404, PermissionDenied."""
    public_list = list_to_see(scope, list_id)
    led_campaign(scope, public_list.campaign_id)
    return public_list


def change_to_decide(scope: Scope, change_id: int) -> PageChange:
    """Return a change, for an owner of the lead office. Errors: Http404, PermissionDenied."""
    change = get_or_404(
        PageChange.objects.filter(pk=change_id).select_related("page", "proposed_by")
    )
    led_campaign(scope, change.page.campaign_id)
    return change


def recording_to_hear(scope: Scope, recording_id: int) -> SpokenRecording:
    """Return a recording if the person may read its campaign. Errors: Http404, PermissionDenied."""
    rows = SpokenRecording.objects.filter(pk=recording_id)
    recording = get_or_404(rows.select_related("campaign__lead_unit", "stored"))
    own_campaign(scope, recording.campaign_id)
    return recording


def recording_to_decide(scope: Scope, recording_id: int) -> SpokenRecording:
    """Return a recording, for an owner of the lead office. Errors: Http404, PermissionDenied."""
    recording = recording_to_hear(scope, recording_id)
    led_campaign(scope, recording.campaign_id)
    return recording


def tool_to_prepare(scope: Scope, tool_id: int) -> PublicTool:
    """Return a tool if the person prepares the page. Errors: Http404, PermissionDenied."""
    tool = get_or_404(
        PublicTool.objects.filter(pk=tool_id).select_related(
            "campaign__lead_unit", "drafted_by", "replaces"
        )
    )
    campaign_to_prepare(scope, tool.campaign_id)
    return tool


def tool_to_decide(scope: Scope, tool_id: int) -> PublicTool:
    """Return a tool, for an owner of the lead office. Errors: Http404, PermissionDenied."""
    tool = tool_to_prepare(scope, tool_id)
    led_campaign(scope, tool.campaign_id)
    return tool
