"""Apply a change of the register to every running campaign: nodes, expected reports, counters.

A submitted report is never changed, and a phase that is over keeps its totals. Nothing is counted
twice: a phase has either the old units or their successors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    CampaignNode,
    CampaignState,
    ExpectedReport,
    ExpectedReportState,
    NodeCounter,
    NodeState,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.tree.moves import (
    UNFINISHED,
    CounterShifts,
    move_nodes,
    own_figures,
    slot_figures,
)
from quetsach_portal.campaigns.tree.succession import close_nodes
from quetsach_portal.units.dated import in_batches
from quetsach_portal.units.models import OrgEvent, OrgUnit
from quetsach_portal.units.tree_change import AppliedChange, Succession, UnitMove

CHANGING = (CampaignState.READY, CampaignState.LIVE, CampaignState.CLOSING)
_ROWS = 1000


@dataclass
class CampaignChange:
    """What became of one campaign; the names are for the preview, the rest for counting."""

    campaign: Campaign
    ended: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    deferred: list[UnitMove] = field(default_factory=list)
    deferred_closed: list[int] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    slots_ended: int = 0
    slots_made: int = 0
    reports_kept: int = 0
    reports_set_aside: int = 0
    from_phase: int | None = None
    undo: dict[str, Any] = field(default_factory=dict)

    @property
    def anything(self) -> bool:
        """Whether the campaign's tree is another one than before."""
        return bool(self.ended or self.made or self.moved)


@dataclass
class _Work:
    """One campaign being changed."""

    campaign: Campaign
    event: OrgEvent
    applied: AppliedChange
    nodes: dict[int, CampaignNode]
    phases: list[Phase]
    now: datetime
    out: CampaignChange
    shifts: CounterShifts = field(default_factory=CounterShifts)
    slots: dict[tuple[int, int], ExpectedReport] = field(default_factory=dict)
    changed_nodes: list[CampaignNode] = field(default_factory=list)
    changed_slots: list[ExpectedReport] = field(default_factory=list)
    made_slots: list[ExpectedReport] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)

    def slots_of(self, node: CampaignNode) -> list[tuple[Phase, ExpectedReport]]:
        """Return the node's expected reports in the phases that are not over."""
        found = ((phase, self.slots.get((phase.pk, node.pk))) for phase in self.phases)
        return [(phase, slot) for phase, slot in found if slot is not None]


def change_campaigns(event: OrgEvent, applied: AppliedChange) -> list[CampaignChange]:
    """Return what became of each campaign that runs over units of the event.

    The caller holds the transaction. Cost: some queries a campaign, a few for each unit that
    moves with others below it; none for each unit otherwise.
    """
    named = _named(applied)
    campaigns = Campaign.objects.filter(state__in=CHANGING).order_by("pk")
    return [
        change
        for campaign in campaigns.select_for_update()
        if (change := _change_one(campaign, event, applied, named)) is not None
    ]


def open_phases(campaign: Campaign, now: datetime) -> list[Phase]:
    """Return the phases that are not over: running ones, and those to come."""
    over = Q(locks_at__lte=now) | Q(locks_at__isnull=True, due_at__lte=now)
    return list(Phase.objects.filter(campaign=campaign).exclude(over).order_by("no"))


def _named(applied: AppliedChange) -> list[int]:
    named = {*applied.closed, *applied.renamed}
    for pair in applied.successions:
        named |= {*pair.before, *pair.after}
    for move in applied.moves:
        named |= {move.unit, move.parent}
    new = [unit for pair in applied.successions for unit in pair.after]
    for some in in_batches(new):
        parents = OrgUnit.objects.filter(pk__in=some, parent__isnull=False)
        named |= set(parents.values_list("parent_id", flat=True))
    return sorted(one for one in named if one is not None)


def _change_one(
    campaign: Campaign, event: OrgEvent, applied: AppliedChange, named: Sequence[int]
) -> CampaignChange | None:
    nodes: dict[int, CampaignNode] = {}
    for some in in_batches(named):
        found = CampaignNode.objects.filter(campaign=campaign, unit_id__in=some)
        nodes |= {node.unit_id: node for node in found.select_for_update()}
    if not nodes:
        return None
    now = timezone.now()
    out = CampaignChange(campaign)
    work = _Work(campaign, event, applied, nodes, open_phases(campaign, now), now, out)
    _load_slots(work)
    _make_heirs(work)
    for pair in applied.successions:
        _succeed(pair, work)
    _write_successions(work)
    _close(work)
    work.shifts.write()
    _move(work)
    if out.anything:
        Campaign.objects.filter(pk=campaign.pk).update(tree_rev=F("tree_rev") + 1)
    return out


