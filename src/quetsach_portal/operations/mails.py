"""Mails that wait or did not arrive, counted for who looks after the system."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q
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
    counts = OutboxMail.objects.exclude(state=OutboxState.SENT).values("purpose")
    counts = counts.annotate(
        waiting=Count("pk", filter=Q(state__in=[OutboxState.QUEUED, OutboxState.SENDING])),
        failed=Count("pk", filter=Q(state=OutboxState.FAILED)),
        in_doubt=Count("pk", filter=Q(state=OutboxState.IN_DOUBT)),
    )
    by_purpose = {MailPurpose(row.pop("purpose")): row for row in counts}
    problems = _problems()
    return [
        UnsentMails(
            word=str(word),
            **by_purpose[purpose],
            problem=problems[purpose].problem if purpose in problems else "",
            next_try_at=problems[purpose].next_try_at if purpose in problems else None,
        )
        for purpose, word in PURPOSES.items()
        if purpose in by_purpose
    ]


def _problems() -> dict[str, MailQueue]:
    """Return, for each purpose whose mails wait for a reason, a queue that names it."""
    queues = MailQueue.objects.filter(mails__state=OutboxState.QUEUED).exclude(problem="")
    return {
        queue.purpose: queue  # type: ignore[attr-defined]  # annotated
        for queue in queues.annotate(purpose=F("mails__purpose")).distinct()
    }
