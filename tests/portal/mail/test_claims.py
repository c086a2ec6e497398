"""A mail is claimed by one attempt, and its reply written down once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.worker import worker_name
from quetsach_portal.mail.claims import DeliveryRound, claim, doubt_orphans, settle
from quetsach_portal.mail.models import MailPurpose, MailQueue, OutboxMail, OutboxState
from quetsach_portal.mail.outbox import (
    MailRecipient,
    enqueue_many,
)
from quetsach_portal.mail.smtp import SmtpOutcome, SmtpReply
from tests.portal.mail.delivering import (
    COMPOSERS,
    OBSERVERS,
    states,
)
from tests.portal.working import claim as claim_job

pytestmark = pytest.mark.django_db

LETTER = MailPurpose.LETTER


def ask(count: int = 2, purpose: MailPurpose = LETTER, queue: str = "") -> None:
    recipients = [
        MailRecipient(number, f"xa{number}@huyen.example", f"{purpose}:{number}")
        for number in range(1, count + 1)
    ]
    enqueue_many(purpose, recipients, queue=queue)


def start_round(observers=OBSERVERS) -> DeliveryRound:
    work = claim_job(worker_name())
    assert work is not None
    return DeliveryRound(MailQueue.objects.get(), work, COMPOSERS, observers)


def accepted(words: str = "250 ok") -> SmtpReply:
    return SmtpReply(SmtpOutcome.ACCEPTED, words)


def test_only_one_of_two_attempts_claims_a_mail(sink) -> None:
    ask(1)
    this = start_round()
    mails = list(OutboxMail.objects.all())
    assert claim(mails, "one", this) == {mails[0].pk}
    assert claim(mails, "two", this) == set()
    assert claim([], "three", this) == set()


def test_a_worker_that_was_silent_for_long_still_writes_down_its_reply(sink) -> None:
    ask(1)
    this = start_round()
    (mail,) = OutboxMail.objects.all()
    assert claim([mail], "token", this)
    assert doubt_orphans(this) == 1
    assert states() == ["in_doubt"]
    settle([(mail, accepted())], "token", this)
    assert states() == ["sent"]


def test_what_a_person_settled_is_not_changed_by_a_late_reply(sink) -> None:
    ask(1)
    this = start_round()
    (mail,) = OutboxMail.objects.all()
    claim([mail], "token", this)
    OutboxMail.objects.update(state=OutboxState.FAILED)
    settle([(mail, accepted())], "token", this)
    assert states() == ["failed"]


def test_a_mail_in_the_hands_of_a_living_worker_is_not_in_doubt(sink) -> None:
    ask(1)
    this = start_round()
    claim(list(OutboxMail.objects.all()), "token", this)
    other = replace(this, work=replace(this.work, job_id=this.work.job_id + 1))
    assert doubt_orphans(other) == 0
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert doubt_orphans(other) == 1
