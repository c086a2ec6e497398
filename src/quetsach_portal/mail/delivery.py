"""Send the mails of a queue, each exactly once through kills of the worker and refusals.

A mail is `queued` until right before its end is sent: then it is claimed, and committed as
`sending`. The server's reply, committed, makes it `sent`. A worker that dies in between leaves its
few mails `sending`; the next round calls them `in_doubt` and a person decides, for nobody else can
know.
"""

import logging
import secrets
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.mail.box import put_in_box
from quetsach_portal.mail.message import (
    MailDraft,
    MailNotNeeded,
    message_of,
    sender_address,
    wire_address,
)
from quetsach_portal.mail.models import MailPurpose, MailQueue, OutboxMail, OutboxState
from quetsach_portal.mail.outbox import wake
from quetsach_portal.mail.smtp import (
    OutgoingMail,
    SmtpLanes,
    SmtpOutcome,
    SmtpReply,
    SmtpServer,
)

log = logging.getLogger(__name__)

Composer: TypeAlias = Callable[[int], MailDraft]
"""Writes the mail about an object, secrets included. Errors: MailNotNeeded; ValueError fails it."""

Observer: TypeAlias = Callable[[Sequence[OutboxMail]], None]
"""Is handed the mails whose state has just changed, in the transaction that changed it."""

ROWS_AT_ONCE = 200
LOOK_UP_S = 0.5
"""How often a round looks whether it was paused; in between it only sends."""

MOST_LATER_IN_A_ROW = 25
"""So many "later" one after the other are the server's state, not the addresses'."""

RULE = "-" * 79

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=10)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=2)

MOST_ATTEMPTS = 12
"""About half a day: what reminders and links of accounts are good for."""

PRINTED = frozenset({MailPurpose.INVITATION, MailPurpose.NEW_PASSWORD, MailPurpose.ACCOUNT_NOTICE})
"""Without a mail server the worker prints these; nobody could sign in without their links."""

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


def deliver(
    work: RunningJob,
    *,
    composers: Mapping[MailPurpose, Composer],
    observers: Mapping[MailPurpose, Observer],
) -> None:
    """Send what is due of one queue, then ask for the next round if anything waits."""
    queue = MailQueue.objects.get(pk=work.payload["queue"])
    delivery = DeliveryRound(queue, work, composers, observers)
    doubt_orphans(delivery)
    if delivery.goes_on():
        _send_due(delivery)
    with work.finishing():
        _plan_next(delivery)


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


def _send_due(delivery: DeliveryRound) -> None:
    if settings.REHEARSAL:
        _put_due_in_box(delivery)
        return
    if not settings.EMAIL_HOST:
        _print_due(delivery)
        return
    with SmtpLanes(server(), settings.QUETSACH.mail_connections, sender_address()) as lanes:
        for batch in _batches(delivery, lanes):
            delivery.wait_for_turn()
            _send_batch(batch, lanes, delivery)


def _print_due(delivery: DeliveryRound) -> None:
    """Print the mails about accounts; all others wait for a mail server."""
    while delivery.goes_on() and (mails := due_mails(delivery.queue, timezone.now())):
        if any(mail.purpose not in PRINTED for mail in mails):
            delivery.problem = _("No mail server is set up (QUETSACH_SMTP_HOST).")
        for mail in mails:
            if mail.purpose in PRINTED:
                _print(mail, delivery)


def _put_due_in_box(delivery: DeliveryRound) -> None:
    """Put all that is due into the test box of the rehearsal, as a server would be handed it."""
    while delivery.goes_on() and (mails := due_mails(delivery.queue, timezone.now())):
        for mail in mails:
            draft = _draft_of(mail, delivery)
            if draft is None:
                continue
            try:
                message = message_of(draft, mail.to, message_id=mail.message_id, at=timezone.now())
            except ValueError as error:
                settle([(mail, SmtpReply(SmtpOutcome.REFUSED, str(error)))], "", delivery)
                continue
            put_in_box(mail.pk, message)
            settle([(mail, SmtpReply(SmtpOutcome.ACCEPTED, _("in the test box")))], "", delivery)


def _print(mail: OutboxMail, delivery: DeliveryRound) -> None:
    draft = _draft_of(mail, delivery)
    if draft is not None:
        sys.stdout.write(f"To: {mail.to}\nSubject: {draft.subject}\n\n{draft.body}\n{RULE}\n")
        sys.stdout.flush()
        settle([(mail, SmtpReply(SmtpOutcome.ACCEPTED, "printed"))], "", delivery)


def due_mails(queue: MailQueue, now: datetime) -> list[OutboxMail]:
    """Return the next mails to be sent, in the order in which they were asked for."""
    due = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    rows = OutboxMail.objects.filter(due, queue=queue, state=OutboxState.QUEUED)
    return list(rows.order_by("pk")[:ROWS_AT_ONCE])


def _batches(delivery: DeliveryRound, lanes: SmtpLanes) -> Iterator[list[OutboxMail]]:
    """Yield the mails to be sent side by side, each looked up after those before it are done."""
    while delivery.goes_on() and (mails := due_mails(delivery.queue, timezone.now())):
        while mails and delivery.goes_on():
            side_by_side = len(lanes.open)
            if delivery.queue.per_second:
                side_by_side = min(side_by_side, delivery.queue.per_second)
            yield mails[:side_by_side]
            mails = mails[side_by_side:]


