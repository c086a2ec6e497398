"""Claim mails right before they are sent, and write down what the server said."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.mail.message import (
    MailDraft,
)
from quetsach_portal.mail.models import MailPurpose, MailQueue, OutboxMail, OutboxState
from quetsach_portal.mail.smtp import (
    SmtpOutcome,
    SmtpReply,
)

Composer: TypeAlias = Callable[[int], MailDraft]
"""Writes the mail about an object, secrets included. Errors: MailNotNeeded; ValueError fails it."""


Observer: TypeAlias = Callable[[Sequence[OutboxMail]], None]
"""Is handed the mails whose state has just changed, in the transaction that changed it."""


ROWS_AT_ONCE = 200


LOOK_UP_S = 0.5
"""How often a round looks whether it was paused; in between it only sends."""


FIRST_RETRY = timedelta(minutes=1)


LONGEST_RETRY = timedelta(hours=2)


MOST_ATTEMPTS = 12
"""About half a day: what reminders and links of accounts are good for."""


MOST_ATTEMPTS_OF = {MailPurpose.LETTER: 42, MailPurpose.ALERT: 18}
"""About three days of trying, as mail servers do among themselves (RFC 5321, 4.5.4.1); an alert is
tried for a day, then its next address is."""


@dataclass
class DeliveryRound:
    """One job's work on a queue: what it did, and why it ended early."""

    queue: MailQueue
    work: RunningJob
    composers: Mapping[MailPurpose, Composer]
    observers: Mapping[MailPurpose, Observer]
    begun: float = field(default_factory=time.monotonic)
    handed_over: int = 0
    later_in_a_row: int = 0
    looked_at: float = 0.0
    was_stopped: bool = False
    problem: str = ""

    def goes_on(self) -> bool:
        """True while the queue runs and the server takes mails; looks up twice a second.

        Errors: LeaseLost when another worker has the job.
        """
        if self.problem or self.was_stopped:
            return False
        now = time.monotonic()
        if now - self.looked_at < LOOK_UP_S:
            return True
        self.looked_at = now
        self.work.renew()
        mine = MailQueue.objects.filter(pk=self.queue.pk, round=self.work.payload["round"])
        self.was_stopped = not mine.filter(is_paused=False).exists()
        return not self.was_stopped

    def wait_for_turn(self) -> None:
        """Wait until the next mails keep to the rate, or there is no reason to wait any more."""
        rate = self.queue.per_second
        while rate and self.goes_on():
            early = self.begun + self.handed_over / rate - time.monotonic()
            if early <= 0:
                return
            time.sleep(min(early, LOOK_UP_S))

    def observe(self, mails: Sequence[OutboxMail]) -> None:
        """Hand `mails`, whose state has just changed, to the features that asked for them."""
        by_purpose = defaultdict(list)
        for mail in mails:
            by_purpose[MailPurpose(mail.purpose)].append(mail)
        for purpose, some in by_purpose.items():
            self.observers[purpose](some)


def doubt_orphans(delivery: DeliveryRound) -> int:
    """Put those mails in doubt whose worker ended between claim and reply; return how many.

    A mail of this very job is one of an earlier try; that of another job is left alone while that
    job lives.
    """
    with transaction.atomic():
        sending = OutboxMail.objects.filter(queue=delivery.queue, state=OutboxState.SENDING)
        alive = Job.objects.filter(
            state=JobState.RUNNING,
            leased_until__gt=timezone.now(),
            pk__in=list(sending.values_list("claimed_by_job", flat=True)),
        ).exclude(pk=delivery.work.job_id)
        orphans = sending.exclude(claimed_by_job__in=list(alive.values_list("pk", flat=True)))
        mails = list(orphans.select_for_update().order_by("pk"))
        for mail in mails:
            mail.state, mail.done_at = OutboxState.IN_DOUBT, timezone.now()
            mail.reply = _("the sender was stopped before the server's answer was written down")
        # The claim stays: a worker that was only silent may still write its reply down.
        OutboxMail.objects.bulk_update(mails, ["state", "reply", "done_at"])
        delivery.observe(mails)
    return len(mails)


def claim(mails: Sequence[OutboxMail], token: str, delivery: DeliveryRound) -> set[int]:
    """Take those of the mails that are still queued for this attempt, commit, and return them."""
    if not mails:
        return set()
    with transaction.atomic():
        OutboxMail.objects.filter(
            pk__in=[mail.pk for mail in mails], state=OutboxState.QUEUED
        ).update(
            state=OutboxState.SENDING,
            claim=token,
            claimed_by_job=delivery.work.job_id,
            attempts=F("attempts") + 1,
        )
        claimed = list(OutboxMail.objects.filter(claim=token, state=OutboxState.SENDING))
        delivery.observe(claimed)
    return {mail.pk for mail in claimed}


def settle(
    answered: Iterable[tuple[OutboxMail, SmtpReply]], token: str, delivery: DeliveryRound
) -> None:
    """Write what became of these mails, whose attempt had the claim `token`, in one transaction.

    A mail that another worker claimed, or a person settled or cancelled meanwhile, is left alone.
    """
    with transaction.atomic():
        changed = [
            mail.pk
            for mail, reply in answered
            if _of_attempt(mail, token).update(**_changes(mail, reply))
        ]
        delivery.observe(list(OutboxMail.objects.filter(pk__in=changed)))


def _of_attempt(mail: OutboxMail, token: str) -> QuerySet[OutboxMail]:
    # In doubt by now, if this worker was silent for long: with its reply it is not any more.
    claimed = Q(claim=token, state__in=[OutboxState.SENDING, OutboxState.IN_DOUBT])
    return OutboxMail.objects.filter(Q(state=OutboxState.QUEUED) | claimed, pk=mail.pk)


def _changes(mail: OutboxMail, reply: SmtpReply) -> dict[str, Any]:
    """Return the fields that `reply` gives to a mail, loaded before its attempt."""
    now = timezone.now()
    attempts = mail.attempts + 1
    match reply.outcome:
        case SmtpOutcome.ACCEPTED:
            state, words = OutboxState.SENT, reply.words
        case SmtpOutcome.UNKNOWN:
            why = _("the connection was lost before the server answered (%(reply)s)")
            state, words = OutboxState.IN_DOUBT, why % {"reply": reply.words}
        case SmtpOutcome.LATER if attempts < _most_attempts(mail):
            wait = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(attempts - 1, 20))
            return {
                "state": OutboxState.QUEUED,
                "attempts": attempts,
                "retry_at": now + wait,
                "reply": reply.words[:500],
                "claim": "",
            }
        case _:
            state, words = OutboxState.FAILED, reply.words
    return {
        "state": state,
        "attempts": attempts,
        "reply": words[:500],
        "address_unknown": reply.outcome == SmtpOutcome.NO_SUCH_ADDRESS,
        "done_at": now,
    }


def _most_attempts(mail: OutboxMail) -> int:
    return MOST_ATTEMPTS_OF.get(MailPurpose(mail.purpose), MOST_ATTEMPTS)
