"""Send the mails of a letter, each exactly once through kills of the worker and refusals.

A row is `queued` until right before the last byte of its mail: then it is claimed, and committed as
`sending`. The server's answer, committed, makes it `sent`. A worker that dies in between leaves one
row `sending`; the next round calls it `in_doubt` and a person decides, for nobody else can know.
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

from quetsach_portal.jobs.work import Work
from quetsach_portal.letters.answers import claim_row, doubt_orphans, settle
from quetsach_portal.letters.mails import mail_of, sender
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    Letter,
    Mailing,
    MailingState,
)
from quetsach_portal.letters.receivers import on_the_wire
from quetsach_portal.letters.rounds import wake
from quetsach_portal.letters.smtp_line import Answer, Outcome, Server, ServerAway, SmtpLine

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 200
LOOK_UP_S = 0.5
"""How often a round looks whether it was paused; in between it only sends."""

MOST_LATER_IN_A_ROW = 25
"""So many "later" one after the other are the server's state, not the addresses'."""

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=10)


@dataclass
class Round:
    """One job's work on a mailing: what it did, and why it ended early."""

    letter: Letter
    work: Work
    per_second: int
    begun: float = field(default_factory=time.monotonic)
    handed_over: int = 0
    later_in_a_row: int = 0
    looked_at: float = 0.0
    problem: str = ""

    def goes_on(self) -> bool:
        """True while the mailing runs and the server takes mails; looks up twice a second.

        Errors: LeaseLost when another worker has the job.
        """
        if self.problem:
            return False
        now = time.monotonic()
        if now - self.looked_at < LOOK_UP_S:
            return True
        self.looked_at = now
        self.work.renew()
        mine = Mailing.objects.filter(pk=self.letter.pk, round=self.work.payload["round"])
        return mine.filter(state=MailingState.RUNNING).exists()

    def wait_for_turn(self) -> None:
        """Wait until the next mail keeps to the rate."""
        if self.per_second:
            early = self.begun + self.handed_over / self.per_second - time.monotonic()
            if early > 0:
                time.sleep(min(early, 1.0))


def run(work: Work) -> None:
    """Send what is due of one letter, then ask for the next round if anything waits."""
    mailing = Mailing.objects.select_related("letter__node__unit").get(pk=work.payload["letter_id"])
    this = Round(mailing.letter, work, mailing.per_second)
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


def _send_due(this: Round) -> None:
    if not settings.EMAIL_HOST:
        this.problem = _("No mail server is set up (QUETSACH_SMTP_HOST).")
        return
    rows = _rows(this)
    row = next(rows, None)
    while row is not None:
        before = this.handed_over
        try:
            with SmtpLine(server()) as line:
                row = _send_over(line, row, rows, this)
        except ServerAway as error:
            log.warning("mail server away", extra={"letter": this.letter.pk})
            if this.handed_over == before:
                this.problem = str(error)
                return
            # Many servers close after so many mails; the row that was next is still queued.
            row = next(rows, None)


def _rows(this: Round) -> Iterator[Dispatch]:
    while rows := due_rows(this.letter.pk, timezone.now()):
        for row in rows:
            if not this.goes_on():
                return
            yield row


def _send_over(
    line: SmtpLine, first: Dispatch, rows: Iterator[Dispatch], this: Round
) -> Dispatch | None:
    """Send over one connection until rows or connection end; return the row to go on with.

    Errors: ServerAway.
    """
    row: Dispatch | None = first
    while row is not None:
        this.wait_for_turn()
        outcome = _send(line, row, this)
        row = next(rows, None)
        if outcome in (Outcome.UNKNOWN, Outcome.NOT_OURS):
            break
    return row


def _send(line: SmtpLine, row: Dispatch, this: Round) -> Outcome:
    token = secrets.token_hex(16)
    try:
        message, recipient = mail_of(row, this.letter, at=timezone.now()), on_the_wire(row.address)
    except ValueError as error:
        settle(row, token, Answer(Outcome.REFUSED, str(error)))
        return Outcome.REFUSED
    try:
        answer = line.hand_over(
            message,
            sender=sender(),
            recipient=recipient,
            claim=lambda: claim_row(row.pk, token, this.work.job_id),
        )
    except ServerAway as error:
        # A mail that no server stands must not keep the others from their turn for ever.
        settle(row, token, Answer(Outcome.LATER, str(error)))
        raise
    settle(row, token, answer)
    this.handed_over += 1
    this.later_in_a_row = this.later_in_a_row + 1 if answer.outcome == Outcome.LATER else 0
    if this.later_in_a_row >= MOST_LATER_IN_A_ROW:
        this.problem = answer.reply
    return answer.outcome


def _plan_next(this: Round) -> None:
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


def _next_try(this: Round, mailing: Mailing) -> datetime:
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


def server() -> Server:
    """Return the mail server that the settings name."""
    tls = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else ""
    return Server(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        settings.EMAIL_HOST_USER,
        settings.EMAIL_HOST_PASSWORD,
        tls,
    )
