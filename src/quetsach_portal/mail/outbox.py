"""Ask for mails within the act that needs them, and what a person decides about one of them.

Locks are taken in this order: the mail's row, its queue, then the feature's own row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.jobs.queue import enqueue as enqueue_job
from quetsach_portal.mail.letterbox import clear_letterbox
from quetsach_portal.mail.models import MailPurpose, MailQueue, OutboxMail, OutboxState
from quetsach_portal.web.acts import Refused

KIND = "mail.deliver"
TRIES = 1000
"""A worker that is killed leaves its round to the next one; only a flood of kills ends a round."""

KEPT = timedelta(days=90)
"""For so long the outbox remembers a mail that came to its end, with its address."""

ROWS_AT_ONCE = 500
SETTLED = (OutboxState.SENT, OutboxState.IN_DOUBT, OutboxState.FAILED)


@dataclass(frozen=True)
class MailRecipient:
    """One of many mails of a purpose: about which object, to which address, under which key."""

    object_id: int
    to: str
    key: str


def enqueue(
    purpose: MailPurpose, object_id: int, to: str, *, key: str, queue: str = ""
) -> OutboxMail:
    """Return the mail with this `key`, asked for now if there was none.

    The row appears when the caller's transaction commits and not otherwise. Its text is composed
    when it is sent; mails of a purpose that names no `queue` wait together.
    """
    with transaction.atomic():
        enqueue_many(purpose, [MailRecipient(object_id, to, key)], queue=queue)
        return OutboxMail.objects.get(key=key)


def enqueue_many(
    purpose: MailPurpose,
    recipients: Iterable[MailRecipient],
    *,
    queue: str = "",
    not_before: datetime | None = None,
) -> int:
    """Ask for a mail to each of `recipients` whose key is new; return how many those are.

    With `not_before` they wait until then and can be cancelled; others of the queue go first.
    """
    rows = list(recipients)
    count = 0
    with transaction.atomic():
        mail_queue = open_queue(queue or purpose)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            count += _write(purpose, mail_queue, some, not_before)
        if count and not mail_queue.is_paused and not _has_round(mail_queue):
            wake(mail_queue)
    return count


def open_queue(name: str, *, is_paused: bool = False, unit_path: str = "") -> MailQueue:
    """Return the queue with this name, its row locked; made with the given start if there is none.

    The caller holds the transaction.
    """
    MailQueue.objects.get_or_create(
        name=name,
        defaults={
            "is_paused": is_paused,
            "per_second": settings.QUETSACH.mail_per_second,
            "unit_path": unit_path,
        },
    )
    return MailQueue.objects.select_for_update().get(name=name)


def start_queue(name: str, *, per_second: int, asked_by_id: int | None = None) -> MailQueue:
    """Return the queue, running from now on, at most so many mails a second."""
    with transaction.atomic():
        queue = open_queue(name)
        queue.is_paused, queue.per_second, queue.asked_by_id = False, per_second, asked_by_id
        queue.failures, queue.problem = 0, ""
        wake(queue)
    return queue


def pause_queue(name: str) -> MailQueue:
    """Return the queue, paused: the mails under way are finished, no other is begun."""
    with transaction.atomic():
        row = open_queue(name)
        row.is_paused, row.next_try_at = True, None
        row.save(update_fields=["is_paused", "next_try_at"])
    return row


def wake(queue: MailQueue, *, at: datetime | None = None) -> None:
    """Ask for the next round of `queue`, from `at` on, and save it; the caller holds its row.

    Any earlier round stops when it sees the new number: there is never more than one at work.
    """
    queue.round += 1
    queue.next_try_at = at
    queue.save()
    enqueue_job(
        KIND,
        key=_job_key(queue),
        payload={"queue": queue.pk, "round": queue.round},
        run_after=at,
        asked_by_id=queue.asked_by_id,
        unit_path=queue.unit_path,
        max_attempts=TRIES,
    )


def resume(work: RunningJob) -> None:
    """Wake each queue whose mails wait and for which no job is under way; a job's handler."""
    waiting = MailQueue.objects.filter(is_paused=False, mails__state=OutboxState.QUEUED)
    for name in waiting.distinct().values_list("name", flat=True):
        with transaction.atomic():
            row = open_queue(name)
            if not row.is_paused and not _has_round(row):
                wake(row)


def why_waiting(purpose: MailPurpose) -> str:
    """Return why the mails of a purpose wait, "" when nothing keeps them."""
    queues = MailQueue.objects.filter(name=purpose)
    return queues.values_list("problem", flat=True).first() or ""


