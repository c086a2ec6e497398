"""Each mail goes out exactly once, whatever the server says and whoever is killed."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job
from quetsach_portal.letters import recipients, sending
from quetsach_portal.letters.actions import mailing as acts
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.answers import MOST_LETTER_ATTEMPTS, claim_rows
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    Letter,
    Mailing,
    MailingState,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged
from tests.portal.letters.sink import Sink, running_sink
from tests.portal.working import claim, run_ready

pytestmark = pytest.mark.django_db


def two_mails(world) -> Letter:
    staged.contact(world.units["TC01"], "xa1@huyen.example", person="Nguyễn Văn A")
    staged.contact(world.units["TC02"], "xa2@huyen.example")
    return staged.released(world)


def states(letter: Letter) -> dict[str, str]:
    rows = letter.dispatches.filter(channel=Channel.MAIL, about="issue")
    return dict(rows.order_by("pk").values_list("address", "state"))


def later(times: int = 1) -> None:
    for _turn in range(times):
        staged.time_passes()
        run_ready()


def test_each_recipient_gets_one_mail_under_its_message_id(world, sink) -> None:
    letter = two_mails(world)
    run_ready()
    assert states(letter) == {"xa1@huyen.example": "sent", "xa2@huyen.example": "sent"}
    keys = letter.dispatches.filter(channel=Channel.MAIL).values_list("key", flat=True)
    assert sorted(sink.by_id()) == sorted(f"<{key}@127.0.0.1>" for key in keys)
    assert set(sink.by_id().values()) == {1}
    assert Mailing.objects.get(letter=letter).state == MailingState.DONE
    later(3)
    assert len(sink.mails) == 2


def test_C2_a_4xx_is_tried_again_for_hours_then_given_up(world, sink) -> None:
    sink.recipient_answer = lambda address: "451 4.7.1 later" if "xa1" in address else ""
    letter = two_mails(world)
    run_ready()
    assert states(letter) == {"xa1@huyen.example": "queued", "xa2@huyen.example": "sent"}
    row = letter.dispatches.get(address="xa1@huyen.example")
    assert row.retry_at is not None
    assert row.retry_at > timezone.now()
    assert row.attempts == 1
    run_ready()
    assert Dispatch.objects.get(pk=row.pk).attempts == 1, "not before its time"
    sink.recipient_answer = lambda address: ""
    later()
    assert states(letter)["xa1@huyen.example"] == "sent"
    assert sorted(sink.by_id().values()) == [1, 1]


def test_C2_after_three_days_of_4xx_a_person_is_asked(world, sink) -> None:
    sink.data_answer = lambda address: "452 4.3.1 disk full"
    letter = two_mails(world)
    Dispatch.objects.filter(channel=Channel.MAIL).update(attempts=MOST_LETTER_ATTEMPTS - 1)
    run_ready()
    assert set(states(letter).values()) == {"failed"}
    assert not sink.mails
    sink.data_answer = lambda address: ""
    for row in letter.dispatches.filter(channel=Channel.MAIL):
        acts.resend(row.pk, actor=world.user("TC", Role.CLERK))
    run_ready()
    assert sorted(sink.by_id().values()) == [1, 1]


def test_C3_a_5xx_bounces_and_switches_the_contact_off_for_good(world, sink) -> None:
    sink.recipient_answer = lambda address: "550 5.1.1 no such user" if "xa1" in address else ""
    letter = two_mails(world)
    run_ready()
    assert states(letter) == {"xa1@huyen.example": "bounced", "xa2@huyen.example": "sent"}
    off = UnitContact.objects.get(mail="xa1@huyen.example")
    assert "550 5.1.1 no such user" in off.disabled_reason
    assert AuditEvent.objects.filter(action="contact.disabled", object_id=str(off.pk)).exists()
    # The next letter: no mail to the address, paper from the desk above instead.
    sink.mails.clear()
    second = staged.released(world, based_on=Letter.objects.get(is_outside=True), number=6)
    run_ready()
    assert sink.recipients() == ["xa2@huyen.example"]
    failed = second.dispatches.get(address="xa1@huyen.example")
    assert failed.state == DispatchState.FAILED
    assert second.dispatches.filter(channel=Channel.PAPER, to_node=failed.to_node).exists()
    with pytest.raises(Refused):
        acts.resend(failed.pk, actor=world.user("TC", Role.CLERK))


@pytest.mark.parametrize("answer", ["554 5.7.1 spam", "550 5.7.1 relaying denied"])
def test_a_refusal_by_policy_leaves_the_contact_on(world, sink, answer) -> None:
    if "spam" in answer:
        sink.data_answer = lambda address: answer
    else:
        sink.recipient_answer = lambda address: answer
    letter = two_mails(world)
    run_ready()
    assert set(states(letter).values()) == {"failed"}
    assert not UnitContact.objects.exclude(disabled_reason="").exists()


def test_a_full_mailbox_is_no_dead_one(world, sink) -> None:
    sink.recipient_answer = lambda address: "552 5.2.2 mailbox full"
    letter = two_mails(world)
    run_ready()
    assert set(states(letter).values()) == {"queued"}


def test_E1_with_the_mail_server_down_the_letter_is_out_and_rows_wait_and_say_why(
    world, settings, client_of
) -> None:
    with running_sink() as gone:
        port = gone.port
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    letter = two_mails(world)
    run_ready()
    assert letter.state == "released"
    assert letter.dispatches.filter(channel=Channel.PORTAL, state="delivered").count() == 2
    assert set(states(letter).values()) == {"queued"}
    mailing = Mailing.objects.get(letter=letter)
    assert mailing.state == MailingState.RUNNING
    assert "refused" in mailing.problem.lower()
    assert mailing.next_try_at is not None
    page = client_of("TC", Role.CLERK).get(f"/letters/{letter.pk}/dispatch/").content.decode()
    assert "refused" in page.lower()
    with running_sink() as back:
        settings.EMAIL_PORT = back.port
        later()
        assert back.recipients() == ["xa1@huyen.example", "xa2@huyen.example"]
    assert Mailing.objects.get(letter=letter).problem == ""


def test_E1_without_a_mail_server_rows_wait_and_say_so(world, settings) -> None:
    settings.EMAIL_HOST = ""
    letter = two_mails(world)
    run_ready()
    assert set(states(letter).values()) == {"queued"}
    assert "QUETSACH_SMTP_HOST" in Mailing.objects.get(letter=letter).problem


def test_a_server_that_closes_after_each_mail_is_called_again(world, sink) -> None:
    answered: list[str] = []

    def closes(address: str) -> str:
        answered.append(address)
        return "421 4.3.2 closing" if len(answered) % 2 == 0 else ""

    sink.recipient_answer = closes
    staged.more_children(world, 6)
    letter = staged.released(world)
    later(8)
    assert set(states(letter).values()) == {"sent"}
    assert set(sink.by_id().values()) == {1}


def test_many_4xx_in_a_row_are_the_servers_and_the_round_ends(world, sink, settings) -> None:
    asked: list[str] = []

    def busy(address: str) -> str:
        asked.append(address)
        return "451 busy"

    sink.recipient_answer = busy
    staged.more_children(world, 60)
    letter = staged.released(world)
    run_ready()
    most = sending.MOST_LATER_IN_A_ROW
    assert most <= len(asked) < most + settings.QUETSACH.mail_connections
    assert "451 busy" in Mailing.objects.get(letter=letter).problem
    sink.recipient_answer = lambda address: ""
    later()
    assert set(states(letter).values()) == {"sent"}


def test_one_mail_that_no_server_stands_keeps_the_others_from_nothing(world, sink) -> None:
    sink.recipient_answer = lambda address: "421 go away" if "xa1@" in address else ""
    letter = two_mails(world)
    later(2)
    assert states(letter) == {"xa1@huyen.example": "queued", "xa2@huyen.example": "sent"}


def test_C2_a_connection_lost_after_the_end_of_data_is_in_doubt_and_never_sent_by_itself(
    world, sink
) -> None:
    class Cuts(Sink):
        async def handle_DATA(self, server, session, envelope) -> str:
            self.mails.append((envelope.rcpt_tos[0], envelope.content))
            server.transport.abort()
            return "250 never heard"

    with running_sink(Cuts()) as cuts:
        from django.conf import settings

        settings.EMAIL_PORT = cuts.port
        staged.contact(world.units["TC01"], "xa1@huyen.example")
        letter = staged.released(world)
        run_ready()
        later(2)
        assert len(cuts.mails) == 1
    row = letter.dispatches.get(channel=Channel.MAIL)
    assert row.state == DispatchState.IN_DOUBT
    assert "lost" in row.reply or "mất" in row.reply


def test_a_person_settles_what_is_in_doubt(world, sink) -> None:
    letter = two_mails(world)
    clerk = world.user("TC", Role.CLERK)
    rows = list(letter.dispatches.filter(channel=Channel.MAIL).order_by("pk"))
    Dispatch.objects.filter(pk__in=[row.pk for row in rows]).update(state=DispatchState.IN_DOUBT)
    acts.mark_received(rows[0].pk, actor=clerk)
    acts.resend(rows[1].pk, actor=clerk)
    with pytest.raises(Refused):
        acts.mark_received(rows[0].pk, actor=clerk)
    run_ready()
    assert sink.recipients() == [rows[1].address]
    assert sink.messages()[0]["Message-ID"] == f"<{rows[1].key}@127.0.0.1>"
    assert set(states(letter).values()) == {"sent"}
    assert AuditEvent.objects.filter(action="letter.mail_is_there").exists()


def test_what_is_paused_is_not_sent_until_somebody_lets_it_go_on(world, sink) -> None:
    staged.more_children(world, 30)
    clerk = world.user("TC", Role.CLERK)
    letter = staged.released(world)
    acts.pause(letter.pk, actor=clerk)
    run_ready()
    assert not sink.mails
    with pytest.raises(Refused):
        acts.pause(letter.pk, actor=clerk)
    acts.start(letter.pk, per_second=0, actor=clerk)
    run_ready()
    assert len(sink.mails) == 30
    with pytest.raises(Refused):
        acts.start(letter.pk, per_second=0, actor=clerk)


def test_mails_may_wait_for_their_start(world, sink) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    letter = staged.released(world, start_mails=False)
    run_ready()
    assert not sink.mails
    with pytest.raises(Refused):
        acts.start(letter.pk, per_second=5, actor=world.user("TC", Role.COMPILER))
    acts.start(letter.pk, per_second=5, actor=world.user("TC", Role.CLERK))
    run_ready()
    assert len(sink.mails) == 1


def test_the_rate_is_kept(world, sink, settings) -> None:
    staged.more_children(world, 12)
    letter = staged.released(world, start_mails=False)
    acts.start(letter.pk, per_second=20, actor=world.user("TC", Role.CLERK))
    begun = time.monotonic()
    run_ready()
    assert time.monotonic() - begun >= (12 - settings.QUETSACH.mail_connections) / 20
    assert len(sink.mails) == 12


def test_only_one_of_two_claims_a_row_and_a_cancelled_one_is_not_sent(world, sink) -> None:
    letter = two_mails(world)
    row = letter.dispatches.filter(channel=Channel.MAIL).first()
    assert claim_rows([row.pk], "one", 1) == {row.pk}
    assert claim_rows([row.pk], "two", 2) == set()
    run_ready()
    assert row.address not in sink.recipients()
    assert Dispatch.objects.get(pk=row.pk).state == DispatchState.IN_DOUBT


def test_a_withdrawn_letter_is_mailed_to_nobody_else_and_those_who_got_it_are_told(
    world, sink
) -> None:
    letter = two_mails(world)
    run_ready()
    staged.more_children(world, 3, parent="TC01")
    sink.mails.clear()
    releasing.withdraw(letter.pk, why="nhầm số", actor=world.user("TC", Role.CLERK))
    run_ready()
    assert sink.recipients() == ["xa1@huyen.example", "xa2@huyen.example"]
    assert all("nhầm số" in message.get_content() for message in sink.messages())
    assert set(sink.by_id().values()) == {1}


def test_a_bounce_notice_is_marked_by_hand_with_its_words(world, sink) -> None:
    letter = two_mails(world)
    run_ready()
    row = letter.dispatches.get(address="xa1@huyen.example")
    clerk = world.user("TC", Role.CLERK)
    with pytest.raises(Refused):
        acts.mark_bounced(row.pk, text=" ", actor=clerk)
    acts.mark_bounced(row.pk, text="550 user unknown", actor=clerk)
    row.refresh_from_db()
    assert (row.state, row.reply) == (DispatchState.BOUNCED, "550 user unknown")
    assert "user unknown" in UnitContact.objects.get(mail=row.address).disabled_reason
    with pytest.raises(Refused):
        acts.resend(row.pk, actor=clerk)


def test_C4_a_dry_run_sends_nothing_and_renders_all(world, sink, client_of) -> None:
    staged.more_children(world, 8)
    staged.contact(world.units["TC01"], "khong phai dia chi")
    UnitContact.objects.filter(mail="vt3@xa.example").update(disabled_reason="bounced: 550")
    letter = staged.numbered(world)
    acts.request_rehearsal(letter.pk, actor=world.user("TC", Role.CLERK))
    run_ready()
    found = Mailing.objects.get(letter=letter).rehearsal
    assert not sink.mails
    assert not Dispatch.objects.exists()
    assert (found["units"], found["mails"], found["broken_count"]) == (10, 7, 2)
    assert found["unreached_count"] == 3
    assert len(found["samples"]) == 5
    assert "UBND-TH" in found["samples"][0]
    page = client_of("TC", Role.CLERK).get(f"/letters/{letter.pk}/dispatch/rehearsal/")
    shown = page.content.decode()
    assert "khong phai dia chi" in shown
    assert "vt3@xa.example" in shown
    assert shown.count("<details") == 5
    # Afterwards it goes out as rehearsed.
    releasing.release(
        letter.pk,
        recipients.DeliveryChannels(),
        start_mails=True,
        actor=world.user("TC", Role.CLERK),
    )
    run_ready()
    assert len(sink.mails) == 7


def test_a_worker_that_was_silent_for_long_still_writes_down_its_answer(world, sink) -> None:
    """Its row was put in doubt meanwhile; the mail was taken, and then that is known."""
    from quetsach_portal.letters.answers import doubt_orphans, settle
    from quetsach_portal.letters.smtp_line import SmtpOutcome, SmtpReply

    letter = two_mails(world)
    row = letter.dispatches.filter(channel=Channel.MAIL).first()
    assert claim_rows([row.pk], "token", 77)
    assert doubt_orphans(letter.pk, 78) == 1
    settle([(row, SmtpReply(SmtpOutcome.ACCEPTED, "250 ok"))], "token")
    assert Dispatch.objects.get(pk=row.pk).state == DispatchState.SENT


def test_a_row_in_the_hands_of_a_living_worker_is_not_in_doubt(world, sink) -> None:
    from quetsach_portal.letters.answers import doubt_orphans

    letter = two_mails(world)
    work = claim("a worker", timezone.now() + timedelta(seconds=1))
    assert work is not None
    row = letter.dispatches.filter(channel=Channel.MAIL).first()
    assert claim_rows([row.pk], "token", work.job_id)
    assert doubt_orphans(letter.pk, work.job_id + 1) == 0
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert doubt_orphans(letter.pk, work.job_id + 1) == 1
