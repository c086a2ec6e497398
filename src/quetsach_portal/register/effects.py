"""All effects of an event of the tree: at once, and those that wait for the next phase.

A preview runs the change itself and rolls it back, so it shows exactly what will happen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, Phase
from quetsach_portal.campaigns.tree.applying import CampaignChange, change_campaigns
from quetsach_portal.campaigns.tree.moves import move_nodes
from quetsach_portal.campaigns.tree.succession import close_from
from quetsach_portal.campaigns.tree.waiting import WaitingChange, WaitKind
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.units.dated import in_batches
from quetsach_portal.units.models import EventKind, OrgEvent, OrgUnit
from quetsach_portal.units.searching import label_of
from quetsach_portal.units.tree_change import AppliedChange, change_register
from quetsach_portal.units.tree_plan import NewUnit, TreePlan, plan_of

READ_ONLY_DAYS = 30
"""So long people of a unit that ended may still read what is theirs."""


@dataclass(frozen=True)
class PersonEffect:
    """Somebody whose role ends with their unit."""

    name: str
    role: str
    unit: str


@dataclass
class EventEffects:
    """What an event changes: in the register, in campaigns, for people."""

    applied: AppliedChange
    campaigns: list[CampaignChange] = field(default_factory=list)
    people: list[PersonEffect] = field(default_factory=list)

    def names(self, units: Sequence[int]) -> list[str]:
        """Return the names of units, in the order given."""
        return [self.applied.names.get(one, "?") for one in units]

    @property
    def successions(self) -> list[tuple[list[str], list[str]]]:
        """The names of units that end, with those that continue them."""
        return [(self.names(one.before), self.names(one.after)) for one in self.applied.successions]

    @property
    def moves(self) -> list[tuple[str, str]]:
        """The names of units that move, with their new parents."""
        return [(n, p) for m in self.applied.moves for n, p in [self.names([m.unit, m.parent])]]

    @property
    def closed(self) -> list[str]:
        """The names of units that nothing continues."""
        return self.names(self.applied.closed)

    def undo(self) -> dict[str, Any]:
        """Return what reversing the event needs, as stored with it."""
        campaigns = {str(one.campaign.pk): one.undo for one in self.campaigns if one.undo}
        return {"register": self.applied.undo, "campaigns": campaigns}


def apply(event: OrgEvent) -> EventEffects:
    """Apply the event everywhere; the caller holds the transaction. Errors: Refused."""
    applied = change_register(event)
    effects = EventEffects(applied, change_campaigns(event, applied))
    for change in effects.campaigns:
        _wait(event, change)
    effects.people = _end_roles(event, applied)
    return effects


def preview(event: OrgEvent) -> EventEffects:
    """Return what the event would change, with nothing changed. Errors: Refused.

    Cost: that of the event itself.
    """
    is_new = event.pk is None
    with transaction.atomic():
        if is_new:
            event.save(force_insert=True)
        effects = apply(event)
        transaction.set_rollback(True)
    if is_new:
        event.pk, event._state.adding = None, True
    return effects


def _wait(event: OrgEvent, change: CampaignChange) -> None:
    """Keep what counts from the next phase on."""
    units = [move.unit for move in change.deferred] + change.deferred_closed
    units += [move.parent for move in change.deferred]
    nodes: dict[int, CampaignNode] = {}
    for some in in_batches(sorted(set(units))):
        found = CampaignNode.objects.filter(campaign=change.campaign, unit_id__in=some)
        nodes |= {node.unit_id: node for node in found}
    rows = [
        WaitingChange(
            event=event, node=nodes[move.unit], kind=WaitKind.MOVE, parent=nodes[move.parent]
        )
        for move in change.deferred
    ]
    rows += [
        WaitingChange(event=event, node=nodes[unit], kind=WaitKind.CLOSE)
        for unit in change.deferred_closed
    ]
    replaced = [row.node_id for row in rows]
    for some in in_batches(replaced):
        earlier = WaitingChange.objects.filter(
            node_id__in=some, done_at__isnull=True, cancelled_at__isnull=True
        )
        earlier.update(cancelled_at=timezone.now())
    now = timezone.now()
    rows += [
        WaitingChange(
            event=event,
            node_id=node,
            kind=WaitKind.MOVE,
            parent_id=parent,
            old_parent_id=old,
            from_phase=change.from_phase,
            done_at=now,
        )
        for node, old, parent in change.undo.get("moved", [])
    ]
    WaitingChange.objects.bulk_create(rows, batch_size=1000)


def _end_roles(event: OrgEvent, applied: AppliedChange) -> list[PersonEffect]:
    """Let the roles in units that ended run out; until then they are for reading."""
    ended = [unit for pair in applied.successions for unit in pair.before]
    ended += applied.closed
    last = event.effective_on + timedelta(days=READ_ONLY_DAYS)
    effects: list[PersonEffect] = []
    for some in in_batches(ended):
        assignments = Assignment.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=last), unit_id__in=some
        ).select_related("user", "unit")
        effects += [
            PersonEffect(str(one.user), str(one.get_role_display()), one.unit.name)
            for one in assignments
        ]
        assignments.update(valid_to=last)
    return effects


def apply_waiting_changes(work: RunningJob) -> None:
    """Apply due changes in every campaign; the job `register.waiting`."""
    waiting = WaitingChange.objects.filter(done_at__isnull=True, cancelled_at__isnull=True)
    for campaign_id in sorted(set(waiting.values_list("node__campaign_id", flat=True))):
        work.renew()
        apply_due(Campaign.objects.get(pk=campaign_id), timezone.now())


def apply_due(campaign: Campaign, now: datetime) -> int:
    """Apply the changes that waited for a phase open by `now`; return their number."""
    with transaction.atomic():
        waiting = list(
            WaitingChange.objects.select_for_update(of=("self",))
            .select_related("event")
            .filter(node__campaign=campaign, done_at__isnull=True, cancelled_at__isnull=True)
            .order_by("pk")
        )
        phases = list(Phase.objects.filter(campaign=campaign).order_by("no"))
        by_phase: dict[int, list[WaitingChange]] = defaultdict(list)
        for change in waiting:
            opened = [one for one in phases if change.made_at < one.opens_at <= now]
            if opened:
                by_phase[opened[0].no].append(change)
        if not by_phase:
            return 0
        record(
            "tree.next_phase",
            actor=None,
            kind="campaign",
            object_id=campaign.pk,
            unit_path=campaign.lead_unit.path,
            detail={"changes": sum(map(len, by_phase.values()))},
        )
        for number, changes in by_phase.items():
            _apply_changes(changes, [one for one in phases if one.no >= number], now)
        Campaign.objects.filter(pk=campaign.pk).update(tree_rev=campaign.tree_rev + 1)
    return sum(map(len, by_phase.values()))


def _apply_changes(changes: list[WaitingChange], phases: list[Phase], now: datetime) -> None:
    ids = {one.node_id for one in changes} | {one.parent_id for one in changes if one.parent_id}
    nodes: dict[int, CampaignNode] = {}
    for some in in_batches(sorted(ids)):
        nodes |= CampaignNode.objects.in_bulk(some)
    pairs = [
        (nodes[one.node_id], nodes[one.parent_id])
        for one in changes
        if one.kind == WaitKind.MOVE and one.parent_id is not None
    ]
    for change in changes:
        change.old_parent_id = nodes[change.node_id].parent_id
        change.from_phase, change.done_at = phases[0].no, now
    move_nodes(pairs, phases, changes[0].event_id)
    ending: dict[OrgEvent, list[CampaignNode]] = defaultdict(list)
    for change in changes:
        if change.kind == WaitKind.CLOSE:
            ending[change.event].append(nodes[change.node_id])
    for event, ended in ending.items():
        close_from(ended, phases, event)
    WaitingChange.objects.bulk_update(
        changes, ["old_parent", "from_phase", "done_at"], batch_size=200
    )


MOST_SHOWN = 300
_MOST_NAMED = 3


@dataclass(frozen=True)
class TreeEventChange:
    """Units before and what follows; `after` is empty where they end or only a name is set."""

    before: tuple[str, ...]
    after: tuple[str, ...] = ()


def changes_of(event: OrgEvent) -> list[TreeEventChange]:
    """Return what the event does, at most 300 changes, each unit with its code."""
    plan = plan_of(event.plan)
    return _changes(event.kind, plan, _labels([plan]))[:MOST_SHOWN]


def with_words(events: Sequence[OrgEvent]) -> list[tuple[OrgEvent, str]]:
    """Return each event with a line that names its first units. Cost: one query for a page."""
    plans = [plan_of(event.plan) for event in events]
    labels = _labels(plans)
    return [
        (event, _line(_changes(event.kind, plan, labels)))
        for event, plan in zip(events, plans, strict=True)
    ]


def _labels(plans: Iterable[TreePlan]) -> Mapping[int, str]:
    unit_ids = {pk for plan in plans for pk in plan.named_units()}
    unit_ids |= {int(pk) for plan in plans for pk in plan.heirs}
    return {
        unit.pk: label_of(unit)
        for some in in_batches(sorted(unit_ids))
        for unit in OrgUnit.objects.filter(pk__in=some).only("pk", "name", "code")
    }


def _changes(kind: str, plan: TreePlan, labels: Mapping[int, str]) -> list[TreeEventChange]:
    def named(units: Iterable[int]) -> tuple[str, ...]:
        return tuple(labels.get(pk, "?") for pk in units)

    new = tuple(_new(one) for one in plan.parts)
    match kind:
        case EventKind.MERGE:
            into = [(_new(one.new),) if one.new else named([one.into or 0]) for one in plan.merges]
            pairs = zip(plan.merges, into, strict=True)
            return [TreeEventChange(named(one.units), after) for one, after in pairs]
        case EventKind.SPLIT:
            return [TreeEventChange(named(plan.units), new)]
        case EventKind.OPEN:
            return [TreeEventChange((), new)]
        case EventKind.RENAME:
            return [TreeEventChange(named(plan.units), (plan.name,))]
        case EventKind.MOVE:
            parent = named([plan.parent]) if plan.parent is not None else ()
            return [TreeEventChange(named(plan.units), parent)]
    ended = [TreeEventChange((one,)) for one in named(plan.units)]
    heirs = [TreeEventChange(named([int(pk)]), named([heir])) for pk, heir in plan.heirs.items()]
    return [*ended, *heirs]


def _new(unit: NewUnit) -> str:
    return f"{unit.name} ({unit.code})"


def _line(changes: Sequence[TreeEventChange]) -> str:
    if not changes:
        return ""
    ended = tuple(name for one in changes if not one.after for name in one.before)
    first = TreeEventChange(ended) if ended else changes[0]
    left, right = _few(first.before), _few(first.after)
    more = 0 if ended else len(changes) - 1
    line = " → ".join(part for part in (left, right) if part)
    return line if not more else _("%(first)s; and %(n)s more") % {"first": line, "n": more}


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return shown if more <= 0 else _("%(first)s and %(n)s more") % {"first": shown, "n": more}
