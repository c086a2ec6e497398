"""Who reaches what was handed in: the unit's own people alone; those above see counts of children.

Source: campaign.md, 4: "see findings (IP, device label)", "work a case, upload proof".
"""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.access import led_campaign_for as led_campaign_for
from quetsach_portal.intake.models import LogSource, OwnTable, Submission, UnitKey
from quetsach_portal.looks.models import UnitMachine
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404
from quetsach_portal.units.models import OrgUnit

WORKERS = (Role.FOCAL_POINT, Role.TECHNICIAN)
COUNTERS = (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER)
_MOST = 100


def own_nodes(scope: Scope) -> list[CampaignNode]:
    """Return the nodes for which the person hands in evidence, the newest campaign first."""
    return _nodes_in(scope, *WORKERS)


def counted_nodes(scope: Scope) -> list[CampaignNode]:
    """Return the nodes whose direct children the person sees as counts."""
    return _nodes_in(scope, *COUNTERS)


def asks_gone_logs(scope: Scope) -> bool:
    """Return whether the person may ask a list of logs that are gone."""
    return scope.has_role(Role.LEAD_OWNER, Role.LEAD_ANALYST)


def own_node_for(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node if the person hands in evidence for it. Errors: Http404."""
    return _node_in(scope, node_id, *WORKERS)


def counted_node_for(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node if the person sees the counts of its direct children. Errors: Http404."""
    return _node_in(scope, node_id, *COUNTERS)


def own_submissions(scope: Scope) -> QuerySet[Submission]:
    """Return what was handed in for the person's own units."""
    units = scope.own_units(*WORKERS)
    rows = Submission.objects.filter(node__unit_id__in=units)
    return rows.select_related("node__campaign", "node__unit", "job", "created_by")


def submission_for(scope: Scope, submission_id: int) -> Submission:
    """Return the submission if it is of one of the person's own units. Errors: Http404."""
    return get_or_404(own_submissions(scope).filter(pk=submission_id))


def own_unit_for(scope: Scope, unit_id: int) -> OrgUnit:
    """Return the unit if the person hands in evidence for it. Errors: Http404."""
    return get_or_404(OrgUnit.objects.filter(pk=unit_id, pk__in=scope.own_units(*WORKERS)))


def table_for(scope: Scope, table_id: int) -> OwnTable:
    """Return the table of one of the person's own units. Errors: Http404."""
    units = scope.own_units(*WORKERS)
    rows = OwnTable.objects.filter(pk=table_id, unit_id__in=units)
    return get_or_404(rows.select_related("unit", "file"))


def machine_for(scope: Scope, machine_id: int) -> UnitMachine:
    """Return the machine if it is one of the person's own units. Errors: Http404."""
    units = scope.own_units(*WORKERS)
    rows = UnitMachine.objects.filter(pk=machine_id, unit_id__in=units, ended_at=None)
    return get_or_404(rows.select_related("unit"))


def other_machines(machine: UnitMachine) -> QuerySet[UnitMachine]:
    """Return the other machines of the same unit, as each counts for itself."""
    rows = UnitMachine.objects.filter(unit_id=machine.unit_id, ended_at=None, same_as=None)
    return rows.exclude(pk=machine.pk).order_by("name", "pk")


def source_for(scope: Scope, source_id: int) -> LogSource:
    """Return what one of the person's own units declares of a log source. Errors: Http404."""
    rows = LogSource.objects.filter(pk=source_id, unit_id__in=scope.own_units(*WORKERS))
    return get_or_404(rows.select_related("unit", "declared_by"))


def key_for(scope: Scope, key_id: int) -> UnitKey:
    """Return the key of one of the person's own units. Errors: Http404."""
    units = scope.own_units(*WORKERS)
    return get_or_404(UnitKey.objects.filter(pk=key_id, unit_id__in=units).select_related("unit"))


def must_be_focal_point(scope: Scope, unit: OrgUnit) -> None:
    """Let only the focal point vouch for a key of the unit. Errors: PermissionDenied."""
    if not is_focal_point(scope, unit):
        raise PermissionDenied(_("Only the focal point of the unit can do this."))


def is_focal_point(scope: Scope, unit: OrgUnit) -> bool:
    """True when the person is the focal point of the unit."""
    return scope.has_role_in(unit, Role.FOCAL_POINT)


def leads(scope: Scope, node: CampaignNode) -> bool:
    """True when the person owns the campaign of the node."""
    return node.campaign.lead_unit_id in scope.own_units(Role.LEAD_OWNER)


def _nodes_in(scope: Scope, *roles: Role) -> list[CampaignNode]:
    rows = CampaignNode.objects.filter(unit_id__in=scope.own_units(*roles))
    return list(rows.select_related("campaign", "unit").order_by("-campaign_id", "pk")[:_MOST])


def _node_in(scope: Scope, node_id: int, *roles: Role) -> CampaignNode:
    rows = CampaignNode.objects.filter(pk=node_id, unit_id__in=scope.own_units(*roles))
    return get_or_404(rows.select_related("campaign__release_file", "unit"))
