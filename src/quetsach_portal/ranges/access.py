"""Who reaches which ranges and which allotted notices.

The lead office's owner and analyst keep the table and see how its notices ended, with the numbers
of cases; a unit's own people see the notices that their unit is asked about, with the machines.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.access import WORKERS
from quetsach_portal.cases.models.notice import NoticeBatch
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.ranges.models import (
    Forwarding,
    PublicRange,
)
from quetsach_portal.units.models import OrgUnit

KEEPERS = (Role.LEAD_OWNER, Role.LEAD_ANALYST)


def keepers_only(scope: Scope) -> None:
    """Let pass who keeps the ranges of some office. Errors: PermissionDenied."""
    if not scope.has_role(*KEEPERS):
        raise PermissionDenied(_("Only the lead office can do this."))


def readers_only(scope: Scope) -> None:
    """Let pass who sees allotted notices of some unit. Errors: PermissionDenied."""
    if not scope.has_role(*KEEPERS, *WORKERS):
        raise PermissionDenied(_("Only people who work on cases can see the notices."))


def kept_offices(scope: Scope) -> list[OrgUnit]:
    """Return the offices whose table the person keeps."""
    return list(OrgUnit.objects.filter(pk__in=scope.own_units(*KEEPERS)).order_by("depth", "pk"))


def office_for(scope: Scope, office_id: int) -> OrgUnit:
    """Return the office if the person keeps its table. Errors: Http404."""
    units = scope.own_units(*KEEPERS)
    return get_or_404(OrgUnit.objects.filter(pk=office_id, pk__in=units))


def range_for(scope: Scope, range_id: int) -> PublicRange:
    """Return the range if the person keeps its table. Errors: Http404."""
    rows = PublicRange.objects.filter(pk=range_id, office__in=scope.own_units(*KEEPERS))
    return get_or_404(rows.select_related("office", "unit", "added_by"))


def led_nodes(scope: Scope) -> list[CampaignNode]:
    """Return the nodes of the lead offices for which the person hands in notices."""
    units = scope.own_units(Role.LEAD_OWNER)
    rows = CampaignNode.objects.filter(unit_id__in=units, parent__isnull=True)
    return list(rows.select_related("campaign").order_by("-campaign_id")[:100])


def led_node_for(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node of a lead office if the person hands in notices for it. Errors: Http404."""
    units = scope.own_units(Role.LEAD_OWNER)
    rows = CampaignNode.objects.filter(pk=node_id, unit_id__in=units, parent__isnull=True)
    return get_or_404(rows.select_related("campaign", "unit"))


def allotted_batches(scope: Scope) -> QuerySet[NoticeBatch]:
    """Return the files that were allotted from an office of the person, the newest first."""
    units = scope.own_units(*KEEPERS)
    rows = NoticeBatch.objects.filter(node__unit_id__in=units, source=NoticeBatch.Source.ALLOT)
    return rows.select_related("node__campaign", "stored", "handed_in_by").order_by("-pk")


def allotted_batch_for(scope: Scope, batch_id: int) -> NoticeBatch:
    """Return the file if it was allotted from an office of the person. Errors: Http404."""
    return get_or_404(allotted_batches(scope).filter(pk=batch_id))


def forwardings_of(scope: Scope) -> QuerySet[Forwarding]:
    """Return what the person's own units are asked about, the newest first."""
    units = scope.own_units(*WORKERS)
    rows = Forwarding.objects.filter(node__unit_id__in=units)
    return rows.select_related("node__campaign", "part", "batch__stored").order_by("-pk")


def forwarding_for(scope: Scope, forwarding_id: int) -> Forwarding:
    """Return what a unit of the person is asked about. Errors: Http404."""
    return get_or_404(forwardings_of(scope).filter(pk=forwarding_id))
