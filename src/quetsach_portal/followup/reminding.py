"""Remind the silent units by hand: who is silent, why somebody is not in the list, and the mail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
    Phase,
)
from quetsach_portal.campaigns.units import usable
from quetsach_portal.followup.actions.declaring import locked_node
from quetsach_portal.followup.mails import (
    NO_WORDS,
    OwnWords,
    queue,
    reminder,
    reminder_subject,
    reminder_text,
)
from quetsach_portal.followup.models import PendingStep, Reminder
from quetsach_portal.followup.news import tell_of_reminder
from quetsach_portal.followup.reminders import silent_of
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import UNDO, Refused

MOST_REMINDED_BY_HAND = 5000
MOST_SHOWN = 500
"""Units of each list on the page: an office has fewer below it."""


@dataclass(frozen=True)
class ReminderCandidate:
    """A unit directly below, whom to call, and why it is not reminded; "" where it is.

    `has_mail` is False where no address is known: the reminder then stands in its task list alone.
    `due_at` is the deadline of its own report, None where none is expected.
    """

    node: CampaignNode
    phone: str
    has_mail: bool
    why_not: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class ReminderCandidates:
    """Who can be reminded now, and who not; `paused_until` ends a pause in which nobody is."""

    silent: Sequence[ReminderCandidate]
    others: Sequence[ReminderCandidate]
    paused_until: Any = None

    @property
    def without_mail(self) -> int:
        """How many of the silent ones have no address."""
        return sum(not row.has_mail for row in self.silent)


def candidates_of(
    parent: CampaignNode, *, waits_for: str, days: int, phase: Phase | None
) -> ReminderCandidates:
    """Return the units directly below `parent`, each silent or with why it is not reminded.

    Cost: five queries for any number of units.
    """
    children = CampaignNode.objects.filter(parent=parent).select_related("unit", "campaign")
    silent = set(silent_of(children, waits_for, days, phase).values_list("pk", flat=True))
    today = timezone.localdate()
    reminded = dict(
        Reminder.objects.filter(day=today, node__parent=parent, undone_at__isnull=True).values_list(
            "node_id", "at"
        )
    )
    nodes = list(children.order_by("path")[: 2 * MOST_SHOWN])
    slots = _slots(nodes, phase)
    contacts = usable().filter(unit_id__in=[node.unit_id for node in nodes]).order_by("pk")
    phones: dict[int, str] = {}
    mails: set[int] = set()
    for contact in contacts:
        if contact.phone:
            phones.setdefault(contact.unit_id, contact.phone)
        if contact.mail:
            mails.add(contact.unit_id)

    def row(node: CampaignNode) -> ReminderCandidate:
        if node.pk in reminded:
            at = date_format(timezone.localtime(reminded[node.pk]), "H:i")
            why_not = _("reminded today at %(at)s") % {"at": at}
        elif node.pk in silent:
            why_not = ""
        else:
            why_not = _why_not(node, waits_for, days, slots.get(node.pk))
        unit, slot = node.unit_id, slots.get(node.pk)
        due_at = None if slot is None else slot.due_at
        return ReminderCandidate(node, phones.get(unit, ""), unit in mails, why_not, due_at)

    rows = [row(node) for node in nodes]
    return ReminderCandidates(
        [candidate for candidate in rows if not candidate.why_not][:MOST_SHOWN],
        [candidate for candidate in rows if candidate.why_not][:MOST_SHOWN],
        parent.campaign.paused_until,
    )


def preview_of(
    candidates: ReminderCandidates, waits_for: str, phase: Phase | None, words: OwnWords
) -> tuple[str, str] | None:
    """Return subject and text of the mail to the first unit of the list; None without one."""
    if not candidates.silent:
        return None
    node = candidates.silent[0].node
    slot = _slots([node], phase).get(node.pk)
    return reminder_subject(node, waits_for), reminder_text(node, waits_for, slot, words)


def remind_silent(
    parent: CampaignNode,
    *,
    waits_for: str,
    days: int,
    phase: Phase | None,
    chosen: Collection[int] | None,
    actor: User,
    words: OwnWords = NO_WORDS,
) -> int:
    """Remind the silent units directly below `parent`; return how many were reminded.

    The mails wait in the outbox for 30 minutes, in which it can be undone.

    Shapes: `chosen` are node ids, None for all silent ones. Whoever is not silent any more, or was
    reminded today, is left out whatever was chosen. Errors: Refused when nobody is left.
    """
    with transaction.atomic():
        locked = locked_node(parent)
        if locked.campaign.paused_until is not None:
            raise Refused(_("The campaign is paused: nobody is reminded."))
        children = CampaignNode.objects.filter(parent=locked).select_related("campaign", "unit")
        silent = silent_of(children, waits_for, days, phase)
        if chosen is not None:
            silent = silent.filter(pk__in=list(chosen)[:MOST_REMINDED_BY_HAND])
        today = timezone.localdate()
        standing = Reminder.objects.filter(day=today, undone_at__isnull=True)
        reminded_today = standing.values("node_id")
        nodes = list(silent.exclude(pk__in=reminded_today).order_by("path")[:MOST_REMINDED_BY_HAND])
        if not nodes:
            raise Refused(_("All of these units have answered or were already reminded today."))
        record(
            "reminder.sent",
            actor=actor,
            kind="campaignnode",
            object_id=locked.pk,
            unit_path=locked.unit.path,
            detail={
                "units": len(nodes),
                "waits_for": waits_for,
                "has_own_words": bool(words.text),
            },
        )
        facts: dict[str, Any] = {"phase": phase, "day": today, "waits_for": waits_for, "by": actor}
        facts |= {"words": words.text[:300], "at": timezone.now()}
        reminders = [Reminder(node=node, **facts) for node in nodes]
        Reminder.objects.bulk_create(reminders, ignore_conflicts=True)
        tell_of_reminder(nodes, by=actor)
        slots = _slots(nodes, phase)
        queue(
            (
                mail
                for node in nodes
                for mail in reminder(node, waits_for, slots.get(node.pk), words)
            ),
            not_before=facts["at"] + UNDO,
        )
    return len(nodes)


def _why_not(node: CampaignNode, waits_for: str, days: int, slot: ExpectedReport | None) -> str:
    """Return why a unit that was not reminded today is not asked for `waits_for`."""
    if node.state not in COUNTED:
        return _("no longer in the campaign")
    if node.told_at is None:
        return _("the letter was not released to it yet")
    if waits_for == PendingStep.RECEIVED and node.received_at is not None:
        return _answered(node.received_at)
    if waits_for == PendingStep.DEPLOYED:
        if node.deployed_at is not None:
            return _answered(node.deployed_at)
        if node.received_at is None:
            return _("has not confirmed the receipt; remind it of that first")
    if waits_for in (PendingStep.REPORTED, PendingStep.SIGNED):
        if slot is None:
            return _("owes no report in this phase")
        if slot.state == ExpectedReportState.EXCUSED:
            return _("excused from the report")
        done = slot.reported_at if waits_for == PendingStep.REPORTED else slot.signed_at
        if done is not None:
            return _answered(done)
        if waits_for == PendingStep.SIGNED and slot.state != ExpectedReportState.ACCEPTED:
            return _("its report is not accepted yet, so it cannot be signed")
    return _("silent for less than %(days)s days") % {"days": days}


def _answered(at: Any) -> str:
    day = date_format(timezone.localtime(at), "SHORT_DATE_FORMAT")
    return _("answered on %(day)s") % {"day": day}


def _slots(nodes: Sequence[CampaignNode], phase: Phase | None) -> dict[int, ExpectedReport]:
    if phase is None:
        return {}
    rows = ExpectedReport.objects.filter(phase=phase, node__in=nodes)
    return {row.node_id: row for row in rows}