def mail_about(purpose: MailPurpose, object_id: int) -> OutboxMail:
    """Return the newest mail about this object, its row locked; the caller holds the transaction.

    Errors: OutboxMail.DoesNotExist when none was asked for, or it was forgotten since.
    """
    rows = OutboxMail.objects.select_for_update(of=("self",)).select_related("queue")
    return rows.filter(purpose=purpose, object_id=object_id).latest("pk")


def cancel(purpose: MailPurpose, object_ids: Iterable[int]) -> set[int]:
    """Take back the mails about these objects that still wait; return the objects of those."""
    cancelled: set[int] = set()
    with transaction.atomic():
        for some in _parts(object_ids):
            rows = OutboxMail.objects.select_for_update().filter(
                purpose=purpose, object_id__in=some, state=OutboxState.QUEUED
            )
            mails = list(rows.order_by("pk"))
            OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails]).delete()
            cancelled.update(mail.object_id for mail in mails)
    return cancelled


def mark_sent(mail: OutboxMail, reply: str) -> None:
    """Settle a mail that was in doubt: the recipient has it, as `reply` says.

    The caller holds its row. Errors: Refused in any other state.
    """
    _refuse_unless(mail, OutboxState.IN_DOUBT)
    _settle(mail, OutboxState.SENT, reply)


def mark_failed(mail: OutboxMail, reply: str) -> None:
    """Settle a mail that never came, as the notice `reply` in the mailbox says.

    The caller holds its row. Errors: Refused while it is being sent.
    """
    _refuse_unless(mail, OutboxState.QUEUED, *SETTLED)
    mail.address_unknown = True
    _settle(mail, OutboxState.FAILED, reply)


def send_again(mail: OutboxMail) -> None:
    """Queue a mail that was in doubt or failed once more, under the same Message-ID.

    The caller holds its row. Errors: Refused in any other state.
    """
    _refuse_unless(mail, OutboxState.IN_DOUBT, OutboxState.FAILED)
    mail.state, mail.claim, mail.retry_at, mail.done_at = OutboxState.QUEUED, "", None, None
    mail.attempts, mail.address_unknown = 0, False
    mail.save()
    queue = open_queue(mail.queue.name)
    if not queue.is_paused and not _has_round(queue):
        wake(queue)


def forget(purpose: MailPurpose, object_ids: Iterable[int]) -> int:
    """Delete the mails about these objects, whatever became of them; return how many."""
    with transaction.atomic():
        return sum(
            OutboxMail.objects.filter(purpose=purpose, object_id__in=some).delete()[0]
            for some in _parts(object_ids)
        )


def forget_old(work: RunningJob) -> None:
    """Delete mails that came to their end long ago, and files of mails; a job's handler."""
    clear_letterbox()
    old = OutboxMail.objects.filter(state__in=SETTLED, done_at__lt=timezone.now() - KEPT)
    old.delete()


def _write(
    purpose: MailPurpose,
    queue: MailQueue,
    recipients: list[MailRecipient],
    not_before: datetime | None,
) -> int:
    keys = [recipient.key for recipient in recipients]
    known_keys = set(OutboxMail.objects.filter(key__in=keys).values_list("key", flat=True))
    mails = [
        OutboxMail(
            purpose=purpose,
            object_id=recipient.object_id,
            queue=queue,
            key=recipient.key,
            to=recipient.to,
            retry_at=not_before,
        )
        for recipient in recipients
        if recipient.key not in known_keys
    ]
    # Another act may write the same key at this moment; its mail is as good as ours.
    OutboxMail.objects.bulk_create(mails, ignore_conflicts=True)
    return len(mails)


def _has_round(queue: MailQueue) -> bool:
    """True when the job of the round at hand will still look for mails; the row is held.

    It ends by taking that row, so what is written now it sees. One that waits because the server
    is away is left to wait; one that waits for the next try of a mail is not.
    """
    job = Job.objects.filter(key=_job_key(queue)).first()
    if job is None or job.state not in (JobState.READY, JobState.RUNNING):
        return False
    is_away = bool(queue.problem)
    return job.state == JobState.RUNNING or is_away or job.run_after <= timezone.now()


def _job_key(queue: MailQueue) -> str:
    return f"{KIND}:{queue.pk}:{queue.round}"


def _settle(mail: OutboxMail, state: OutboxState, reply: str) -> None:
    mail.state, mail.reply, mail.claim = state, reply[:500], ""
    mail.done_at = timezone.now()
    mail.save()


def _refuse_unless(mail: OutboxMail, *states: OutboxState) -> None:
    if mail.state not in states:
        raise Refused(
            _("This row is “%(state)s” by now; look at it again.")
            % {"state": OutboxState(mail.state).label}
        )


def _parts(object_ids: Iterable[int]) -> Iterable[list[int]]:
    numbers = list(object_ids)
    for start in range(0, len(numbers), ROWS_AT_ONCE):
        yield numbers[start : start + ROWS_AT_ONCE]
