"""Permissions of the dashboards, and what a page reads from its address."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.campaigns.scope import NodeScope, campaigns_of, node_scope, top_node
from quetsach_portal.cases.access import COUNT_READERS, WORKERS
from quetsach_portal.cases.rechecks.sampling import sees_samples
from quetsach_portal.dashboards.models import SubtreeFile
from quetsach_portal.dashboards.pages.ranking import DEVICES, By
from quetsach_portal.files.models import StoredFile
from quetsach_portal.followup.access import followed, node_to_follow
from quetsach_portal.followup.queries import path_to
from quetsach_portal.looks.figures import look_of_node
from quetsach_portal.people.roles.scope import SEES_SUBTREE, Scope, get_or_404
from quetsach_portal.reports.access import reads_below
from quetsach_portal.units.areas.read import YEARS, Year
from quetsach_portal.web.request import PortalRequest

ENDED_STATES = frozenset({CampaignState.CLOSED, CampaignState.ARCHIVED})


def node_of(
    scope: Scope, campaign_id: int, node_id: int | None
) -> tuple[Campaign, NodeScope, CampaignNode]:
    """Return the campaign, the person's seats, and the node asked for or their highest.

    Errors: Http404.
    """
    campaign, seats = followed(scope, campaign_id)
    return campaign, seats, node_to_follow(scope, campaign, node_id)


def subtree_of(scope: Scope, campaign_id: int, node_id: int | None) -> CampaignNode:
    """Return the node to users who read the reports of the node and of all nodes below.

    Errors: Http404, PermissionDenied.
    """
    _campaign, seats, node = node_of(scope, campaign_id, node_id)
    if not reads_below(seats, node):
        raise PermissionDenied(_("Your role does not read the reports of the units below."))
    return node


def file_of(scope: Scope, campaign_id: int, file_id: int) -> StoredFile:
    """Return a table that the person asked for, while they may still read it.

    Errors: Http404, PermissionDenied.
    """
    rows = SubtreeFile.objects.filter(
        pk=file_id, by_id=scope.user_id, node__campaign_id=campaign_id, file__isnull=False
    )
    requested = get_or_404(rows.select_related("file"))
    subtree_of(scope, campaign_id, requested.node_id)
    assert requested.file is not None  # the filter asks for it
    return requested.file


def sees_devices(seats: NodeScope, node: CampaignNode) -> bool:
    """True when the person sees counts of devices of the node and all below."""
    return seats.has_role_above(node, *COUNT_READERS) or seats.has_role_in(node, *WORKERS)


def devices_of(
    scope: Scope, campaign_id: int, node_id: int | None
) -> tuple[Campaign, CampaignNode]:
    """Return the node to users who see counts of its devices. Errors: Http404, PermissionDenied."""
    campaign, seats, node = node_of(scope, campaign_id, node_id)
    if not sees_devices(seats, node):
        raise PermissionDenied(_("Your role has no part in cases."))
    return campaign, node


def other_trees(scope: Scope, campaign: Campaign) -> list[Campaign]:
    """Return the other campaigns that the person may see, on whose trees a result can be laid."""
    others = campaigns_of(scope).exclude(pk=campaign.pk).filter(frozen_on__isnull=False)
    return list(others[:50])


# Query parameters of a page; an invalid one counts as absent.


def by_in(request: HttpRequest, *, sees_devices: bool) -> By:
    """Return by what units are compared: by reports, where something else may not be seen."""
    asked = request.GET.get("by", "")
    by = By(asked) if asked in By.values else By.REPORTED
    return By.REPORTED if by in DEVICES and not sees_devices else by


def area_year_in(request: HttpRequest) -> Year | None:
    """Return the year whose national areas are asked for, None where another tree is."""
    asked = request.GET.get("tree", "")
    return next((year for year in YEARS if asked == f"areas-{year}"), None)


def day_of_map(campaign: Campaign) -> date:
    """Return the day whose outlines are drawn: today, or that of the tree of one that has ended."""
    today = timezone.localdate()
    has_ended = campaign.state in ENDED_STATES and campaign.frozen_on is not None
    return campaign.frozen_on or today if has_ended else today


def choices_of(*, sees_devices: bool) -> list[By]:
    """Return what units can be compared by."""
    return [by for by in By if sees_devices or by not in DEVICES]


# The context of every dashboard page: the campaign, the path to the unit, the tabs.


def frame(request: PortalRequest, campaign: Campaign, node: CampaignNode) -> dict[str, Any]:
    """Return what the templates of all these pages need."""
    seats = node_scope(request.scope, campaign)
    return {
        "campaign": campaign,
        "node": node,
        "above": path_to(node, top_node(request.scope, campaign)),
        "opens_units": seats.has_role_above(node, *SEES_SUBTREE),
        "opens_coverage": sees_devices(seats, node),
        "opens_checks": sees_samples(seats, node),
        "look": look_of_node(node),
    }
