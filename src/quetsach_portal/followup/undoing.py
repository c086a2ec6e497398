"""Undo reminders whose mail has not gone out: it waits in the outbox for 30 minutes.

Nothing is erased: the reminder keeps who undid it and when, its mail its text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.followup.actions.declaring import locked_node
from quetsach_portal.followup.mails import reminder_key
from quetsach_portal.followup.models import FollowupMail, MailKind, MailState, Reminder
from quetsach_portal.followup.news import take_back_reminders
from quetsach_portal.mail import outbox
from quetsach_portal.mail.models import MailPurpose
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import UNDO, Refused, undo_until

MOST_SHOWN = 500


@dataclass(frozen=True)
class UndoableReminder:
    """A reminder that can be undone.

    Shapes: `until` is when its mail goes out, or None for a mail that waits for the server by then;
    `has_mail` is False for a unit without an address, which sees it in its task list alone.
    """

    reminder: Reminder
    until: datetime | None
    has_mail: bool


@dataclass(frozen=True)
class UndoableReminders:
    """The reminders of an office that can be undone, in the order of the tree."""

    rows: Sequence[UndoableReminder]

    @property
    def first(self) -> int:
        """The lowest number of them."""
        return min((row.reminder.pk for row in self.rows), default=0)

    @property
    def last(self) -> int:
        """The highest number of them."""
        return max((row.reminder.pk for row in self.rows), default=0)

    @property
    def until(self) -> datetime | None:
        """When the first of their mails goes out, None where all wait for the server."""
        return min((row.until for row in self.rows if row.until is not None), default=None)


def undoable_of(parent: CampaignNode) -> UndoableReminders:
    """Return the reminders directly below `parent` that can be undone now. Cost: two queries."""
    reminders = list(_by_hand(parent).select_related("node").order_by("node__path")[:MOST_SHOWN])
    mails = _mails_of(reminders)
    rows = []
    for reminder in reminders:
        until, mail = undo_until(reminder.at), mails.get(reminder.node_id)
        if until is not None if mail is None else mail.state == MailState.QUEUED:
            rows.append(UndoableReminder(reminder, until, mail is not None))
    return UndoableReminders(rows)


def undo_reminders(parent: CampaignNode, first: int, last: int, *, actor: User) -> tuple[int, int]:
    """Undo the reminders below `parent` with these numbers; return how many, and how many had gone.

    Errors: Refused when none was left to undo.
    """
    with transaction.atomic():
        locked = locked_node(parent)
        chosen = _by_hand(locked).filter(pk__gte=first, pk__lte=last)
        reminders = list(chosen.select_for_update(of=("self",)).order_by("pk"))
        mails = _mails_of(reminders)
        cancelled = outbox.cancel(MailPurpose.FOLLOWUP, [mail.pk for mail in mails.values()])
        undone = []
        for reminder in reminders:
            mail = mails.get(reminder.node_id)
            is_open = undo_until(reminder.at) is not None if mail is None else mail.pk in cancelled
            if is_open:
                undone.append(reminder.pk)
        if not undone:
            raise Refused(
                _("The e-mails have gone out: these reminders cannot be undone any more.")
            )
        now = timezone.now()
        # Another key, so that the unit can be reminded again today.
        key = Concat(F("key"), Value(":undone:"), Cast(F("pk"), CharField()))
        FollowupMail.objects.filter(pk__in=cancelled).update(
            state=MailState.UNDONE, key=key, done_at=now
        )
        Reminder.objects.filter(pk__in=undone).update(undone_at=now, undone_by=actor)
        take_back_reminders([reminder for reminder in reminders if reminder.pk in undone])
        record(
            "reminder.undone",
            actor=actor,
            kind="campaignnode",
            object_id=locked.pk,
            unit_path=locked.unit.path,
            detail={"units": len(undone), "gone": len(reminders) - len(undone)},
        )
    return len(undone), len(reminders) - len(undone)


def _by_hand(parent: CampaignNode) -> QuerySet[Reminder]:
    """Return the reminders of the last day that a person asked for and nobody undid."""
    since = timezone.now() - UNDO * 48
    return Reminder.objects.filter(
        node__parent=parent, by__isnull=False, undone_at__isnull=True, at__gte=since
    )


def _mails_of(reminders: Sequence[Reminder]) -> dict[int, FollowupMail]:
    """Return by node the mail of each of these reminders."""
    keys = [reminder_key(reminder.node_id, reminder.day) for reminder in reminders]
    rows = FollowupMail.objects.filter(kind=MailKind.REMINDER, key__in=keys)
    return {mail.node_id: mail for mail in rows}
