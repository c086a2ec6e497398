"""Take a unit out of the tree of a campaign that runs, or into it, with its expected reports.

What came in stays as it is and in the figures of reports; phases that are over keep their totals.
"""

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from quetsach_portal.campaigns.deadlines import due_at_depth
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
    NodeState,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.tree.applying import open_phases
from quetsach_portal.campaigns.tree.moves import (
    UNFINISHED,
    CounterShifts,
    own_figures,
    slot_figures,
)
from quetsach_portal.campaigns.units import PlannedNode


def leave_out(node: CampaignNode, reason: str) -> list[ExpectedReport]:
    """End `node` as excused and return the reports that are no longer expected.

    The caller holds the transaction, has locked the campaign, and has seen that nothing counted
    stands below the node.
    """
    shifts = CounterShifts()
    shifts.add(node.path, own_figures(node), -1)
    node.state = NodeState.EXCUSED
    node.save(update_fields=["state"])
    excused = _slots(node, open_phases(node.campaign, timezone.now()), UNFINISHED)
    for slot in excused:
        shifts.add_slot(node.path, slot.phase_id, slot_figures(slot), -1)
        slot.state, slot.excuse_reason = ExpectedReportState.EXCUSED, reason[:255]
        shifts.add_slot(node.path, slot.phase_id, slot_figures(slot))
    ExpectedReport.objects.bulk_update(excused, ["state", "excuse_reason"])
    shifts.write()
    _count_revision(node.campaign)
    return excused


def take_in(campaign: Campaign, planned: PlannedNode, parent: CampaignNode) -> CampaignNode:
    """Return the node of a unit that takes part from now on, below `parent`.

    One that was left out before comes back, with its reports. The caller holds the transaction and
    has locked the campaign.
    """
    phases = open_phases(campaign, timezone.now())
    node = CampaignNode.objects.filter(campaign=campaign, unit_id=planned.unit_id).first()
    shifts = CounterShifts()
    if node is None:
        node = _new_node(campaign, planned, parent, phases)
    else:
        node.state = NodeState.ACTIVE
        node.save(update_fields=["state"])
    shifts.add(node.path, own_figures(node))
    expected = _slots(node, phases, {ExpectedReportState.EXCUSED})
    for slot in expected:
        shifts.add_slot(node.path, slot.phase_id, slot_figures(slot), -1)
        slot.state, slot.excuse_reason = ExpectedReportState.OPEN, ""
        shifts.add_slot(node.path, slot.phase_id, slot_figures(slot))
    ExpectedReport.objects.bulk_update(expected, ["state", "excuse_reason"])
    known = set(node.slots.values_list("phase_id", flat=True))
    fresh = [phase for phase in phases if phase.pk not in known]
    for phase in fresh:
        due = due_at_depth(
            phase.due_at, phase.level_lead_days, node.depth, working_days=phase.working_days
        )
        slot = ExpectedReport.objects.create(phase=phase, node=node, due_at=due)
        shifts.add_slot(node.path, phase.pk, slot_figures(slot))
    shifts.write()
    _count_revision(campaign)
    return node


def _new_node(
    campaign: Campaign, planned: PlannedNode, parent: CampaignNode, phases: Sequence[Phase]
) -> CampaignNode:
    node = CampaignNode.objects.create(
        campaign=campaign,
        unit_id=planned.unit_id,
        parent=parent,
        path="/0/",
        depth=parent.depth + 1,
        name_at_freeze=planned.name,
        staff=planned.staff,
    )
    node.path = f"{parent.path}{node.pk}/"
    node.save(update_fields=["path"])
    NodeCounter.objects.create(node=node)
    ReportCounter.objects.bulk_create(ReportCounter(node=node, phase=phase) for phase in phases)
    return node


def _slots(
    node: CampaignNode, phases: Sequence[Phase], states: Sequence[str] | set[str] | frozenset[str]
) -> list[ExpectedReport]:
    rows = ExpectedReport.objects.filter(node=node, phase__in=phases, state__in=states)
    return list(rows.select_for_update(of=("self",)))


def _count_revision(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(tree_rev=F("tree_rev") + 1)
