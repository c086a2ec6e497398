"""Mails of letters: exactly once, whatever the mail server does."""

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.letters import queries, recipients
from quetsach_portal.letters.actions import mailing as acts
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    Letter,
    Mailing,
    MailingState,
)
from quetsach_portal.letters.pages import mailing_page
from quetsach_portal.mail.claims import MOST_ATTEMPTS_OF
from quetsach_portal.mail.models import MailPurpose, OutboxMail
from quetsach_portal.mail.outbox import mail_about
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import UnitContact
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged
from tests.portal.mail.delivering import message_ids
from tests.portal.mail.sink import running_sink
from tests.portal.working import run_ready

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
    assert sink.by_id() == message_ids()
    assert mailing_page(letter).state == MailingState.DONE
    later(3)
    assert len(sink.mails) == 2


def test_C2_a_4xx_is_tried_again_for_hours_then_given_up(world, sink) -> None:
    sink.recipient_reply = lambda address: "451 4.7.1 later" if "xa1" in address else ""
    letter = two_mails(world)
    run_ready()
    assert states(letter) == {"xa1@huyen.example": "queued", "xa2@huyen.example": "sent"}
    row = queries.rows_in(letter, channel="mail", state="queued").get()
    assert row.retry_at > timezone.now()
    assert row.attempts == 1
    run_ready()
    assert Dispatch.objects.get(pk=row.pk).attempts == 1, "not before its time"
    sink.recipient_reply = lambda address: ""
    later()
    assert states(letter)["xa1@huyen.example"] == "sent"
    assert sorted(sink.by_id().values()) == [1, 1]


def test_C2_after_three_days_of_4xx_a_person_is_asked(world, sink) -> None:
    sink.data_reply = lambda address: "452 4.3.1 disk full"
    letter = two_mails(world)
    OutboxMail.objects.update(attempts=MOST_ATTEMPTS_OF[MailPurpose.LETTER] - 1)
    run_ready()
    assert set(states(letter).values()) == {"failed"}
    assert not sink.mails
    sink.data_reply = lambda address: ""
    for row in letter.dispatches.filter(channel=Channel.MAIL):
        acts.resend(row.pk, actor=world.user("TC", Role.CLERK))
    run_ready()
    assert sorted(sink.by_id().values()) == [1, 1]


def test_C3_a_5xx_bounces_and_switches_the_contact_off_for_good(world, sink) -> None:
    sink.recipient_reply = lambda address: "550 5.1.1 no such user" if "xa1" in address else ""
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
        sink.data_reply = lambda address: answer
    else:
        sink.recipient_reply = lambda address: answer
    letter = two_mails(world)
    run_ready()
    assert set(states(letter).values()) == {"failed"}
    assert not UnitContact.objects.exclude(disabled_reason="").exists()


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
    mailing = mailing_page(letter)
    assert mailing.state == MailingState.RUNNING
    assert "refused" in mailing.problem.lower()
    assert mailing.next_try_at is not None
    page = client_of("TC", Role.CLERK).get(f"/letters/{letter.pk}/dispatch/").content.decode()
    assert "refused" in page.lower()
    with running_sink() as back:
        settings.EMAIL_PORT = back.port
        later()
        assert back.recipients() == ["xa1@huyen.example", "xa2@huyen.example"]
    assert mailing_page(letter).problem == ""


def test_E1_without_a_mail_server_rows_wait_and_say_so(world, settings) -> None:
    settings.EMAIL_HOST = ""
    letter = two_mails(world)
    run_ready()
    assert set(states(letter).values()) == {"queued"}
    assert "QUETSACH_SMTP_HOST" in mailing_page(letter).problem


def test_C2_a_connection_lost_after_the_end_of_data_is_in_doubt_and_never_sent_by_itself(
    world, sink
) -> None:
    sink.data_reply = lambda address: "cut"
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    letter = staged.released(world)
    run_ready()
    sink.data_reply = lambda address: ""
    later(2)
    assert not sink.mails
    row = letter.dispatches.get(channel=Channel.MAIL)
    assert row.state == DispatchState.IN_DOUBT
    assert "lost" in row.reply or "mất" in row.reply


