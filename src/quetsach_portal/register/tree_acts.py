"""Acts on events of the tree: proposed by one person, approved and applied by another.

A merge of hundreds of units is one transaction: all of it is done or nothing.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    NodeState,
    Phase,
)
from quetsach_portal.campaigns.tree.applying import open_phases
from quetsach_portal.campaigns.tree.moves import (
    CounterShifts,
    move_nodes,
    own_figures,
    slot_figures,
)
from quetsach_portal.campaigns.tree.waiting import WaitingChange
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.register.effects import EventEffects, apply
from quetsach_portal.units.dated import hang, in_batches
from quetsach_portal.units.models import EventKind, EventState, OrgEdge, OrgEvent, OrgUnit
from quetsach_portal.units.tree_plan import TreePlan, as_json, check
from quetsach_portal.web.acts import Refused


def may_be_reversed(event: OrgEvent) -> bool:
    """True for the abolition of a level after which no phase has opened anywhere it counts."""
    if event.kind != EventKind.ABOLISH or event.state != EventState.APPLIED:
        return False
    if event.decided_at is None or _has_later(event):
        return False
    campaigns = _campaigns(event)
    opened = Phase.objects.filter(
        campaign_id__in=campaigns, opens_at__gt=event.decided_at, opens_at__lte=timezone.now()
    )
    return not opened.exists()


def take_back(event: OrgEvent) -> None:
    """Put register, campaigns and roles back; the caller holds the transaction."""
    now = timezone.now()
    WaitingChange.objects.filter(event=event).update(cancelled_at=now)
    for campaign_id, undo in event.undo.get("campaigns", {}).items():
        _campaign_back(Campaign.objects.get(pk=int(campaign_id)), undo)
    _register_back(event)


def _campaigns(event: OrgEvent) -> set[int]:
    named = {int(one) for one in event.undo.get("campaigns", {})}
    waiting = WaitingChange.objects.filter(event=event).values_list("node__campaign_id", flat=True)
    return named | set(waiting)


def _has_later(event: OrgEvent) -> bool:
    """Return whether another event has changed units of this one since."""
    units = [unit for unit, _old, _new in event.undo.get("register", {}).get("moved", [])]
    later = OrgEvent.objects.filter(
        state=EventState.APPLIED, decided_at__gt=event.decided_at, units__unit_id__in=units[:20_000]
    )
    return later.exclude(pk=event.pk).exists()


def _register_back(event: OrgEvent) -> None:
    undo, day = event.undo["register"], event.effective_on
    closed: list[int] = undo["closed"]
    OrgUnit.objects.filter(pk__in=closed).update(closed_on=None)
    OrgEdge.objects.filter(child_id__in=closed, valid_to=day).update(valid_to=None)
    Assignment.objects.filter(unit_id__in=closed, valid_to__gt=day, valid_from__lte=day).update(
        valid_to=None
    )
    moved: list[list[int]] = undo["moved"]
    for some in in_batches([unit for unit, _old, _new in moved]):
        OrgEdge.objects.filter(child_id__in=some, valid_from=day, valid_to__isnull=True).delete()
        OrgEdge.objects.filter(child_id__in=some, valid_to=day).update(valid_to=None)
    parents = OrgUnit.objects.in_bulk({old for _unit, old, _new in moved})
    for unit_id, old, _new in moved:
        hang(OrgUnit.objects.get(pk=unit_id), parents[old])


def _campaign_back(campaign: Campaign, undo: dict[str, Any]) -> None:
    phases = open_phases(campaign, timezone.now())
    shifts = CounterShifts()
    nodes = list(CampaignNode.objects.filter(pk__in=undo.get("closed", [])))
    for node in nodes:
        node.state = NodeState.ACTIVE
        shifts.add(node.path, own_figures(node))
    CampaignNode.objects.bulk_update(nodes, ["state"], batch_size=200)
    states = dict(undo.get("slots", []))
    slots = list(ExpectedReport.objects.filter(pk__in=list(states)).select_related("node"))
    for slot in slots:
        shifts.add_slot(slot.node.path, slot.phase_id, slot_figures(slot), -1)
        slot.state, slot.excuse_reason = ExpectedReportState(states[slot.pk]), ""
        shifts.add_slot(slot.node.path, slot.phase_id, slot_figures(slot))
    ExpectedReport.objects.bulk_update(slots, ["state", "excuse_reason"], batch_size=200)
    shifts.write()
    moved = [(node, old) for node, old, _new in undo.get("moved", []) if old is not None]
    found = CampaignNode.objects.in_bulk([one for pair in moved for one in pair])
    move_nodes([(found[node], found[old]) for node, old in moved], phases, None)
    Campaign.objects.filter(pk=campaign.pk).update(tree_rev=campaign.tree_rev + 1)


EARLIEST_DAYS = 366


def drafted(
    kind: str, plan: TreePlan, *, effective_on: date, legal_doc: str, actor: User
) -> OrgEvent:
    """Return an event that is not saved, to be previewed or proposed. Errors: Refused."""
    if not legal_doc.strip():
        raise Refused(_("Enter the legal document."), field="legal_doc")
    if (timezone.localdate() - effective_on).days > EARLIEST_DAYS:
        raise Refused(_("The date is more than a year ago."), field="effective_on")
    units = check(kind, plan, effective_on)
    return OrgEvent(
        kind=EventKind(kind),
        plan=as_json(plan),
        effective_on=effective_on,
        legal_doc=" ".join(legal_doc.split())[:255],
        path=_common([unit.path for unit in units.values()]),
        proposed_by=actor,
    )


def propose(event: OrgEvent, *, actor: User) -> OrgEvent:
    """Send a drafted event for the second approval."""
    with transaction.atomic():
        event.save(force_insert=True)
        _note("tree.proposed", event, actor)
    return event


def approve(event: OrgEvent, *, note: str, actor: User) -> EventEffects:
    """Apply the event: register, campaigns, roles and counters in one transaction.

    Errors: Refused when it was decided before, proposed by the same person, lies in the future, or
    cannot be done any more.
    """
    with transaction.atomic():
        # The trail's lock first: every act that moves counters waits behind it.
        _note("tree.approved", event, actor)
        locked = _locked(event)
        if locked.proposed_by_id == actor.pk:
            raise Refused(_("A second person has to approve what you proposed."))
        refuse_same_hand(locked.proposed_by_id, actor)
        if locked.effective_on > timezone.localdate():
            raise Refused(
                _("It takes effect on %(day)s: approve it on that day or later.")
                % {"day": locked.effective_on.strftime("%d/%m/%Y")}
            )
        effects = apply(locked)
        locked.state, locked.undo = EventState.APPLIED, effects.undo()
        _decide(locked, note, actor)
    return effects


def refuse(event: OrgEvent, *, note: str, actor: User) -> None:
    """Refuse the event; its proposer reads why."""
    if not note.strip():
        raise Refused(_("Enter a reason."), field="note")
    with transaction.atomic():
        locked = _locked(event)
        locked.state = EventState.REFUSED
        _decide(locked, note, actor)
        _note("tree.refused", locked, actor)


def withdraw(event: OrgEvent, *, actor: User) -> None:
    """Withdraw an event that the same person proposed."""
    with transaction.atomic():
        locked = _locked(event)
        locked.state = EventState.WITHDRAWN
        locked.save(update_fields=["state"])
        _note("tree.withdrawn", locked, actor)


def reverse(event: OrgEvent, *, actor: User) -> None:
    """Reverse the abolition of a level. Errors: Refused once the next phase is open."""
    with transaction.atomic():
        _note("tree.reversed", event, actor)
        locked = OrgEvent.objects.select_for_update().get(pk=event.pk)
        if not may_be_reversed(locked):
            raise Refused(_("It can no longer be reversed: the next phase is open."))
        take_back(locked)
        locked.state, locked.reversed_at = EventState.REVERSED, timezone.now()
        locked.save(update_fields=["state", "reversed_at"])


def _locked(event: OrgEvent) -> OrgEvent:
    locked = OrgEvent.objects.select_for_update().get(pk=event.pk)
    if locked.state != EventState.PROPOSED:
        raise Refused(_("A decision has already been made."))
    return locked


def _decide(event: OrgEvent, note: str, actor: User) -> None:
    event.decided_by, event.decided_at = actor, timezone.now()
    event.decision_note = " ".join(note.split())[:500]
    event.save(update_fields=["state", "undo", "decided_by", "decided_at", "decision_note"])


def _note(action: str, event: OrgEvent, actor: User) -> None:
    record(
        action,
        actor=actor,
        kind="tree_event",
        object_id=event.pk,
        detail={"kind": event.kind, "document": event.legal_doc},
        unit_path=event.path,
    )


def _common(paths: list[str]) -> str:
    """Return the path of the deepest unit above all, or of the root of the first."""
    parts = [path.strip("/").split("/") for path in paths]
    shared: list[str] = []
    for ids in zip(*parts, strict=False):
        if len(set(ids)) > 1:
            break
        shared.append(ids[0])
    # A unit alone is not above itself: who decides sits above it.
    if len(shared) > 1 and len(shared) == min(map(len, parts)):
        shared.pop()
    return f"/{'/'.join(shared or parts[0][:1])}/"
