"""Who reaches which case: the unit's own people see it whole, those above see counts and numbers.

Source: campaign.md, 4: "see findings", "work a case", "verify / re-open case".
"""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.scope import campaign_for, campaigns_of, node_scope
from quetsach_portal.cases.markings import as_seen_above
from quetsach_portal.cases.models.case import Case, CaseFile, CaseOutcome, FalseAlarm, Finding
from quetsach_portal.cases.models.notice import NoticeBatch
from quetsach_portal.cases.models.request import AddressRequest
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404

WORKERS = (Role.FOCAL_POINT, Role.TECHNICIAN)
COUNTERS = (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER)
COUNT_READERS = (*COUNTERS, Role.AUDITOR, Role.SIGNER)
"""Who reads counts of machines, which name none: the office, who signs for it, who audits it."""
VERIFIERS = (Role.LEAD_OWNER, Role.COMPILER)
_WITH = ("node__unit", "node__campaign", "device", "technician")


def own_cases(scope: Scope) -> QuerySet[Case]:
    """Return the cases of the units in which the person works cases."""
    units = scope.own_units(*WORKERS)
    return Case.objects.filter(node__unit_id__in=units).select_related(*_WITH)


def workers_cases(scope: Scope) -> QuerySet[Case]:
    """Return `own_cases`. Errors: PermissionDenied for who works no cases anywhere."""
    _only(scope.has_role(*WORKERS), _("Only who works cases of a unit can see this."))
    return own_cases(scope)


def case_for(scope: Scope, case_id: int) -> Case:
    """Return the case if the person works cases in its unit. Errors: Http404."""
    return get_or_404(own_cases(scope).filter(pk=case_id))


def focal_case_for(scope: Scope, case_id: int) -> Case:
    """Return the case if the person is the focal point of its unit.

    Errors: Http404; PermissionDenied for a technician, who sees it.
    """
    case = case_for(scope, case_id)
    _only(is_focal(scope, case.node), _("Only the focal point of the unit can do this."))
    return case


def child_cases(scope: Scope) -> QuerySet[Case]:
    """Return the cases of direct children that the person may verify or open again."""
    units = scope.own_units(*VERIFIERS)
    rows = Case.objects.filter(node__parent__unit_id__in=units)
    return rows.exclude(outcome=CaseOutcome.MERGED).select_related("node__unit", "node__campaign")


def child_case_for(scope: Scope, case_id: int) -> Case:
    """Return the case if the person may verify it. Errors: Http404."""
    return get_or_404(child_cases(scope).filter(pk=case_id))


def finding_for(scope: Scope, case_id: int, finding_id: int) -> tuple[Case, Finding]:
    """Return a finding of the case's device or of one that is part of it. Errors: Http404."""
    case = case_for(scope, case_id)
    rows = Finding.objects.filter(pk=finding_id).select_related("device", "origin", "set_aside")
    mine = rows.filter(device=case.device) | rows.filter(device__merged_into=case.device)
    return case, get_or_404(mine)


def file_for(scope: Scope, file_id: int) -> CaseFile:
    """Return the evidence file if the person works its case. Errors: Http404."""
    units = scope.own_units(*WORKERS)
    rows = CaseFile.objects.filter(pk=file_id, case__node__unit_id__in=units)
    return get_or_404(rows.select_related("stored"))


def counted_nodes(scope: Scope) -> list[CampaignNode]:
    """Return the nodes from which the person looks down on counts, the newest campaign first."""
    units = scope.own_units(*COUNT_READERS)
    rows = CampaignNode.objects.filter(unit_id__in=units, campaign__in=campaigns_of(scope))
    return list(rows.select_related("campaign").order_by("-campaign_id", "depth", "pk")[:100])


