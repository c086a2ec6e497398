"""Ask for more time, and decide it: by the office above or the lead office, never by oneself."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.expected_reports import prolong
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.followup.actions.declaring import audit, locked_node, locked_slot
from quetsach_portal.followup.mails import notify_decision
from quetsach_portal.followup.models import Extension, ExtensionState
from quetsach_portal.followup.news import tell_of_decision, tell_of_question
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.scope import below, scope_of
from quetsach_portal.web.acts import Refused


def request_extension(
    slot: ExpectedReport, *, wanted: datetime, reason: str, actor: User
) -> Extension:
    """Return the question for more time; asking again while it is open changes nothing.

    Errors: Refused for a day that is no gain, without a reason, or when nothing is owed.
    """
    with transaction.atomic():
        locked = locked_slot(slot)
        extension = Extension.objects.filter(slot=locked, state=ExtensionState.ASKED).first()
        if extension is not None:
            return extension
        if locked.reported_at is not None or locked.state == ExpectedReportState.EXCUSED:
            raise Refused(_("No report is due any more."))
        _check_days(locked, wanted, reason)
        extension = Extension.objects.create(
            slot=locked, wanted=wanted, reason=reason, asked_by=actor
        )
        _audit("asked", extension, actor, wanted=wanted.isoformat())
        tell_of_question(extension, by=actor)
    return extension


def take_back(extension: Extension, *, actor: User) -> None:
    """Ask no longer. Errors: Refused when it was decided."""
    with transaction.atomic():
        row = _locked(extension)
        _audit("taken_back", row, actor)
        row.state = ExtensionState.TAKEN_BACK
        row.save(update_fields=["state"])


def grant(extension: Extension, *, new_due_at: datetime, decision: str, actor: User) -> None:
    """Extend the unit's due date to `new_due_at`; both levels are notified.

    Errors: Refused for one's own unit, when it was decided, or for a day that is no gain.
    """
    with transaction.atomic():
        locked = _locked(extension)
        slot = locked_slot(locked.slot)
        _refuse_self(locked, actor)
        _check_days(slot, new_due_at, "-")
        change = [slot.due_at.isoformat(), new_due_at.isoformat()]
        _audit("granted", locked, actor, due_at=change)
        locked.old_due_at, locked.new_due_at, locked.slots = slot.due_at, new_due_at, 1
        _decide(locked, ExtensionState.GRANTED, decision, actor)
        prolong(slot, new_due_at)
        notify_decision(locked)
        tell_of_decision(locked)


def refuse(extension: Extension, *, decision: str, actor: User) -> None:
    """Give the unit no more time, with a reason. Errors: as `grant`."""
    if not decision.strip():
        raise Refused(_("Give a reason."), field="decision")
    with transaction.atomic():
        locked = _locked(extension)
        _refuse_self(locked, actor)
        _audit("refused", locked, actor)
        _decide(locked, ExtensionState.REFUSED, decision, actor)
        notify_decision(locked)
        tell_of_decision(locked)


def give_with_return(slot: ExpectedReport, *, until: datetime, actor: User) -> Extension:
    """Return the grant of more time to a unit whose report is returned, in the same transaction.

    Nobody asked for it: who returns a report near its deadline says until when it may come again.
    Errors: Refused for one's own unit, or for a day that is no gain.
    """
    locked = locked_slot(slot)
    extension = Extension(
        slot=locked,
        state=ExtensionState.GRANTED,
        reason=_("the report was returned to be mended"),
        wanted=until,
        old_due_at=locked.due_at,
        new_due_at=until,
        slots=1,
    )
    _refuse_self(extension, actor)
    _check_days(locked, until, "-")
    extension.decided_by, extension.decided_at = actor, timezone.now()
    extension.save()
    change = [locked.due_at.isoformat(), until.isoformat()]
    _audit("granted", extension, actor, due_at=change)
    prolong(locked, until)
    notify_decision(extension)
    tell_of_decision(extension)
    return extension


def grant_subtree(
    node: CampaignNode, phase_id: int, *, new_due_at: datetime, reason: str, actor: User
) -> Extension:
    """Return the grant of more time to `node` and all below it, as after a storm.

    Deadlines that are later already stay, and so do reports that came in. Errors: Refused; nobody
    decides who holds a role in one of these units.
    """
    if node.parent_id is None:
        raise Refused(_("Nobody decides for their own unit."))
    with transaction.atomic():
        locked_node(node)
        slot = locked_slot(ExpectedReport.objects.get(node=node, phase_id=phase_id))
        _refuse_inside(slot.node, actor)
        _check_days(slot, new_due_at, reason, field="reason")
        open_slots = ExpectedReport.objects.filter(
            below(node.path, "node__"),
            phase_id=phase_id,
            node__campaign_id=node.campaign_id,
            reported_at__isnull=True,
            due_at__lt=new_due_at,
        ).exclude(state=ExpectedReportState.EXCUSED)
        extension = Extension(
            slot=slot,
            subtree=True,
            state=ExtensionState.GRANTED,
            reason=reason,
            wanted=new_due_at,
            decided_by=actor,
            decided_at=timezone.now(),
            old_due_at=slot.due_at,
            new_due_at=new_due_at,
        )
        # What has not come in moves no counter: its being in time is not known yet.
        extension.slots = ExpectedReport.objects.filter(pk__in=open_slots.values("pk")).update(
            due_at=new_due_at
        )
        extension.save()
        _audit("subtree", extension, actor, slots=extension.slots)
        notify_decision(extension)
        tell_of_decision(extension)
    return extension


def _locked(extension: Extension) -> Extension:
    locked = (
        Extension.objects.select_for_update(of=("self",))
        .select_related("slot__node__campaign__lead_unit", "slot__node__unit", "slot__phase")
        .get(pk=extension.pk)
    )
    if locked.state != ExtensionState.ASKED:
        raise Refused(_("It was already decided."))
    return locked


def _audit(act: str, extension: Extension, actor: User, **detail: object) -> None:
    node = extension.slot.node
    audit(f"extension.{act}", "extension", extension, node, actor, **detail)


def _decide(row: Extension, state: ExtensionState, decision: str, actor: User) -> None:
    row.state, row.decision = state, decision.strip()[:1000]
    row.decided_by, row.decided_at = actor, timezone.now()
    row.save()


def _refuse_self(extension: Extension, actor: User) -> None:
    """Refuse the requester, and every member of the unit that asks."""
    node = extension.slot.node
    seats = node_scope(scope_of(actor), node.campaign).seats
    if extension.asked_by_id == actor.pk or any(seat.node_id == node.pk for seat in seats):
        raise Refused(_("Nobody decides for their own unit."))


def _refuse_inside(node: CampaignNode, actor: User) -> None:
    """Refuse whoever holds a role in `node` or below it: it would be time for their own unit."""
    seats = node_scope(scope_of(actor), node.campaign).seats
    if any(seat.path.startswith(node.path) for seat in seats):
        raise Refused(_("Nobody decides for their own unit."))


def _check_days(
    slot: ExpectedReport, new_due_at: datetime, reason: str, field: str = "reason"
) -> None:
    if not reason.strip():
        raise Refused(_("Give a reason."), field=field)
    if slot.node.campaign.paused_until is not None:
        raise Refused(_("The campaign is paused: deadlines move with it, and none is extended."))
    if new_due_at <= slot.due_at:
        raise Refused(_("The new deadline must be after the old one."), field="day")
    if new_due_at <= timezone.now():
        raise Refused(_("The new deadline must be in the future."), field="day")
