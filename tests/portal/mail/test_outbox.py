"""A mail is asked for in the act's transaction, once a key; a person settles what is in doubt."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.worker import worker_name
from quetsach_portal.mail.models import MailPurpose, OutboxMail, OutboxState
from quetsach_portal.mail.outbox import (
    KEPT,
    MailRecipient,
    cancel,
    enqueue_many,
    forget,
    forget_old,
    mail_about,
    mark_failed,
    mark_sent,
    open_queue,
    pause_queue,
    resume,
    send_again,
    start_queue,
)
from quetsach_portal.web.acts import Refused
from tests.portal.mail.delivering import ask, message_ids, run_due, run_later, states
from tests.portal.working import claim

pytestmark = pytest.mark.django_db


REMINDER = MailPurpose.FOLLOWUP


def test_asking_twice_is_asking_once(sink) -> None:
    first = ask()
    assert ask() == first
    run_due()
    assert ask().state == OutboxState.SENT
    run_later(2)
    assert len(sink.mails) == 1


def test_an_act_that_is_rolled_back_leaves_no_mail_and_no_job() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ask()
        1 / 0  # noqa: B018
    assert not OutboxMail.objects.exists()
    assert not Job.objects.exists()


def test_many_are_asked_for_in_a_few_queries_and_those_known_are_left_out(
    django_assert_max_num_queries,
) -> None:
    ask(3)
    recipients = [
        MailRecipient(number, f"xa{number}@huyen.example", f"reminder:{number}")
        for number in range(1, 1201)
    ]
    with django_assert_max_num_queries(30):
        assert enqueue_many(REMINDER, recipients) == 1199
    assert enqueue_many(REMINDER, recipients) == 0
    assert OutboxMail.objects.count() == 1200
    assert OutboxMail.objects.values("message_id").distinct().count() == 1200


def test_mails_that_are_asked_for_one_after_the_other_share_a_job(sink) -> None:
    for number in range(1, 6):
        ask(number)
    assert Job.objects.count() == 1
    run_due()
    assert dict(sink.by_id()) == message_ids()


def test_a_mail_asked_for_while_another_waits_for_its_next_try_goes_at_once(sink) -> None:
    sink.recipient_reply = lambda address: "451 later"
    ask(1)
    run_due()
    sink.recipient_reply = lambda address: ""
    ask(2)
    run_due()
    assert states() == ["queued", "sent"]


def test_a_new_mail_does_not_call_a_server_that_is_away_before_its_time(settings) -> None:
    settings.EMAIL_HOST = ""
    ask(1)
    run_due()
    ask(2)
    assert Job.objects.filter(state=JobState.READY, run_after__lte=timezone.now()).count() == 0
    assert Job.objects.filter(state=JobState.READY).count() == 1


def test_nothing_in_a_paused_queue_is_sent_until_it_is_started(sink) -> None:
    open_queue("letter:1", is_paused=True)
    ask(1, queue="letter:1")
    assert not Job.objects.exists()
    run_later(2)
    assert states() == ["queued"]
    start_queue("letter:1", per_second=0)
    pause_queue("letter:1")
    run_later(2)
    assert states() == ["queued"]
    start_queue("letter:1", per_second=0)
    run_due()
    assert states() == ["sent"]


def test_what_is_cancelled_while_it_waits_is_not_sent_and_what_is_being_sent_is_not_cancelled(
    sink,
) -> None:
    for number in (1, 2, 3):
        ask(number)
    OutboxMail.objects.filter(object_id=3).update(state=OutboxState.SENDING, claim="a worker")
    assert cancel(REMINDER, [2, 3, 4]) == {2}
    assert cancel(MailPurpose.LETTER, [1]) == set()
    run_due()
    assert [mail["Subject"] for mail in sink.messages()] == ["Thư số 1"]


def test_a_person_settles_what_is_in_doubt(sink) -> None:
    for number in (1, 2):
        ask(number)
    OutboxMail.objects.update(state=OutboxState.IN_DOUBT)
    mark_sent(mail_about(REMINDER, 1), "the recipient has it")
    send_again(mail_about(REMINDER, 2))
    with pytest.raises(Refused):
        mark_sent(mail_about(REMINDER, 1), "again")
    with pytest.raises(Refused):
        send_again(mail_about(REMINDER, 1))
    run_due()
    assert states() == ["sent", "sent"]
    again = mail_about(REMINDER, 2)
    assert dict(sink.by_id()) == {f"<{again.message_id}@127.0.0.1>": 1}


def test_a_bounce_notice_is_marked_by_hand_with_its_words(sink) -> None:
    ask()
    run_due()
    mark_failed(mail_about(REMINDER, 1), "550 user unknown")
    mail = mail_about(REMINDER, 1)
    assert (mail.state, mail.reply, mail.address_unknown) == ("failed", "550 user unknown", True)
    OutboxMail.objects.update(state=OutboxState.SENDING, claim="a worker")
    with pytest.raises(Refused):
        mark_failed(mail_about(REMINDER, 1), "550 user unknown")


def test_a_queue_whose_job_was_lost_is_woken(sink) -> None:
    ask()
    ask(2, queue="held")
    pause_queue("held")
    Job.objects.update(state=JobState.FAILED)
    work = claim(worker_name())
    assert work is None
    resume(work)
    resume(work)
    assert Job.objects.filter(state=JobState.READY).count() == 1
    run_due()
    assert states() == ["sent", "queued"]


def test_ends_are_forgotten_after_their_time_and_at_once_when_asked(sink) -> None:
    for number in (1, 2, 3):
        ask(number)
    run_due()
    ask(4)
    long_ago = timezone.now() - KEPT - timedelta(days=1)
    OutboxMail.objects.filter(object_id__in=[1, 4]).update(done_at=long_ago)
    forget_old(None)
    assert sorted(OutboxMail.objects.values_list("object_id", flat=True)) == [2, 3, 4]
    assert forget(REMINDER, [2, 4]) == 2
    assert OutboxMail.objects.get().object_id == 3
