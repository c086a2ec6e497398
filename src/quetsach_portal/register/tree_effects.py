"""All that an event of the tree changes, in the order in which it is done; a preview does the same.

A preview runs the change itself and rolls it back, so what is shown is what will be done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.campaigns.tree.change import CampaignChange, change_campaigns
from quetsach_portal.campaigns.tree.shifts import pieces
from quetsach_portal.campaigns.tree.waiting import WaitingChange, WaitKind
from quetsach_portal.rights.models import Assignment
from quetsach_portal.units.models import OrgEvent
from quetsach_portal.units.tree_change import Applied, change_register

READ_ONLY_DAYS = 30
"""So long people of a unit that ended may still read what is theirs."""


@dataclass(frozen=True)
class PersonEffect:
    """Somebody whose role ends with their unit."""

    name: str
    role: str
    unit: str


@dataclass
class Effects:
    """What an event changes: in the register, in campaigns, for people."""

    applied: Applied
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
        """Return what taking the event back needs, as it is kept with it."""
        campaigns = {str(one.campaign.pk): one.undo for one in self.campaigns if one.undo}
        return {"register": self.applied.undo, "campaigns": campaigns}


def apply(event: OrgEvent) -> Effects:
    """Do the event everywhere; the caller holds the transaction. Errors: Refused."""
    applied = change_register(event)
    effects = Effects(applied, change_campaigns(event, applied))
    for change in effects.campaigns:
        _wait(event, change)
    effects.people = _end_roles(event, applied)
    return effects


def preview(event: OrgEvent) -> Effects:
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
    for some in pieces(sorted(set(units))):
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
    for some in pieces(replaced):
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


def _end_roles(event: OrgEvent, applied: Applied) -> list[PersonEffect]:
    """Let the roles in units that ended run out; until then they are for reading."""
    ended = [unit for pair in applied.successions for unit in pair.before]
    ended += applied.closed
    last = event.effective_on + timedelta(days=READ_ONLY_DAYS)
    told: list[PersonEffect] = []
    for some in pieces(ended):
        held = Assignment.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=last), unit_id__in=some
        ).select_related("user", "unit")
        told += [
            PersonEffect(str(one.user), str(one.get_role_display()), one.unit.name) for one in held
        ]
        held.update(valid_to=last)
    return told
