"""Each mail goes out exactly once, whatever the server says."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.worker import worker_name
from quetsach_portal.mail import delivery
from quetsach_portal.mail.claims import DeliveryRound
from quetsach_portal.mail.message import MailDraft, MailNotNeeded
from quetsach_portal.mail.models import MailPurpose, MailQueue, OutboxMail
from quetsach_portal.mail.outbox import (
    MailRecipient,
    cancel,
    enqueue_many,
    mail_about,
    send_again,
    start_queue,
)
from quetsach_portal.mail.smtp import SmtpOutcome, SmtpReply
from tests.portal.mail.delivering import (
    COMPOSERS,
    OBSERVERS,
    compose,
    message_ids,
    run_due,
    run_later,
    states,
)
from tests.portal.mail.sink import running_sink
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


def test_each_recipient_gets_one_mail_under_its_message_id(sink) -> None:
    ask(9)
    run_due()
    assert states() == ["sent"] * 9
    assert dict(sink.by_id()) == message_ids()
    assert set(sink.senders) == {"quetsach@localhost"}
    run_later(3)
    assert len(sink.mails) == 9
    assert OutboxMail.objects.filter(attempts=1, reply="250 2.0.0 queued").count() == 9


def test_C2_a_4xx_is_tried_again_and_not_before_its_time(sink) -> None:
    sink.recipient_reply = lambda address: "451 4.7.1 later" if "xa1@" in address else ""
    ask()
    run_due()
    assert states() == ["queued", "sent"]
    mail = mail_about(LETTER, 1)
    assert mail.attempts == 1
    assert timedelta(seconds=50) < mail.retry_at - timezone.now() <= timedelta(minutes=1)
    assert MailQueue.objects.get().next_try_at == mail.retry_at
    run_due()
    assert mail_about(LETTER, 1).attempts == 1
    run_later()
    assert timedelta(seconds=110) < mail_about(LETTER, 1).retry_at - timezone.now()
    sink.recipient_reply = lambda address: ""
    run_later()
    assert states() == ["sent", "sent"]
    assert dict(sink.by_id()) == message_ids()


@pytest.mark.parametrize(("purpose", "most"), [(LETTER, 42), (MailPurpose.NEW_PASSWORD, 12)])
def test_C2_after_many_4xx_a_person_is_asked(sink, purpose, most) -> None:
    sink.data_reply = lambda address: "452 4.3.1 disk full"
    ask(2, purpose)
    OutboxMail.objects.update(attempts=most - 2)
    run_due()
    assert states() == ["queued", "queued"]
    assert all(
        mail.retry_at <= timezone.now() + timedelta(hours=2) for mail in OutboxMail.objects.all()
    )
    run_later()
    assert states() == ["failed", "failed"]
    assert not sink.mails
    sink.data_reply = lambda address: ""
    for number in (1, 2):
        send_again(mail_about(purpose, number))
    run_due()
    assert dict(sink.by_id()) == message_ids()


@pytest.mark.parametrize(
    ("command", "reply", "is_unknown"),
    [
        ("recipient_reply", "550 5.1.1 no such user", True),
        ("recipient_reply", "550 5.7.1 relaying denied", False),
        ("data_reply", "554 5.7.1 spam", False),
    ],
)
def test_C3_a_5xx_is_never_tried_again(sink, command, reply, is_unknown) -> None:
    setattr(sink, command, lambda address: reply if "xa1@" in address else "")
    ask()
    run_due()
    run_later(2)
    assert states() == ["failed", "sent"]
    mail = mail_about(LETTER, 1)
    assert (mail.reply, mail.address_unknown, mail.attempts) == (reply, is_unknown, 1)
    assert mail.done_at is not None


def test_C2_a_connection_lost_after_the_end_is_in_doubt_and_never_sent_by_itself(sink) -> None:
    sink.data_reply = lambda address: "cut" if "xa1@" in address else ""
    ask()
    run_due()
    run_later(3)
    assert states() == ["in_doubt", "sent"]
    reply = mail_about(LETTER, 1).reply
    assert "lost" in reply or "mất" in reply
    assert len(sink.mails) == 1


def test_E1_with_the_server_down_mails_wait_the_queue_says_why_and_no_attempt_counts(
    settings,
) -> None:
    with running_sink() as gone:
        pass
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", gone.port
    ask()
    run_due()
    waits = []
    for _turn in range(8):
        wait = MailQueue.objects.get().next_try_at - timezone.now()
        waits.append(round(wait.total_seconds()))
        run_later()
    assert states() == ["queued", "queued"]
    assert set(OutboxMail.objects.values_list("attempts", flat=True)) == {0}
    queue = MailQueue.objects.get()
    assert "refused" in queue.problem.lower()
    assert waits == [30, 60, 120, 240, 480, 600, 600, 600]
    with running_sink() as back:
        settings.EMAIL_PORT = back.port
        run_later()
        assert dict(back.by_id()) == message_ids()
    queue.refresh_from_db()
    assert (queue.problem, queue.failures, queue.next_try_at) == ("", 0, None)


def test_E1_without_a_mail_server_mails_wait_and_say_so(settings) -> None:
    settings.EMAIL_HOST = ""
    ask()
    run_due()
    assert states() == ["queued", "queued"]
    assert "QUETSACH_SMTP_HOST" in MailQueue.objects.get().problem


def test_a_server_that_closes_after_each_mail_is_called_again(sink) -> None:
    count = 0

    def closes(address: str) -> str:
        nonlocal count
        count += 1
        return "421 4.3.2 closing" if count % 2 == 0 else ""

    sink.recipient_reply = closes
    ask(6)
    run_later(8)
    assert states() == ["sent"] * 6
    assert dict(sink.by_id()) == message_ids()


def test_many_4xx_in_a_row_are_the_servers_and_the_round_ends(sink, settings) -> None:
    addresses: list[str] = []

    def busy(address: str) -> str:
        addresses.append(address)
        return "451 busy"

    sink.recipient_reply = busy
    ask(60)
    run_due()
    most = delivery.MOST_LATER_IN_A_ROW
    assert most <= len(addresses) < most + settings.QUETSACH.mail_connections
    assert "451 busy" in MailQueue.objects.get().problem
    sink.recipient_reply = lambda address: ""
    run_later()
    assert states() == ["sent"] * 60


def test_a_refused_sender_is_no_mails_fault(sink) -> None:
    sink.sender_reply = lambda address: "550 5.7.1 not you"
    ask()
    run_due()
    assert states() == ["queued", "queued"]
    assert "not you" in MailQueue.objects.get().problem


def test_one_mail_that_no_server_stands_keeps_the_others_from_nothing(sink) -> None:
    sink.recipient_reply = lambda address: "421 go away" if "xa1@" in address else ""
    ask()
    run_later(2)
    assert states() == ["queued", "sent"]


def test_the_rate_of_a_queue_is_kept(sink, settings) -> None:
    ask(1, queue="letter:1")
    run_due()
    ask(13, queue="letter:1")
    start_queue("letter:1", per_second=20)
    begun = time.monotonic()
    run_due()
    assert time.monotonic() - begun >= (12 - settings.QUETSACH.mail_connections) / 20
    assert len(sink.mails) == 13


def test_a_queue_sends_at_most_the_configured_rate_from_its_start(settings) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, mail_per_second=7)
    ask()
    assert MailQueue.objects.get().per_second == 7


def test_as_many_connections_as_configured_serve_all_mails(sink, settings) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, mail_connections=3, mail_per_second=0)
    ask(9)
    run_due()
    assert sink.connections == 3
    assert states() == ["sent"] * 9


def test_a_mail_cancelled_while_its_text_is_under_way_is_not_sent(sink, settings) -> None:
    settings.QUETSACH = replace(settings.QUETSACH, mail_connections=1)

    def compose_and_cancel(object_id: int) -> MailDraft:
        if object_id == 1:
            cancel(LETTER, [1])
        return compose(object_id)

    ask(2)
    run_due(dict.fromkeys(MailPurpose, compose_and_cancel))
    assert sink.recipients() == ["xa2@huyen.example"]
    assert states() == ["sent"]


def test_a_text_is_composed_anew_for_each_attempt_and_the_message_id_stays(sink) -> None:
    composed: list[int] = []

    def compose_once_more(object_id: int) -> MailDraft:
        composed.append(object_id)
        return MailDraft("s", f"secret number {len(composed)}")

    composers = dict.fromkeys(MailPurpose, compose_once_more)
    sink.data_reply = lambda address: "451 later"
    ask(1)
    before = message_ids()
    run_due(composers)
    sink.data_reply = lambda address: ""
    OutboxMail.objects.update(retry_at=None)
    Job.objects.update(run_after=timezone.now())
    run_due(composers)
    assert composed == [1, 1]
    assert "secret number 2" in sink.messages()[0].get_content()
    assert dict(sink.by_id()) == before
    assert "secret" not in repr(list(OutboxMail.objects.values_list()))


def test_a_mail_that_cannot_be_composed_fails_and_one_not_needed_is_dropped(sink) -> None:
    def compose_some(object_id: int) -> MailDraft:
        if object_id == 1:
            raise ValueError("no text")
        if object_id == 2:
            raise OutboxMail.DoesNotExist("gone")
        if object_id == 3:
            raise MailNotNeeded("the invitation was taken")
        return compose(object_id)

    ask(4)
    run_due(dict.fromkeys(MailPurpose, compose_some))
    assert dict(OutboxMail.objects.values_list("object_id", "state")) == {
        1: "failed",
        2: "failed",
        4: "sent",
    }
    assert mail_about(LETTER, 1).reply == "no text"


def test_a_feature_is_handed_each_change_of_its_mails_in_the_same_transaction(sink) -> None:
    changes: list[tuple[str, int, str]] = []

    def observe(mails: Sequence[OutboxMail]) -> None:
        assert transaction.get_connection().in_atomic_block
        changes.extend((mail.purpose, mail.object_id, mail.state) for mail in mails)

    sink.recipient_reply = lambda address: "550 5.1.1 nobody" if "xa2@" in address else ""
    sink.data_reply = lambda address: "cut" if "xa3@" in address else ""
    ask(3, MailPurpose.FOLLOWUP)
    run_due(observers={**OBSERVERS, MailPurpose.FOLLOWUP: observe})
    by_object = {
        number: [state for _p, at, state in changes if at == number] for number in (1, 2, 3)
    }
    assert by_object == {1: ["sending", "sent"], 2: ["failed"], 3: ["sending", "in_doubt"]}
    assert {purpose for purpose, _at, _state in changes} == {"followup"}


def test_an_older_round_stops_when_it_sees_a_newer_one(sink) -> None:
    ask(3)
    old = claim_job(worker_name())
    start_queue(LETTER, per_second=0)
    delivery.deliver(old, composers=COMPOSERS, observers=OBSERVERS)
    assert not sink.mails
    run_due()
    assert dict(sink.by_id()) == message_ids()
