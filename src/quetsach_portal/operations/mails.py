"""Mails that wait or did not arrive, counted for who looks after the system."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.mail.models import MailPurpose, MailQueue, OutboxMail, OutboxState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope

PURPOSES = {
    MailPurpose.LETTER: _lazy("Letters"),
    MailPurpose.FOLLOWUP: _lazy("Reminders and decisions on more time"),
    MailPurpose.INVITATION: _lazy("Invitations"),
    MailPurpose.NEW_PASSWORD: _lazy("Links to a new password"),
    MailPurpose.ACCOUNT_NOTICE: _lazy("Notices about accounts"),
}


@dataclass(frozen=True)
class UnsentMails:
    """How many mails of a purpose are not sent, and why those that wait do so."""

    word: str
    waiting: int
    failed: int
    in_doubt: int
    problem: str
    next_try_at: datetime | None


def unsent_mails(scope: Scope) -> list[UnsentMails]:
    """Return the counts for an operator, without any address; nothing for others.

    Cost: two queries.
    """
    if not scope.has_role(Role.OPERATOR):
        return []
    counts = {row["purpose"]: row for row in _counts()}
    queues = {queue.purpose: queue for queue in _stuck_queues()}
    unsent = []
    for purpose, word in PURPOSES.items():
        if purpose in counts:
            count, queue = counts[purpose], queues.get(purpose)
            unsent.append(
                UnsentMails(
                    word=str(word),
                    waiting=count["waiting"],
                    failed=count["failed"],
                    in_doubt=count["in_doubt"],
                    problem="" if queue is None else queue.problem,
                    next_try_at=None if queue is None else queue.next_try_at,
                )
            )
    return unsent


def _counts() -> QuerySet[Any, Any]:
    unsent = OutboxMail.objects.exclude(state=OutboxState.SENT).values("purpose")
    return unsent.annotate(
        waiting=Count("pk", filter=Q(state__in=[OutboxState.QUEUED, OutboxState.SENDING])),
        failed=Count("pk", filter=Q(state=OutboxState.FAILED)),
        in_doubt=Count("pk", filter=Q(state=OutboxState.IN_DOUBT)),
    )


def _stuck_queues() -> QuerySet[Any]:
    """Return the queues whose mails wait for a reason, each with the `purpose` of its mails."""
    stuck = MailQueue.objects.filter(mails__state=OutboxState.QUEUED).exclude(problem="")
    return stuck.annotate(purpose=F("mails__purpose")).distinct()
