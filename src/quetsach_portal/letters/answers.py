"""What the answer of the mail server, or its silence, does to a row; each step one short write."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.letters.models import Channel, Dispatch, DispatchState
from quetsach_portal.letters.smtp_line import SmtpOutcome, SmtpReply
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import UnitContact

FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=2)
MOST_LETTER_ATTEMPTS = 42
"""About three days of asking again, as mail servers do among themselves (RFC 5321, 4.5.4.1)."""


def claim_rows(dispatch_ids: Sequence[int], token: str, job_id: int) -> set[int]:
    """Take those of the rows that are still queued for this attempt, commit, and return them."""
    if not dispatch_ids:
        return set()
    with transaction.atomic():
        taken = Dispatch.objects.filter(pk__in=dispatch_ids, state=DispatchState.QUEUED).update(
            state=DispatchState.SENDING,
            claim=token,
            claimed_by_job=job_id,
            attempts=F("attempts") + 1,
        )
        if taken == len(dispatch_ids):
            return set(dispatch_ids)
        mine = Dispatch.objects.filter(pk__in=dispatch_ids, claim=token)
        return set(mine.values_list("pk", flat=True))


def settle(answered: Iterable[tuple[Dispatch, SmtpReply]], token: str) -> None:
    """Write what became of these rows, whose attempts had the claim `token`, in one transaction."""
    with transaction.atomic():
        for row, answer in answered:
            _settle_one(row, token, answer)


def _settle_one(row: Dispatch, token: str, answer: SmtpReply) -> None:
    mine = _of_attempt(row, token)
    match answer.outcome:
        case SmtpOutcome.ACCEPTED:
            # In doubt by now, if this worker was silent for long: then it is not any more.
            mine.update(state=DispatchState.SENT, reply=answer.reply, done_at=timezone.now())
        case SmtpOutcome.UNKNOWN:
            why = _("the connection was lost before the server answered (%(reply)s)")
            reply = (why % {"reply": answer.reply})[:500]
            mine.update(state=DispatchState.IN_DOUBT, reply=reply)
        case SmtpOutcome.LATER:
            _later(row, mine, answer.reply)
        case SmtpOutcome.REFUSED:
            _end(row, mine, DispatchState.FAILED, answer.reply)
        case SmtpOutcome.NO_SUCH_ADDRESS:
            if _end(row, mine, DispatchState.BOUNCED, answer.reply):
                switch_off(row, answer.reply)


def switch_off(row: Dispatch, reply: str, actor: User | None = None) -> None:
    """Switch the contact of `row` off, so that no later letter goes there; once (C3).

    The caller holds the transaction. An address that was put right meanwhile stays on.
    """
    if row.contact_id is None:
        return
    reason = (_("bounced: %(reply)s") % {"reply": reply})[:200]
    contact = UnitContact.objects.filter(pk=row.contact_id, disabled_reason="", mail=row.address)
    if contact.update(disabled_reason=reason):
        record("contact.disabled", actor=actor, kind="contact", object_id=row.contact_id)


def doubt_orphans(letter_id: int, job_id: int) -> int:
    """Put those rows in doubt whose worker ended between claim and answer; return how many.

    A row of this very job is one of an earlier try; that of another job is left alone while that
    job lives.
    """
    sending = Dispatch.objects.filter(
        letter_id=letter_id, channel=Channel.MAIL, state=DispatchState.SENDING
    )
    alive = Job.objects.filter(
        state=JobState.RUNNING,
        leased_until__gt=timezone.now(),
        pk__in=list(sending.values_list("claimed_by_job", flat=True)),
    ).exclude(pk=job_id)
    orphans = sending.exclude(claimed_by_job__in=list(alive.values_list("pk", flat=True)))
    return orphans.update(
        state=DispatchState.IN_DOUBT,
        reply=_("the sender was stopped before the server's answer was written down"),
    )


def _of_attempt(row: Dispatch, token: str) -> QuerySet[Dispatch]:
    """Return `row` while it is this attempt's: still queued, or claimed with its token.

    A row that another worker claimed, or a person settled or cancelled meanwhile, is left alone.
    """
    claimed = Q(claim=token, state__in=[DispatchState.SENDING, DispatchState.IN_DOUBT])
    return Dispatch.objects.filter(Q(state=DispatchState.QUEUED) | claimed, pk=row.pk)


def _later(row: Dispatch, mine: QuerySet[Dispatch], reply: str) -> None:
    attempts = row.attempts + 1
    if attempts >= MOST_LETTER_ATTEMPTS:
        _end(row, mine, DispatchState.FAILED, reply)
        return
    wait = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(attempts - 1, 20))
    mine.update(
        state=DispatchState.QUEUED,
        attempts=attempts,
        retry_at=timezone.now() + wait,
        reply=reply[:500],
        claim="",
    )


def _end(row: Dispatch, mine: QuerySet[Dispatch], state: DispatchState, reply: str) -> int:
    return mine.update(
        state=state, reply=reply[:500], attempts=row.attempts + 1, done_at=timezone.now(), claim=""
    )
