"""Acts on events of the tree: proposed by one person, approved by another, done at once or not.

A merge of hundreds of units is one transaction: whatever ends the process, all of it is done or
nothing.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.people.models import User
from quetsach_portal.register.tree_effects import Effects, apply, preview
from quetsach_portal.register.tree_reverse import may_be_reversed, take_back
from quetsach_portal.rights.second_person import refuse_same_hand
from quetsach_portal.units.models import EventKind, EventState, OrgEvent
from quetsach_portal.units.tree_plan import TreePlan, as_json
from quetsach_portal.units.tree_rules import check
from quetsach_portal.web.problems import Refused

EARLIEST_DAYS = 366


def drafted(
    kind: str, plan: TreePlan, *, effective_on: date, legal_doc: str, actor: User
) -> OrgEvent:
    """Return an event that is not saved, to be previewed or proposed. Errors: Refused."""
    if not legal_doc.strip():
        raise Refused(_("Name the legal document."), field="legal_doc")
    if (timezone.localdate() - effective_on).days > EARLIEST_DAYS:
        raise Refused(_("The day lies more than a year back."), field="effective_on")
    units = check(kind, plan, effective_on)
    return OrgEvent(
        kind=EventKind(kind),
        plan=as_json(plan),
        effective_on=effective_on,
        legal_doc=" ".join(legal_doc.split())[:255],
        path=_common([unit.path for unit in units.values()]),
        proposed_by=actor,
    )


def effects_of(event: OrgEvent) -> Effects:
    """Return all that `event` would change; nothing is changed. Errors: Refused."""
    return preview(event)


def propose(event: OrgEvent, *, actor: User) -> OrgEvent:
    """Send a drafted event for the second approval."""
    with transaction.atomic():
        event.save(force_insert=True)
        _note("tree.proposed", event, actor)
    return event


def approve(event: OrgEvent, *, note: str, actor: User) -> Effects:
    """Do the event: register, campaigns, roles and counters in one transaction.

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
        raise Refused(_("Write why."), field="note")
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
    """Take back the abolition of a level. Errors: Refused once the next phase is open."""
    with transaction.atomic():
        _note("tree.reversed", event, actor)
        locked = OrgEvent.objects.select_for_update().get(pk=event.pk)
        if not may_be_reversed(locked):
            raise Refused(_("It cannot be taken back any more: the next phase is open."))
        take_back(locked)
        locked.state, locked.reversed_at = EventState.REVERSED, timezone.now()
        locked.save(update_fields=["state", "reversed_at"])


def _locked(event: OrgEvent) -> OrgEvent:
    locked = OrgEvent.objects.select_for_update().get(pk=event.pk)
    if locked.state != EventState.PROPOSED:
        raise Refused(_("This was decided already."))
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
    """Return the path of the deepest unit above all, or of the first's root where none is."""
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