def counted_node_for(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node if the person sees the counts of its subtree. Errors: Http404."""
    node = get_or_404(CampaignNode.objects.filter(pk=node_id).select_related("campaign", "unit"))
    if not node_scope(scope, node.campaign).has_role_above(node, *COUNT_READERS):
        get_or_404(CampaignNode.objects.none())
    return node


def own_node_for(scope: Scope, node_id: int, *more: Role) -> CampaignNode:
    """Return the node if the person works cases in it, or has a role of `more`. Errors: Http404."""
    units = scope.own_units(*WORKERS, *more)
    rows = CampaignNode.objects.filter(pk=node_id, unit_id__in=units)
    return get_or_404(rows.select_related("campaign", "unit"))


def own_nodes(scope: Scope, *more: Role) -> list[CampaignNode]:
    """Return the nodes in which the person works cases, or has a role of `more`."""
    units = scope.own_units(*WORKERS, *more)
    rows = CampaignNode.objects.filter(unit_id__in=units).select_related("campaign")
    return list(rows.order_by("-campaign_id", "pk")[:100])


def verifies(scope: Scope) -> bool:
    """True when the person may verify cases of some unit below."""
    return scope.has_role(*VERIFIERS)


def sees_ledger(scope: Scope) -> bool:
    """True when the person sees the notices of some unit."""
    return scope.has_role(*WORKERS, Role.LEAD_OWNER)


def is_focal(scope: Scope, node: CampaignNode) -> bool:
    """True when the person is the focal point of the node's unit."""
    return node.unit_id in scope.own_units(Role.FOCAL_POINT)


def led_campaign_for(scope: Scope, campaign_id: int) -> Campaign:
    """Return the campaign if the person owns it. Errors: Http404, PermissionDenied."""
    campaign = campaign_for(scope, campaign_id)
    _only(leads(scope, campaign), _("Only the lead office can do this."))
    return campaign


def led_alarms(scope: Scope) -> QuerySet[FalseAlarm]:
    """Return the proposals that reach beyond a device, of the campaigns that the person owns."""
    units = scope.own_units(Role.LEAD_OWNER)
    rows = FalseAlarm.objects.filter(case__node__campaign__lead_unit_id__in=units)
    wide = rows.exclude(scope=FalseAlarm.Reach.DEVICE)
    return wide.select_related("case__node__campaign", "proposed_by", "decided_by")


def alarm_for(scope: Scope, alarm_id: int) -> FalseAlarm:
    """Return the proposal if the person decides it. Errors: Http404."""
    return get_or_404(led_alarms(scope).filter(pk=alarm_id))


def as_seen_by(scope: Scope, alarm: FalseAlarm) -> FalseAlarm:
    """Return the proposal without the name of an indicator that its marking keeps in the unit."""
    return as_seen_above(alarm, scope.own_units(*WORKERS))


def leads(scope: Scope, campaign: Campaign) -> bool:
    """True when the person owns the campaign."""
    return campaign.lead_unit_id in scope.own_units(Role.LEAD_OWNER)


def workers_only(scope: Scope) -> None:
    """Let pass who works cases somewhere. Errors: PermissionDenied."""
    _only(scope.has_role(*WORKERS), _("Your role does not work on cases."))


def lead_only(scope: Scope) -> None:
    """Let pass who owns a campaign somewhere. Errors: PermissionDenied."""
    _only(scope.has_role(Role.LEAD_OWNER), _("Only the lead office can do this."))


def verifiers_only(scope: Scope) -> None:
    """Let pass who may verify cases of a unit below. Errors: PermissionDenied."""
    _only(verifies(scope), _("Only the unit above can verify cases."))


def ledger_only(scope: Scope) -> None:
    """Let pass who sees notices of a unit. Errors: PermissionDenied."""
    _only(sees_ledger(scope), _("Only people who work on cases can see the notices."))


def counters_only(scope: Scope) -> None:
    """Let pass who sees counts somewhere. Errors: PermissionDenied."""
    _only(scope.has_role(*COUNT_READERS), _("Your role has no access to cases."))


def _only(is_allowed: bool, refusal: str) -> None:
    if not is_allowed:
        raise PermissionDenied(refusal)


def own_batches(scope: Scope) -> QuerySet[NoticeBatch]:
    """Return the notices that were handed in for a unit of the person, the newest first."""
    units = scope.own_units(*WORKERS, Role.LEAD_OWNER)
    rows = NoticeBatch.objects.filter(node__unit_id__in=units)
    # A file for the units below is no unit's own; the app `ranges` shows it.
    rows = rows.exclude(source=NoticeBatch.Source.ALLOT)
    related = rows.select_related("node__unit", "node__campaign", "stored", "handed_in_by")
    return related.order_by("-pk")


def batch_for(scope: Scope, batch_id: int) -> NoticeBatch:
    """Return the notices if they were handed in for a unit of the person. Errors: Http404."""
    return get_or_404(own_batches(scope).filter(pk=batch_id))


def requests_only(scope: Scope) -> None:
    """Let pass who sees machines of some unit. Errors: PermissionDenied."""
    _only(answers_requests(scope), _("Only people who work on cases can see these letters."))


def answers_requests(scope: Scope) -> bool:
    """True when the person sees machines of some unit, and so who held an address."""
    return scope.has_role(*WORKERS)


def own_requests(scope: Scope) -> QuerySet[AddressRequest]:
    """Return the letters about addresses of the person's units, the newest first."""
    units = scope.own_units(*WORKERS)
    rows = AddressRequest.objects.filter(node__unit_id__in=units)
    related = rows.select_related("node__unit", "node__campaign", "stored", "handed_in_by")
    return related.order_by("-pk")


def request_for(scope: Scope, request_id: int) -> AddressRequest:
    """Return the letter if the person sees machines of its unit. Errors: Http404."""
    return get_or_404(own_requests(scope).filter(pk=request_id))


def focal_request_for(scope: Scope, request_id: int) -> AddressRequest:
    """Return the letter if the person is the focal point of its unit, who answers it.

    Errors: Http404; PermissionDenied for a technician, who sees it.
    """
    request = request_for(scope, request_id)
    _only(is_focal(scope, request.node), _("Only the focal point of the unit can do this."))
    return request


def sees_devices(scope: Scope, node: CampaignNode) -> bool:
    """True when the person sees devices and addresses of the node itself."""
    return node.unit_id in scope.own_units(*WORKERS)