def _send_batch(batch: list[OutboxMail], lanes: SmtpLanes, delivery: DeliveryRound) -> None:
    """Send these mails side by side: all but their ends, one commit, the ends, one commit."""
    token = secrets.token_hex(16)
    outgoing = list(_composed(batch, lanes, delivery))
    lanes.prepare(outgoing)
    ready = [prepared for prepared in outgoing if prepared.is_ready]
    claimed = claim([prepared.mail for prepared in ready], token, delivery)
    lanes.finish([prepared for prepared in ready if prepared.mail.pk in claimed])
    for prepared in ready:
        if prepared.mail.pk not in claimed and prepared.lane.connection is not None:
            # Cancelled meanwhile: without its end the server forgets the mail.
            prepared.lane.connection.drop()
    _count(outgoing, lanes, delivery)
    replies = ((sent.mail, reply) for sent in outgoing if (reply := _reply(sent)) is not None)
    settle(replies, token, delivery)


def _composed(
    batch: list[OutboxMail], lanes: SmtpLanes, delivery: DeliveryRound
) -> Iterator[OutgoingMail]:
    """Yield the mails of `batch`, each in its lane; one that cannot be composed has failed."""
    for mail, lane in zip(batch, lanes.open, strict=False):
        draft = _draft_of(mail, delivery)
        if draft is None:
            continue
        try:
            message = message_of(draft, mail.to, message_id=mail.message_id, at=timezone.now())
        except ValueError as error:
            settle([(mail, SmtpReply(SmtpOutcome.REFUSED, str(error)))], "", delivery)
        else:
            yield OutgoingMail(mail, message, wire_address(mail.to), lane)


def _draft_of(mail: OutboxMail, delivery: DeliveryRound) -> MailDraft | None:
    """Return the mail's text; None when it is not needed any more, or cannot be written."""
    try:
        return delivery.composers[MailPurpose(mail.purpose)](mail.object_id)
    except MailNotNeeded as reason:
        log.info("mail not needed", extra={"mail": mail.pk, "reason": str(reason)})
        OutboxMail.objects.filter(pk=mail.pk, state=OutboxState.QUEUED).delete()
    except (ValueError, ObjectDoesNotExist) as error:
        settle([(mail, SmtpReply(SmtpOutcome.REFUSED, str(error)))], "", delivery)
    return None


def _reply(outgoing: OutgoingMail) -> SmtpReply | None:
    """Return what is to be written about a mail; nothing where the server never saw it."""
    if outgoing.unavailable and not outgoing.untouched:
        # A mail that no server stands must not keep the others from their turn for ever.
        return SmtpReply(SmtpOutcome.LATER, outgoing.unavailable)
    return outgoing.reply


def _count(batch: list[OutgoingMail], lanes: SmtpLanes, delivery: DeliveryRound) -> None:
    """Note how many mails came to a reply, and whether the server is fit to go on with."""
    for outgoing in batch:
        if outgoing.reply is not None:
            delivery.handed_over += 1
            is_later = outgoing.reply.outcome == SmtpOutcome.LATER
            delivery.later_in_a_row = delivery.later_in_a_row + 1 if is_later else 0
            if delivery.later_in_a_row >= MOST_LATER_IN_A_ROW:
                delivery.problem = outgoing.reply.words
    unavailable = [outgoing.unavailable for outgoing in batch if outgoing.unavailable]
    if unavailable and (not lanes.open or len(unavailable) == len(batch)):
        delivery.problem = unavailable[0]
        log.warning("mail server away", extra={"queue": delivery.queue.pk})


def _plan_next(delivery: DeliveryRound) -> None:
    queue = MailQueue.objects.select_for_update().get(pk=delivery.queue.pk)
    if queue.round != delivery.work.payload["round"]:
        return
    queue.problem = delivery.problem[:500]
    queue.failures = queue.failures + 1 if delivery.problem and not delivery.handed_over else 0
    queue.next_try_at = None
    waiting = OutboxMail.objects.filter(queue=queue, state=OutboxState.QUEUED)
    if not queue.is_paused and waiting.exists():
        wake(queue, at=_next_try(delivery, queue, waiting))
        return
    queue.save()


def _next_try(delivery: DeliveryRound, queue: MailQueue, waiting: QuerySet[OutboxMail]) -> datetime:
    now = timezone.now()
    if delivery.problem:
        wait: timedelta = FIRST_WAIT * 2 ** min(queue.failures, 10)
        return now + min(LONGEST_WAIT, wait)
    if waiting.filter(retry_at__isnull=True).exists():
        return now
    earliest: datetime | None = waiting.aggregate(at=Min("retry_at"))["at"]
    return now if earliest is None else max(now, earliest)


def server() -> SmtpServer:
    """Return the mail server that the settings name."""
    tls = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else ""
    return SmtpServer(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        settings.EMAIL_HOST_USER,
        settings.EMAIL_HOST_PASSWORD,
        tls,
    )
