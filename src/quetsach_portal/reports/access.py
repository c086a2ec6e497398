"""Permissions of reports: who may read, write, decide on and sign them."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, ExpectedReport
from quetsach_portal.campaigns.scope import NodeScope, node_for, node_scope
from quetsach_portal.followup.access import READS_REPORTS, READS_REPORTS_BELOW
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, below, get_or_404
from quetsach_portal.reports.models.report import ChangeNotice, ReportVersion
from quetsach_portal.reports.queries import RELATED, child_slots, parent_id_in

WRITES = (Role.FOCAL_POINT, Role.COMPILER)
DECIDES = (Role.COMPILER, Role.LEAD_OWNER)
SIGNS = (Role.SIGNER,)
FORWARDS = (Role.COMPILER, Role.CLERK)
ADDS_UP = (Role.COMPILER,)


def readable_report(scope: Scope, slot_id: int) -> ExpectedReport:
    """Return the expected report to users who may read reports of its unit.

    Errors: Http404 where the unit may not be seen, PermissionDenied for a role that reads none.
    """
    slot = get_or_404(ExpectedReport.objects.filter(pk=slot_id).select_related(*RELATED))
    node_for(scope, slot.node_id)
    if not reads(node_scope(scope, slot.node.campaign), slot.node):
        raise PermissionDenied(_("Your role does not read reports."))
    return slot


def reads(seats: NodeScope, node: CampaignNode) -> bool:
    """True when a role in `seats` reads the reports of `node`."""
    return seats.has_role_in(node, *READS_REPORTS) or seats.has_role_above(
        node, *READS_REPORTS_BELOW
    )


def reads_below(seats: NodeScope, node: CampaignNode) -> bool:
    """True when the person reads the reports of the units below `node`."""
    return seats.has_role_above(node, *READS_REPORTS_BELOW)


def own_slot(scope: Scope, slot_id: int, *roles: Role) -> ExpectedReport:
    """Return the expected report to a user with one of `roles` in this unit.

    Errors: Http404 where it may not be seen, PermissionDenied where it may.
    """
    slot = get_or_404(ExpectedReport.objects.filter(pk=slot_id).select_related(*RELATED))
    node_for(scope, slot.node_id)
    if not node_scope(scope, slot.node.campaign).has_role_in(slot.node, *roles):
        raise PermissionDenied(_("Only the unit itself does this, by somebody with that task."))
    return slot


def readable_version(scope: Scope, version_id: int) -> ReportVersion:
    """Return a version to users who may read it. Errors: as `readable_report`."""
    version = _version(version_id)
    version.slot = readable_report(scope, version.slot_id)
    return version


def readable_versions(scope: Scope, campaign: Campaign) -> QuerySet[ReportVersion]:
    """Return all versions of the campaign that the person may read. Cost: two queries."""
    mine = Q(pk__in=[])
    for seat in node_scope(scope, campaign).seats:
        if seat.role in READS_REPORTS_BELOW:
            mine |= below(seat.path, "slot__node__")
        elif seat.role in READS_REPORTS:
            mine |= Q(slot__node_id=seat.node_id)
    versions = ReportVersion.objects.filter(mine, slot__node__campaign=campaign)
    return versions.select_related("slot__node", "slot__phase")


def own_version(scope: Scope, version_id: int, *roles: Role) -> ReportVersion:
    """Return a version to a user with one of `roles` in its unit. Errors: as `own_slot`."""
    version = _version(version_id)
    version.slot = own_slot(scope, version.slot_id, *roles)
    return version


def version_to_decide(scope: Scope, version_id: int) -> ReportVersion:
    """Return a version to the office that accepts or returns it. Errors: as `own_slot`."""
    version = _version(version_id)
    node_for(scope, version.slot.node_id)
    if not decides(node_scope(scope, version.slot.node.campaign), version.slot):
        raise PermissionDenied(_("Only the office directly above the unit does this."))
    return version


def decided_version(scope: Scope, version_id: int) -> ReportVersion | None:
    """Return a version on which the person decides, None for any other."""
    related = ("slot__node__campaign", "slot__phase")
    version = ReportVersion.objects.filter(pk=version_id).select_related(*related).first()
    if version is None:
        return None
    seats = node_scope(scope, version.slot.node.campaign)
    return version if decides(seats, version.slot) else None


def decides(seats: NodeScope, slot: ExpectedReport) -> bool:
    """True for who accepts and returns reports in the office above the unit in that phase.

    The root of a campaign has no office above: a second person of the same office reads its report.
    """
    above = parent_id_in(slot.node, slot.phase)
    at = slot.node_id if above is None else above
    return any(seat.node_id == at and seat.role in DECIDES for seat in seats.active())


def child_to_allow(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node to the compiler directly above it. Errors: as `own_slot`."""
    node = node_for(scope, node_id)
    if not node_scope(scope, node.campaign).has_role_in_parent(node, *ADDS_UP):
        raise PermissionDenied(_("Only the office directly above the unit does this."))
    return node


def notice_to_decide(scope: Scope, notice_id: int) -> ChangeNotice:
    """Return a change from below to the compiler whose report it concerns.

    Errors: as `own_slot`.
    """
    related = ("new_version__slot__node", "old_version", "parent_slot")
    notice = get_or_404(ChangeNotice.objects.filter(pk=notice_id).select_related(*related))
    notice.parent_slot = own_slot(scope, notice.parent_slot_id, *ADDS_UP)
    return notice


def slot_and_child(
    scope: Scope, slot_id: int, child_id: int
) -> tuple[ExpectedReport, ExpectedReport]:
    """Return the report and a report below it, to the compiler who adds up.

    Errors: as `own_slot`; Http404 for a child of another.
    """
    slot = own_slot(scope, slot_id, *ADDS_UP)
    child = next((row for row in child_slots(slot) if row.pk == child_id), None)
    if child is None:
        raise Http404
    return slot, child


def _version(version_id: int) -> ReportVersion:
    related = ("author", "signed_by", "form", *(f"slot__{one}" for one in RELATED))
    return get_or_404(ReportVersion.objects.filter(pk=version_id).select_related(*related))
