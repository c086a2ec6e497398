"""Send the mails of a queue, each exactly once through kills of the worker and refusals.

A mail is `queued` until right before its end is sent: then it is claimed, and committed as
`sending`. The server's reply, committed, makes it `sent`. A worker that dies in between leaves its
few mails `sending`; the next round calls them `in_doubt` and a person decides, for nobody else can
know.
"""

import logging
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.mail.box import put_in_box
from quetsach_portal.mail.claims import (
    ROWS_AT_ONCE,
    Composer,
    DeliveryRound,
    Observer,
    claim,
    doubt_orphans,
    settle,
)
from quetsach_portal.mail.letterbox import put_in_letterbox
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


MOST_LATER_IN_A_ROW = 25
"""So many "later" one after the other are the server's state, not the addresses'."""

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=10)


ABOUT_ACCOUNTS = frozenset(
    {MailPurpose.INVITATION, MailPurpose.NEW_PASSWORD, MailPurpose.ACCOUNT_NOTICE}
)
"""Without a mail server these go into files; nobody could sign in without their links."""


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


def _send_due(delivery: DeliveryRound) -> None:
    if settings.REHEARSAL:
        _put_due_in_box(delivery)
        return
    if not settings.EMAIL_HOST:
        _put_due_in_letterbox(delivery)
        return
    with SmtpLanes(server(), settings.QUETSACH.mail_connections, sender_address()) as lanes:
        for batch in _batches(delivery, lanes):
            delivery.wait_for_turn()
            _send_batch(batch, lanes, delivery)


def _put_due_in_letterbox(delivery: DeliveryRound) -> None:
    """Put the mails about accounts into files; all others wait for a mail server."""
    while delivery.goes_on() and (mails := due_mails(delivery.queue, timezone.now())):
        if any(mail.purpose not in ABOUT_ACCOUNTS for mail in mails):
            delivery.problem = _("No mail server is set up (QUETSACH_SMTP_HOST).")
        for mail in mails:
            if mail.purpose in ABOUT_ACCOUNTS:
                _put_in_letterbox(mail, delivery)


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


def _put_in_letterbox(mail: OutboxMail, delivery: DeliveryRound) -> None:
    draft = _draft_of(mail, delivery)
    if draft is not None:
        text = f"To: {mail.to}\nSubject: {draft.subject}\n\n{draft.body}\n"
        words = f"in {put_in_letterbox(mail.pk, text).name}"
        settle([(mail, SmtpReply(SmtpOutcome.ACCEPTED, words))], "", delivery)


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
