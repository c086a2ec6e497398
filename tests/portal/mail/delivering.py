"""Rounds of delivery in the test's own process, with composers that write little."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from django.utils import timezone

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import LeaseLost
from quetsach_portal.jobs.worker import JobTable, claim, worker_name
from quetsach_portal.mail.delivery import deliver
from quetsach_portal.mail.message import MailDraft
from quetsach_portal.mail.models import MailPurpose, OutboxMail
from quetsach_portal.mail.outbox import (
    enqueue,
)

END_OF_TEXT = "The text ends here."


def compose(object_id: int) -> MailDraft:
    """Return the mail about an object."""
    return MailDraft(f"Thư số {object_id}", f"Kính gửi đơn vị {object_id}.\n{END_OF_TEXT}\n")


def look_away(mails: Sequence[OutboxMail]) -> None:
    """Observe nothing."""


JOBS = JobTable({})
"""No job but mails: the portal's table loads all that jobs do, in each process to be killed."""

COMPOSERS = dict.fromkeys(MailPurpose, compose)
OBSERVERS = dict.fromkeys(MailPurpose, look_away)


def run_due(composers=COMPOSERS, observers=OBSERVERS) -> None:
    """Run the jobs that are due to their ends."""
    while run_next(composers, observers):
        pass


def run_next(composers=COMPOSERS, observers=OBSERVERS) -> bool:
    """Run one job that is due; False when there is none."""
    work = claim(JOBS, worker_name())
    if work is None:
        return False
    with suppress(LeaseLost):
        deliver(work, composers=composers, observers=observers)
    return True


def let_time_pass() -> None:
    """Let all that waits for a time be due, and each lease of a dead worker run out."""
    moment = timezone.now() - timedelta(seconds=1)
    OutboxMail.objects.filter(retry_at__gt=moment).update(retry_at=moment)
    Job.objects.filter(state=JobState.READY, run_after__gt=moment).update(run_after=moment)
    Job.objects.filter(state=JobState.RUNNING).update(leased_until=moment)


def run_later(times: int = 1) -> None:
    """Let time pass and run what is due, so many times."""
    for _turn in range(times):
        let_time_pass()
        run_due()


def states() -> list[str]:
    """Return the states of all mails in the order in which they were asked for."""
    return list(OutboxMail.objects.order_by("pk").values_list("state", flat=True))


def message_ids() -> dict[str, int]:
    """Return the Message-ID of each mail, once."""
    numbers = OutboxMail.objects.values_list("message_id", flat=True)
    return {f"<{number}@127.0.0.1>": 1 for number in numbers}


REMINDER = MailPurpose.FOLLOWUP


def ask(object_id: int = 1, **options) -> OutboxMail:
    return enqueue(REMINDER, object_id, "xa@huyen.example", key=f"reminder:{object_id}", **options)
