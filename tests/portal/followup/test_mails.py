"""Mails of the follow-up go out once, and say what became of them."""

import pytest
from django.utils import timezone

from quetsach_portal.config.jobs import COMPOSERS, OBSERVERS
from quetsach_portal.followup.models import FollowupMail, MailState
from quetsach_portal.mail import claims, delivery
from quetsach_portal.mail.claims import DeliveryRound
from quetsach_portal.mail.models import MailPurpose, MailQueue
from tests.portal.followup.acting import ask_two_mails, mailbox, remind_silent, told
from tests.portal.mail.delivering import let_time_pass, message_ids
from tests.portal.working import claim, run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_C1_a_name_with_line_breaks_makes_no_header(world: World, sink) -> None:
    mailbox(world, "TC01")
    told(world, "TC01")
    world.campaign.title = "Chiến dịch\r\nBcc: x@y.example"
    world.campaign.save()
    remind_silent(world)
    let_time_pass()
    run_ready()
    (sent,) = sink.messages()
    assert "Bcc" not in sent
    assert sink.recipients() == ["tc01@coquan.example"]
    assert FollowupMail.objects.get().state == MailState.SENT


def states() -> list[str]:
    return list(FollowupMail.objects.order_by("pk").values_list("state", flat=True))


def later() -> None:
    let_time_pass()
    run_ready()


def test_C2_a_server_that_says_later_gets_each_mail_once(world: World, sink) -> None:
    ask_two_mails(world)
    sink.recipient_reply = lambda address: "451 later"
    run_ready()
    assert states() == [MailState.QUEUED, MailState.QUEUED]
    assert set(FollowupMail.objects.values_list("attempts", "problem")) == {(1, "451 later")}
    sink.recipient_reply = lambda address: ""
    later()
    assert states() == [MailState.SENT, MailState.SENT]
    assert sink.by_id() == message_ids()
    assert set(FollowupMail.objects.values_list("problem", flat=True)) == {""}


def test_C2_a_refusal_for_good_is_not_tried_again(world: World, sink) -> None:
    ask_two_mails(world)
    sink.recipient_reply = lambda address: "550 no such user" if "tc01" in address else ""
    run_ready()
    sink.recipient_reply = lambda address: ""
    later()
    assert states() == [MailState.FAILED, MailState.SENT]
    assert sink.recipients() == ["tc02@coquan.example"]


def test_C2_a_line_that_breaks_leaves_a_row_in_doubt_and_never_sends_it_again(
    world: World, sink
) -> None:
    ask_two_mails(world)
    sink.data_reply = lambda address: "cut" if "tc01" in address else ""
    run_ready()
    sink.data_reply = lambda address: ""
    later()
    assert states() == [MailState.IN_DOUBT, MailState.SENT]
    assert sink.recipients() == ["tc02@coquan.example"]


def test_C2_a_worker_killed_between_claim_and_answer_sends_nothing_twice(
    world: World, sink
) -> None:
    ask_two_mails(world)
    work = claim("a worker that will be killed")
    assert work is not None
    queue = MailQueue.objects.get(pk=work.payload["queue"])
    killed = DeliveryRound(queue, work, COMPOSERS, OBSERVERS)
    assert claims.claim(delivery.due_mails(queue, timezone.now())[:1], "token", killed)
    assert states() == [MailState.SENDING, MailState.QUEUED]
    later()
    assert states() == [MailState.IN_DOUBT, MailState.SENT]
    assert sink.recipients() == ["tc02@coquan.example"]


def test_E1_without_a_mail_server_reminders_wait(world: World, settings, capsys) -> None:
    settings.EMAIL_HOST = ""
    ask_two_mails(world)
    run_ready()
    assert states() == [MailState.QUEUED, MailState.QUEUED]
    assert "QUETSACH_SMTP_HOST" in MailQueue.objects.get(name=MailPurpose.FOLLOWUP).problem
    assert "coquan.example" not in capsys.readouterr().out
