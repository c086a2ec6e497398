"""Send the mails of a letter, each exactly once through kills of the worker and refusals.

A row is `queued` until right before the end of its mail: then it is claimed, and committed as
`sending`. The server's answer, committed, makes it `sent`. A worker that dies in between leaves its
few rows `sending`; the next round calls them `in_doubt` and a person decides, for nobody else can
know.
"""

import logging
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.letters.actions.mailing import wake
from quetsach_portal.letters.answers import claim_rows, doubt_orphans, settle
from quetsach_portal.letters.lanes import ConnectionPool, OutgoingMail
from quetsach_portal.letters.mails import mail_of, on_the_wire, sender
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    Letter,
    Mailing,
    MailingState,
)
from quetsach_portal.letters.smtp_line import SmtpOutcome, SmtpReply, SmtpServer

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 200
LOOK_UP_S = 0.5
"""How often a round looks whether it was paused; in between it only sends."""

MOST_LATER_IN_A_ROW = 25
"""So many "later" one after the other are the server's state, not the addresses'."""

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=10)


@dataclass
class MailingRound:
    """One job's work on a mailing: what it did, and why it ended early."""

    letter: Letter
    work: RunningJob
    per_second: int
    begun: float = field(default_factory=time.monotonic)
    handed_over: int = 0
    later_in_a_row: int = 0
    looked_at: float = 0.0
    was_stopped: bool = False
    problem: str = ""

    def goes_on(self) -> bool:
        """True while the mailing runs and the server takes mails; looks up twice a second.

        Errors: LeaseLost when another worker has the job.
        """
        if self.problem or self.was_stopped:
            return False
        now = time.monotonic()
        if now - self.looked_at < LOOK_UP_S:
            return True
        self.looked_at = now
        self.work.renew()
        mine = Mailing.objects.filter(pk=self.letter.pk, round=self.work.payload["round"])
        self.was_stopped = not mine.filter(state=MailingState.RUNNING).exists()
        return not self.was_stopped

    def wait_for_turn(self) -> None:
        """Wait until the next mails keep to the rate, or there is no reason to wait any more."""
        while self.per_second and self.goes_on():
            early = self.begun + self.handed_over / self.per_second - time.monotonic()
            if early <= 0:
                return
            time.sleep(min(early, LOOK_UP_S))


def send_letter(work: RunningJob) -> None:
    """Send what is due of one letter, then ask for the next round if anything waits."""
    mailing = Mailing.objects.select_related("letter__node__unit").get(pk=work.payload["letter_id"])
    this = MailingRound(mailing.letter, work, mailing.per_second)
    doubt_orphans(this.letter.pk, work.job_id)
    if this.goes_on():
        _send_due(this)
    with work.finishing():
        _plan_next(this)


def due_rows(letter_id: int, now: datetime) -> list[Dispatch]:
    """Return the next rows to be sent, in the order in which they were made."""
    due = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    rows = Dispatch.objects.filter(
        due, letter_id=letter_id, channel=Channel.MAIL, state=DispatchState.QUEUED
    )
    return list(rows.select_related("to_node").order_by("pk")[:ROWS_AT_ONCE])


def _send_due(this: MailingRound) -> None:
    if not settings.EMAIL_HOST:
        this.problem = _("No mail server is set up (QUETSACH_SMTP_HOST).")
        return
    with ConnectionPool(server(), settings.QUETSACH.mail_connections, sender()) as lanes:
        for batch in _batches(this, lanes):
            this.wait_for_turn()
            _send_batch(batch, lanes, this)


def _batches(this: MailingRound, lanes: ConnectionPool) -> Iterator[list[Dispatch]]:
    """Yield the rows to be sent side by side; none is looked up before those before it are done."""
    while this.goes_on() and (rows := due_rows(this.letter.pk, timezone.now())):
        while rows and this.goes_on():
            side_by_side = len(lanes.open)
            if this.per_second:
                side_by_side = min(side_by_side, this.per_second)
            yield rows[:side_by_side]
            rows = rows[side_by_side:]


def _send_batch(batch: list[Dispatch], lanes: ConnectionPool, this: MailingRound) -> None:
    """Send these mails side by side: all but their ends, one commit, the ends, one commit."""
    token = secrets.token_hex(16)
    mails = list(_made(batch, lanes, token, this.letter))
    lanes.prepare(mails)
    ready = [mail for mail in mails if mail.is_ready]
    mine = claim_rows([mail.row.pk for mail in ready], token, this.work.job_id)
    lanes.finish([mail for mail in ready if mail.row.pk in mine])
    for mail in ready:
        if mail.row.pk not in mine and mail.lane.line is not None:
            # Cancelled meanwhile: without its end the server forgets the mail.
            mail.lane.line.drop()
    _count(mails, lanes, this)
    settle(((mail.row, answer) for mail in mails if (answer := _answer(mail))), token)


def _made(
    batch: list[Dispatch], lanes: ConnectionPool, token: str, letter: Letter
) -> Iterator[OutgoingMail]:
    """Yield the mails of `batch`, each in its lane; one that cannot be made has failed."""
    for row, lane in zip(batch, lanes.open, strict=False):
        try:
            message = mail_of(row, letter, at=timezone.now())
        except ValueError as error:
            settle([(row, SmtpReply(SmtpOutcome.REFUSED, str(error)))], token)
        else:
            yield OutgoingMail(row, message, on_the_wire(row.address), lane)


def _answer(mail: OutgoingMail) -> SmtpReply | None:
    """Return what is to be written about `mail`; nothing where the server never saw it."""
    if mail.away and not mail.untouched:
        # A mail that no server stands must not keep the others from their turn for ever.
        return SmtpReply(SmtpOutcome.LATER, mail.away)
    return mail.answer


def _count(mails: list[OutgoingMail], lanes: ConnectionPool, this: MailingRound) -> None:
    """Note how many mails came to an answer, and whether the server is fit to go on with."""
    for mail in mails:
        if mail.answer is not None:
            this.handed_over += 1
            later = mail.answer.outcome == SmtpOutcome.LATER
            this.later_in_a_row = this.later_in_a_row + 1 if later else 0
            if this.later_in_a_row >= MOST_LATER_IN_A_ROW:
                this.problem = mail.answer.reply
    away = [mail.away for mail in mails if mail.away]
    if away and (not lanes.open or len(away) == len(mails)):
        this.problem = away[0]
        log.warning("mail server away", extra={"letter": this.letter.pk})


def _plan_next(this: MailingRound) -> None:
    mailing = Mailing.objects.select_for_update().get(pk=this.letter.pk)
    if mailing.round != this.work.payload["round"]:
        return
    waiting = Dispatch.objects.filter(
        letter_id=this.letter.pk, channel=Channel.MAIL, state=DispatchState.QUEUED
    )
    mailing.problem = this.problem[:500]
    mailing.failures = mailing.failures + 1 if this.problem and not this.handed_over else 0
    mailing.next_try_at = None
    if mailing.state == MailingState.RUNNING:
        if waiting.exists():
            wake(mailing, at=_next_try(this, mailing))
            return
        mailing.state = MailingState.DONE
    mailing.save()


def _next_try(this: MailingRound, mailing: Mailing) -> datetime:
    now = timezone.now()
    if this.problem:
        wait: timedelta = FIRST_WAIT * 2 ** min(mailing.failures, 10)
        return now + min(LONGEST_WAIT, wait)
    waiting = Dispatch.objects.filter(
        letter_id=this.letter.pk, channel=Channel.MAIL, state=DispatchState.QUEUED
    )
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