def _load_slots(work: _Work) -> None:
    ending = {unit for pair in work.applied.successions for unit in (*pair.before, *pair.after)}
    ending |= set(work.applied.closed)
    ids = [work.nodes[unit].pk for unit in ending if unit in work.nodes]
    for some in in_batches(ids):
        slots = ExpectedReport.objects.filter(node_id__in=some, phase__in=work.phases)
        work.slots |= {(one.phase_id, one.node_id): one for one in slots.select_for_update()}


def _make_heirs(work: _Work) -> None:
    """Make the nodes of new units that continue nodes of this campaign, with empty counters."""
    new_units = [
        (unit, work.nodes[pair.before[0]])
        for pair in work.applied.successions
        for unit in pair.after
        if unit not in work.nodes and pair.before[0] in work.nodes
    ]
    above = {
        unit.pk: unit.parent_id
        for some in in_batches([unit for unit, _first in new_units])
        for unit in OrgUnit.objects.filter(pk__in=some)
    }
    nodes: list[CampaignNode] = []
    for unit, first in new_units:
        parent = work.nodes.get(above[unit] or 0)
        nodes.append(_heir(unit, first, parent, work))
    CampaignNode.objects.bulk_create(nodes, batch_size=_ROWS)
    for node in nodes:
        node.path = f"{'/' if node.parent is None else node.parent.path}{node.pk}/"
        work.nodes[node.unit_id] = node
        work.out.made.append(node.name_at_freeze)
    CampaignNode.objects.bulk_update(nodes, ["path"], batch_size=200)
    NodeCounter.objects.bulk_create([NodeCounter(node=node) for node in nodes], batch_size=_ROWS)
    ReportCounter.objects.bulk_create(
        [ReportCounter(node=node, phase=phase) for node in nodes for phase in work.phases],
        batch_size=_ROWS,
    )


def _heir(unit: int, first: CampaignNode, parent: CampaignNode | None, work: _Work) -> CampaignNode:
    above = parent
    if above is None and first.parent_id is not None:
        above = CampaignNode.objects.get(pk=first.parent_id)
    return CampaignNode(
        campaign=work.campaign,
        unit_id=unit,
        parent=above,
        path="/0/",
        depth=0 if above is None else above.depth + 1,
        name_at_freeze=work.applied.names[unit],
        state=NodeState.EXCUSED,
        from_event=work.event.pk,
    )


def _succeed(pair: Succession, work: _Work) -> None:
    """End the nodes before, count those after, and settle who reports in each phase."""
    before = [work.nodes[one] for one in pair.before if one in work.nodes]
    before = [node for node in before if node.state in COUNTED]
    after = [work.nodes[one] for one in pair.after if one in work.nodes]
    if not before or not after:
        return
    is_merge = len(pair.after) == 1
    fresh = [node for node in after if node.state not in COUNTED]
    _settle_slots(before, after, fresh, work, is_merge=is_merge)
    for node in before:
        work.shifts.add(node.path, own_figures(node), -1)
        node.state = NodeState.MERGED if is_merge else NodeState.SPLIT
        node.from_event = work.event.pk
        work.out.ended.append(node.name_at_freeze)
    for node in after:
        if node not in fresh:
            work.shifts.add(node.path, own_figures(node), -1)
        _inherit(node, before, work, is_new=node in fresh, is_merge=is_merge)
        work.shifts.add(node.path, own_figures(node))
    work.changed_nodes += [*before, *after]
    work.links += [(one.pk, heir.pk) for one in before for heir in after]


def _write_successions(work: _Work) -> None:
    fields = ["state", "from_event", "staff", "told_at", "received_at", "deployed_at"]
    CampaignNode.objects.bulk_update(work.changed_nodes, fields, batch_size=100)
    links = CampaignNode.replaced_by.through
    links.objects.bulk_create(
        [links(from_campaignnode_id=one, to_campaignnode_id=heir) for one, heir in work.links],
        batch_size=_ROWS,
    )
    ExpectedReport.objects.bulk_update(
        work.changed_slots, ["state", "excuse_reason"], batch_size=200
    )
    ExpectedReport.objects.bulk_create(work.made_slots, batch_size=_ROWS)