def test_a_person_settles_what_is_in_doubt(world, sink) -> None:
    sink.data_reply = lambda address: "cut"
    letter = two_mails(world)
    clerk = world.user("TC", Role.CLERK)
    run_ready()
    sink.data_reply = lambda address: ""
    rows = list(letter.dispatches.filter(channel=Channel.MAIL).order_by("pk"))
    assert {row.state for row in rows} == {DispatchState.IN_DOUBT}
    acts.mark_received(rows[0].pk, actor=clerk)
    acts.resend(rows[1].pk, actor=clerk)
    with pytest.raises(Refused):
        acts.mark_received(rows[0].pk, actor=clerk)
    run_ready()
    assert sink.recipients() == [rows[1].address]
    again = mail_about(MailPurpose.LETTER, rows[1].pk)
    assert sink.messages()[0]["Message-ID"] == f"<{again.message_id}@127.0.0.1>"
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
    acts.request_dry_run(letter.pk, actor=world.user("TC", Role.CLERK))
    run_ready()
    found = Mailing.objects.get(letter=letter).dry_run
    assert not sink.mails
    assert not Dispatch.objects.exists()
    assert (found["units"], found["mails"], found["broken_count"]) == (10, 7, 2)
    assert found["unreached_count"] == 3
    assert len(found["samples"]) == 5
    assert "UBND-TH" in found["samples"][0]
    page = client_of("TC", Role.CLERK).get(f"/letters/{letter.pk}/dispatch/dry-run/")
    shown = page.content.decode()
    assert "khong phai dia chi" in shown
    assert "vt3@xa.example" in shown
    assert shown.count("<details") == 5
    # Afterwards it goes out as in the dry run.
    releasing.release(
        letter.pk,
        recipients.DeliveryChannels(),
        start_mails=True,
        actor=world.user("TC", Role.CLERK),
    )
    run_ready()
    assert len(sink.mails) == 7


def test_an_address_that_was_put_right_gets_the_mail_that_was_never_queued(world, sink) -> None:
    contact = staged.contact(world.units["TC01"], "xa1@huyen.example")
    UnitContact.objects.update(disabled_reason="bounced: 550")
    letter = staged.released(world)
    row = letter.dispatches.get(channel=Channel.MAIL)
    assert (row.state, OutboxMail.objects.count()) == (DispatchState.FAILED, 0)
    assert contact is None or contact.pk == row.contact_id
    UnitContact.objects.update(disabled_reason="")
    acts.resend(row.pk, actor=world.user("TC", Role.CLERK))
    assert mailing_page(letter).state == MailingState.RUNNING
    run_ready()
    assert sink.recipients() == ["xa1@huyen.example"]
    assert states(letter) == {"xa1@huyen.example": "sent"}


def test_a_withdrawal_cancels_what_waits_and_tells_those_who_may_have_it(world, sink) -> None:
    sink.recipient_reply = lambda address: "451 later" if "xa1" in address else ""
    sink.data_reply = lambda address: "cut"
    letter = two_mails(world)
    run_ready()
    assert states(letter) == {"xa1@huyen.example": "queued", "xa2@huyen.example": "in_doubt"}
    sink.recipient_reply = sink.data_reply = lambda address: ""
    releasing.withdraw(letter.pk, why="nhầm số", actor=world.user("TC", Role.CLERK))
    assert states(letter) == {"xa1@huyen.example": "cancelled", "xa2@huyen.example": "in_doubt"}
    later(3)
    assert sink.recipients() == ["xa2@huyen.example"]
    assert "nhầm số" in sink.messages()[0].get_content()


def test_a_settled_mail_that_the_outbox_forgot_can_still_be_settled(world, sink) -> None:
    sink.data_reply = lambda address: "cut"
    letter = two_mails(world)
    run_ready()
    OutboxMail.objects.all().delete()
    sink.data_reply = lambda address: ""
    first, second = letter.dispatches.filter(channel=Channel.MAIL).order_by("pk")
    clerk = world.user("TC", Role.CLERK)
    acts.mark_received(first.pk, actor=clerk)
    acts.resend(second.pk, actor=clerk)
    run_ready()
    assert sink.recipients() == [second.address]
    acts.mark_bounced(first.pk, text="550 user unknown", actor=clerk)
    assert set(states(letter).values()) == {"bounced", "sent"}
