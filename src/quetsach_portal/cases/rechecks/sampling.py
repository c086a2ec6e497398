"""Who sees, draws and answers the samples of an office, and from what a sample is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode
from quetsach_portal.campaigns.scope import NodeScope, node_for, node_scope
from quetsach_portal.cases.models.case import Case, CaseOutcome
from quetsach_portal.cases.models.recheck import Draw, RecheckItem, RecheckSubject
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, below, get_or_404

LOOKS = (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER, Role.AUDITOR, Role.SIGNER)
DRAWS = (Role.LEAD_OWNER, Role.COMPILER)
CHECKS = (Role.LEAD_OWNER, Role.LEAD_ANALYST, Role.COMPILER, Role.TECHNICIAN)
"""Roles of the office that drew, by which results are entered."""


def sees_samples(seats: NodeScope, node: CampaignNode) -> bool:
    """True when the person sees the samples that were drawn at the node."""
    return seats.has_role_above(node, *LOOKS) or seats.has_role_in(node, *CHECKS)


def node_to_see(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node to who sees its samples.

    Errors: Http404 where the unit may not be seen, PermissionDenied where it may.
    """
    node = node_for(scope, node_id)
    seats = node_scope(scope, node.campaign)
    if not sees_samples(seats, node):
        raise PermissionDenied(
            _("Only the office that drew a sample and the offices above it can see it.")
        )
    return node


def node_to_draw(scope: Scope, node_id: int) -> CampaignNode:
    """Return the node to whoever may draw samples below it. Errors: as `node_to_see`."""
    return _own(scope, node_id, *DRAWS)


def draw_for(scope: Scope, draw_id: int) -> Draw:
    """Return the sample to who sees it. Errors: as `node_to_see`."""
    draw = get_or_404(_draws().filter(pk=draw_id))
    node_to_see(scope, draw.node_id)
    return draw


def draw_to_lead(scope: Scope, draw_id: int) -> Draw:
    """Return the sample to who draws and finishes. Errors: as `node_to_see`."""
    draw = get_or_404(_draws().filter(pk=draw_id))
    node_to_draw(scope, draw.node_id)
    return draw


def item_to_answer(scope: Scope, draw_id: int, place: int) -> RecheckItem:
    """Return a thing drawn to who enters what was found. Errors: as `node_to_see`."""
    rows = RecheckItem.objects.filter(draw_id=draw_id, place=place)
    item = get_or_404(rows.select_related("draw__node__unit", "node__unit", "case", "checker"))
    _own(scope, item.draw.node_id, *CHECKS)
    return item


def may_draw(scope: Scope, node: CampaignNode) -> bool:
    """True when the person draws samples below `node`."""
    return node_scope(scope, node.campaign).has_role_in(node, *DRAWS)


def may_check(scope: Scope, node: CampaignNode) -> bool:
    """True when the person enters what was found in samples of `node`."""
    return node_scope(scope, node.campaign).has_role_in(node, *CHECKS)


def checkers_of(node: CampaignNode) -> list[User]:
    """Return the people of the office who may be asked to look."""
    today = timezone.localdate()
    role_condition = (
        Q(assignments__unit_id=node.unit_id, assignments__role__in=CHECKS)
        & Q(assignments__valid_from__lte=today)
        & (Q(assignments__valid_to__isnull=True) | Q(assignments__valid_to__gt=today))
    )
    return list(
        User.objects.filter(role_condition, is_active=True).distinct().order_by("name", "pk")[:200]
    )


def _own(scope: Scope, node_id: int, *roles: Role) -> CampaignNode:
    node = node_for(scope, node_id)
    if not node_scope(scope, node.campaign).has_role_in(node, *roles):
        raise PermissionDenied(_("Only the office that drew the sample can do this."))
    return node


def _draws() -> QuerySet[Draw]:
    return Draw.objects.select_related("node__campaign", "node__unit", "phase", "drawn_by")


CLEAN_OUTCOMES = (CaseOutcome.VERIFIED.value, CaseOutcome.FALSE_ALARM.value)
"""Ends of a case by which a device counts as declared clean; a risk that was accepted does not."""


@dataclass(frozen=True)
class FrameMember:
    """One thing that may be drawn."""

    node_id: int
    case_id: int | None
    declared: bool


def frame_of(node: CampaignNode, subject: str) -> Mapping[str, FrameMember]:
    """Return the subjects below `node`, by the name under which each is drawn.

    Cost: reads every device with a case, or every unit, of the subtree; for the act alone.
    """
    return _devices(node) if subject == RecheckSubject.DEVICES else _units(node)


def _devices(node: CampaignNode) -> dict[str, FrameMember]:
    """Return each device with a case once, by its latest case."""
    cases = Case.objects.filter(below(node.path, "node__")).exclude(node=node)
    cases = cases.exclude(outcome=CaseOutcome.MERGED).filter(device__merged_into__isnull=True)
    latest = cases.values("device").annotate(last=Max("pk")).values("last")
    rows = Case.objects.filter(pk__in=latest).only("pk", "node_id", "outcome", "owner_says")
    return {
        case.number: FrameMember(case.node_id, case.pk, _is_declared_clean(case))
        for case in rows.iterator(chunk_size=5000)
    }


def _is_declared_clean(case: Case) -> bool:
    return case.outcome in CLEAN_OUTCOMES or case.owner_says == "clean"


def _units(node: CampaignNode) -> dict[str, FrameMember]:
    rows = CampaignNode.objects.filter(
        below(node.path), campaign_id=node.campaign_id, state__in=COUNTED
    ).exclude(pk=node.pk)
    named = rows.values_list("unit__code", "pk", "deployed_at")
    return {code: FrameMember(pk, None, at is not None) for code, pk, at in named}