def _inherit(
    node: CampaignNode, before: Sequence[CampaignNode], work: _Work, *, is_new: bool, is_merge: bool
) -> None:
    """Give a node what it has from those before it: a merge adds heads up, a split copies none."""
    allotted = work.applied.staff.get(node.unit_id)
    if allotted is not None:
        node.staff = allotted
    elif is_merge:
        node.staff = sum(one.staff for one in before) + (0 if is_new else node.staff)
    if not is_new:
        return
    node.state = NodeState.ACTIVE
    if is_merge:
        # It has reached a step when all before it had, on the day of the last of them.
        for step in ("told_at", "received_at", "deployed_at"):
            times = [getattr(one, step) for one in before]
            setattr(node, step, None if None in times else max(times))


def _settle_slots(
    before: Sequence[CampaignNode],
    after: Sequence[CampaignNode],
    fresh: Sequence[CampaignNode],
    work: _Work,
    *,
    is_merge: bool,
) -> None:
    heirs = ", ".join(work.applied.names[node.unit_id] for node in after)
    for phase in work.phases:
        olds = [(node, work.slots.get((phase.pk, node.pk))) for node in before]
        counted = [
            (node, slot)
            for node, slot in olds
            if slot is not None and slot.state != ExpectedReportState.EXCUSED
        ]
        waiting = [slot for _node, slot in counted if slot.state in UNFINISHED]
        if counted and not waiting:
            # All have reported: this phase keeps them, and those after begin with the next.
            work.out.reports_kept += len(counted)
            continue
        replaces = bool(fresh)
        for node, slot in counted:
            if slot.state not in UNFINISHED and not replaces:
                work.out.reports_kept += 1
                continue
            _set_aside(node, slot, phase, heirs, work, is_merge=is_merge)
            work.changed_slots.append(slot)
        if counted:
            due = max(slot.due_at for _node, slot in counted)
            for node in fresh:
                work.made_slots.append(ExpectedReport(phase=phase, node=node, due_at=due))
                work.out.slots_made += 1
                work.shifts.add_slot(node.path, phase.pk, {"expected": 1})


def _set_aside(
    node: CampaignNode,
    slot: ExpectedReport,
    phase: Phase,
    heirs: str,
    work: _Work,
    *,
    is_merge: bool,
) -> None:
    facts = {"heirs": heirs, "document": work.event.legal_doc}
    reason = (
        _("Merged; continued by %(heirs)s (%(document)s)")
        if is_merge
        else _("Split; continued by %(heirs)s (%(document)s)")
    )
    if slot.state in UNFINISHED:
        work.out.slots_ended += 1
    else:
        work.out.reports_set_aside += 1
    work.shifts.add_slot(node.path, phase.pk, slot_figures(slot), -1)
    slot.state, slot.excuse_reason = ExpectedReportState.EXCUSED, (reason % facts)[:255]
    work.shifts.add_slot(node.path, phase.pk, slot_figures(slot))


def _close(work: _Work) -> None:
    nodes = [work.nodes[one] for one in work.applied.closed if one in work.nodes]
    if not work.applied.at_once:
        work.out.deferred_closed = [node.unit_id for node in nodes]
        return
    ended = [node for node in nodes if node.state in COUNTED]
    slots = [
        (node, slot)
        for node in ended
        for phase, slot in work.slots_of(node)
        if not (work.applied.final_report and phase.opens_at <= work.now)
    ]
    work.out.reports_kept += sum(slot.state not in UNFINISHED for _node, slot in slots)
    work.out.ended += [node.name_at_freeze for node in ended]
    work.out.undo["closed"] = [node.pk for node in ended]
    work.out.undo["slots"] = close_nodes(ended, slots, work.event, work.shifts)
    work.out.slots_ended += len(work.out.undo["slots"])


def _move(work: _Work) -> None:
    at_once: list[tuple[CampaignNode, CampaignNode]] = []
    for move in work.applied.moves:
        node, parent = work.nodes.get(move.unit), work.nodes.get(move.parent)
        if node is None:
            continue
        if parent is None:
            work.out.outside.append(node.name_at_freeze)
        elif move.at_once:
            at_once.append((node, parent))
        else:
            work.out.deferred.append(move)
    moved = [[node.pk, node.parent_id, parent.pk] for node, parent in at_once]
    work.out.undo["moved"] = moved
    work.out.from_phase = work.phases[0].no if work.phases else None
    move_nodes(at_once, work.phases, work.event.pk)
    work.out.moved = [node.name_at_freeze for node, _parent in at_once]
