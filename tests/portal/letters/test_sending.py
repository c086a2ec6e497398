"""Each mail goes out exactly once, whatever the server says and whoever is killed."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.worker import claim, run_ready
from quetsach_portal.letters import sending
from quetsach_portal.letters.actions import mailing as acts
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.answers import MOST_ATTEMPTS, claim_rows
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    Letter,
    Mailing,
    MailingState,
)
from quetsach_portal.people.models import User
from quetsach_portal.rights.models import Role
from quetsach_portal.units.models import Contact, Desk
from quetsach_portal.web.problems import Refused
from tests.portal.letters import staged
from tests.portal.letters.sink import Sink, running_sink

ROOT = Path(__file__).parents[3]

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


def test_A7_the_mail_is_plain_text_with_one_page_and_no_tracking(world, sink, client_of) -> None:
    two_mails(world)
    run_ready()
    message = sink.messages()[0]
    assert message.get_content_type() == "text/plain"
    text = message.get_content()
    links = [word for word in text.split() if word.startswith("http")]
    letter = Letter.objects.get(is_outside=False)
    assert links[0] == f"http://127.0.0.1:8000/letters/{letter.pk}/"
    assert set(links) <= {links[0], "http://127.0.0.1:8000."}
    assert message["Auto-Submitted"] == "auto-generated"
    before = list(Dispatch.objects.order_by("pk").values())
    for client in (client_of("TC01", Role.FOCAL_POINT), client_of("TC01", Role.CLERK)):
        for _look in range(3):
            assert client.get(f"/letters/{letter.pk}/").status_code == 200
            assert client.head(f"/letters/{letter.pk}/").status_code == 200
    assert list(Dispatch.objects.order_by("pk").values()) == before
    world.nodes["TC01"].refresh_from_db()
    assert world.nodes["TC01"].received_at is None


def test_a_user_reads_the_mail_in_their_language(world, sink) -> None:
    user = world.user("TC01", Role.CLERK)
    User.objects.filter(pk=user.pk).update(language="en")
    staged.contact(world.units["TC01"], user.email.upper())
    staged.contact(world.units["TC02"], "xa2@huyen.example")
    staged.released(world)
    run_ready()
    by_recipient = {message["To"]: message for message in sink.messages()}
    english = next(m for to, m in by_recipient.items() if "xa2" not in to)
    other = next(m for to, m in by_recipient.items() if "xa2" in to)
    assert english["Content-Language"] == "en"
    assert "confirm that you received it" in english.get_content()
    assert other["Content-Language"] == "vi"


def test_a_desk_that_receives_for_a_unit_gets_its_mail(world, sink) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    staged.contact(world.units["KH"], "vanphong@huyen.example")
    Desk.objects.create(unit=world.units["TC01"], role="receiver", served_by=world.units["KH"])
    Desk.objects.create(unit=world.units["TC02"], role="compiler", served_by=world.units["KH"])
    staged.released(world)
    run_ready()
    assert sink.recipients() == ["vanphong@huyen.example"]


@pytest.mark.parametrize(
    "evil",
    ["\r\nBcc: ke-gian@xau.example\r\n\r\nclick", "\nX: y", "\r", "\x0b\x85\u2028Z: z", "a\x01b"],
)
def test_C1_a_line_break_in_subject_name_or_person_stays_in_one_header(world, sink, evil) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example", person=f"Anh {evil}")
    letter = staged.numbered(world)
    Letter.objects.filter(pk=letter.pk).update(
        subject=f"triển khai{evil}", issuer_name=f"UBND{evil}", code=f"UB{evil}"[:40]
    )
    releasing.release(
        letter.pk, staged.Ways(), start_mails=True, actor=world.user("TC", Role.CLERK)
    )
    run_ready()
    assert sink.recipients() == ["xa1@huyen.example"]
    message = sink.messages()[0]
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert not {"Bcc", "X", "Z"} & set(message.keys())


@pytest.mark.parametrize(
    ("mail", "goes"),
    [
        (" xa1@huyen.example ", True),
        ("xa1@huyen.example\r\nBcc: ke-gian@xau.example", False),
        ("xa1@huyen.example, ke-gian@xau.example", False),
        ("xã@huyen.example", False),
        ("xa1@huyện.example", True),
        ("xa1", False),
        ("xa1@huyen.example>\r\nRCPT TO:<ke-gian@xau.example", False),
    ],
)
def test_C1_an_address_is_one_address_or_broken(world, sink, mail, goes) -> None:
    staged.contact(world.units["TC01"], mail)
    letter = staged.released(world)
    run_ready()
    row = letter.dispatches.get(channel=Channel.MAIL)
    assert (row.state == DispatchState.SENT) is goes
    assert len(sink.mails) == goes
    assert not any("ke-gian" in to for to in sink.recipients())
    if not goes:
        assert row.state == DispatchState.FAILED
        assert row.reply
        # The unit falls to the desk above: it gets paper.
        assert letter.dispatches.filter(channel=Channel.PAPER, to_node=row.to_node).exists()


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
    Dispatch.objects.filter(channel=Channel.MAIL).update(attempts=MOST_ATTEMPTS - 1)
    run_ready()
    assert set(states(letter).values()) == {"failed"}
    assert not sink.mails
    sink.data_answer = lambda address: ""
    for row in letter.dispatches.filter(channel=Channel.MAIL):
        acts.send_again(row.pk, actor=world.user("TC", Role.CLERK))
    run_ready()
    assert sorted(sink.by_id().values()) == [1, 1]


def test_C3_a_5xx_bounces_and_switches_the_contact_off_for_good(world, sink) -> None:
    sink.recipient_answer = lambda address: "550 5.1.1 no such user" if "xa1" in address else ""
    letter = two_mails(world)
    run_ready()
    assert states(letter) == {"xa1@huyen.example": "bounced", "xa2@huyen.example": "sent"}
    off = Contact.objects.get(mail="xa1@huyen.example")
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
        acts.send_again(failed.pk, actor=world.user("TC", Role.CLERK))


@pytest.mark.parametrize("answer", ["554 5.7.1 spam", "550 5.7.1 relaying denied"])
def test_a_refusal_by_policy_leaves_the_contact_on(world, sink, answer) -> None:
    if "spam" in answer:
        sink.data_answer = lambda address: answer
    else:
        sink.recipient_answer = lambda address: answer
    letter = two_mails(world)
    run_ready()
    assert set(states(letter).values()) == {"failed"}
    assert not Contact.objects.exclude(disabled_reason="").exists()


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
    acts.has_it(rows[0].pk, actor=clerk)
    acts.send_again(rows[1].pk, actor=clerk)
    with pytest.raises(Refused):
        acts.has_it(rows[0].pk, actor=clerk)
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
    assert "user unknown" in Contact.objects.get(mail=row.address).disabled_reason
    with pytest.raises(Refused):
        acts.send_again(row.pk, actor=clerk)


def test_C4_a_dry_run_sends_nothing_and_renders_all(world, sink, client_of) -> None:
    staged.more_children(world, 8)
    staged.contact(world.units["TC01"], "khong phai dia chi")
    Contact.objects.filter(mail="vt3@xa.example").update(disabled_reason="bounced: 550")
    letter = staged.numbered(world)
    acts.ask_for_rehearsal(letter.pk, actor=world.user("TC", Role.CLERK))
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
        letter.pk, staged.Ways(), start_mails=True, actor=world.user("TC", Role.CLERK)
    )
    run_ready()
    assert len(sink.mails) == 7


def test_a_worker_that_was_silent_for_long_still_writes_down_its_answer(world, sink) -> None:
    """Its row was put in doubt meanwhile; the mail was taken, and then that is known."""
    from quetsach_portal.letters.answers import doubt_orphans, settle
    from quetsach_portal.letters.smtp_line import Answer, Outcome

    letter = two_mails(world)
    row = letter.dispatches.filter(channel=Channel.MAIL).first()
    assert claim_rows([row.pk], "token", 77)
    assert doubt_orphans(letter.pk, 78) == 1
    settle([(row, Answer(Outcome.ACCEPTED, "250 ok"))], "token")
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


def start_worker(database: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.portal.settings",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        "QUETSACH_SMTP_HOST": "127.0.0.1",
        "QUETSACH_SMTP_PORT": str(port),
        **database,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "quetsach_portal.manage", "work"], cwd=ROOT, env=environment
    )


def wait_for(condition, what: str, seconds: float = 90.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_a_pause_stops_a_round_that_is_under_way(own_database, world) -> None:
    staged.more_children(world, 150)
    letter = staged.released(world)
    clerk = world.user("TC", Role.CLERK)
    with running_sink(Sink(delay_s=0.02, stops_at=10)) as sink:
        worker = start_worker(own_database, sink.port)
        try:
            wait_for(lambda: len(sink.mails) == 10, "mails")
            acts.pause(letter.pk, actor=clerk)
            sink.goes_on.set()
            wait_for(lambda: not Job.objects.filter(state=JobState.RUNNING).exists(), "the pause")
            stopped_at = len(sink.mails)
            assert stopped_at < 150
            assert set(states(letter).values()) == {"sent", "queued"}
            sink.delay_s = 0
            acts.start(letter.pk, per_second=0, actor=clerk)
            wait_for(lambda: set(states(letter).values()) == {"sent"}, "the rest")
        finally:
            worker.terminate()
            worker.wait()
        assert set(sink.by_id().values()) == {1}
        assert len(sink.mails) == 150


@pytest.mark.django_db(transaction=True)
def test_C2_kill_9_at_30_and_60_percent_and_4xx_in_between_each_exactly_once(
    own_database, world, settings
) -> None:
    count = 200
    staged.more_children(world, count)
    letter = staged.released(world, start_mails=False)
    acts.start(letter.pk, per_second=0, actor=world.user("TC", Role.CLERK))
    clerk = world.user("TC", Role.CLERK)

    def done() -> bool:
        return Job.objects.filter(state__in=[JobState.READY, JobState.RUNNING]).count() == 0

    with running_sink(Sink(delay_s=0.003)) as sink:
        for share in (0.3, 0.6):
            worker = start_worker(own_database, sink.port)
            wait_for(lambda share=share: len(sink.mails) >= share * count, "mails")
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert len(sink.mails) < count
            staged.time_passes()
        # The server is busy for a while: everything is asked for again.
        sink.recipient_answer = lambda address: "451 4.7.1 try again later"
        worker = start_worker(own_database, sink.port)
        wait_for(lambda: Dispatch.objects.filter(reply__startswith="451").count() >= 20, "4xx")
        sink.recipient_answer = lambda address: ""
        try:

            def all_settled() -> bool:
                staged.time_passes_for_ready()
                return done()

            wait_for(all_settled, "the end")
        finally:
            worker.terminate()
            worker.wait()
        # A few rows a kill are in doubt; a person looks whether the mails came, and says so.
        came = set(sink.by_id())
        doubtful = list(letter.dispatches.filter(state=DispatchState.IN_DOUBT))
        assert len(doubtful) <= 2 * settings.QUETSACH.mail_connections
        for row in doubtful:
            there = f"<{row.key}@127.0.0.1>" in came
            (acts.has_it if there else acts.send_again)(row.pk, actor=clerk)
        worker = start_worker(own_database, sink.port)
        try:
            wait_for(done, "the rest")
        finally:
            worker.terminate()
            worker.wait()
        keys = letter.dispatches.filter(channel=Channel.MAIL).values_list("key", flat=True)
        assert sink.by_id() == {f"<{key}@127.0.0.1>": 1 for key in keys}
        assert len(sink.mails) == count
    assert set(states(letter).values()) == {"sent"}
    assert len(states(letter)) == count
