"""A worker of its own process, killed at each point of its way: each mail comes exactly once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.mail.models import MailPurpose, OutboxMail, OutboxState
from quetsach_portal.mail.outbox import (
    MailRecipient,
    enqueue_many,
    mail_about,
    mark_sent,
    pause_queue,
    send_again,
    start_queue,
)
from tests.portal.mail.delivering import (
    END_OF_TEXT,
    let_time_pass,
    message_ids,
    run_due,
    run_later,
    states,
)
from tests.portal.mail.sink import Gate, Sink, running_sink

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[3]


@contextmanager
def working(
    database: dict[str, str], port: int, connections: int = 1
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker while the block runs."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.portal.settings",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        "QUETSACH_SMTP_HOST": "127.0.0.1",
        "QUETSACH_SMTP_PORT": str(port),
        "QUETSACH_MAIL_CONNECTIONS": str(connections),
        **database,
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.portal.mail.worker"], cwd=ROOT, env=environment
    )
    try:
        yield worker
    finally:
        kill(worker)


def kill(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 90.0) -> None:
    pause = threading.Event()
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, what
        pause.wait(0.01)


def ask(count: int, purpose: MailPurpose = MailPurpose.FOLLOWUP, queue: str = "") -> None:
    recipients = [
        MailRecipient(number, f"dv{number}@xa.example", f"{purpose}:{number}")
        for number in range(1, count + 1)
    ]
    enqueue_many(purpose, recipients, queue=queue)


def use(settings, sink: Sink) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port


def settle_doubts(sink: Sink, purpose: MailPurpose = MailPurpose.FOLLOWUP) -> int:
    """Look in the mailboxes and settle each doubt, as a person does; return how many there were."""
    in_doubt = list(OutboxMail.objects.filter(state=OutboxState.IN_DOUBT))
    for doubtful in in_doubt:
        with transaction.atomic():
            mail = mail_about(purpose, doubtful.object_id)
            if f"<{mail.message_id}@127.0.0.1>" in sink.by_id():
                mark_sent(mail, "the recipient has it")
            else:
                send_again(mail)
    return len(in_doubt)


def hold(gate: Gate) -> str:
    """Wait at the gate, then reply as the server does."""
    gate.pass_through()
    return ""


def everything_came_once(sink: Sink, settings) -> None:
    use(settings, sink)
    run_later(2)
    assert dict(sink.by_id()) == message_ids()
    assert set(states()) == {"sent"}


@contextmanager
def nobody_else_writes() -> Iterator[None]:
    """Keep other processes from writing to the outbox while the block runs."""
    with transaction.atomic():
        list(OutboxMail.objects.select_for_update())
        yield


def test_killed_before_the_claim_a_mail_waits_and_comes_once(own_database, settings) -> None:
    gate = Gate()
    sink = Sink(recipient_reply=lambda address: hold(gate) if "dv2@" in address else "")
    ask(2)
    with running_sink(sink):
        with working(own_database, sink.port) as worker:
            assert gate.reached.wait(60)
            kill(worker)
        assert states() == ["sent", "queued"]
        gate.opened.set()
        everything_came_once(sink, settings)
    assert OutboxMail.objects.get(object_id=2).attempts == 1


def test_killed_with_the_text_out_but_its_end_not_the_server_forgets_the_mail(
    own_database, settings
) -> None:
    gate = Gate()
    sink = Sink(recipient_reply=lambda address: hold(gate))
    ask(1)
    with running_sink(sink), working(own_database, sink.port) as worker:
        assert gate.reached.wait(60)
        with nobody_else_writes():
            gate.opened.set()
            wait_for(lambda: END_OF_TEXT.encode() in bytes(sink.received), "the text")
            kill(worker)
        assert states() == ["queued"]
        assert not sink.mails
        everything_came_once(sink, settings)


@pytest.mark.parametrize(
    ("purpose", "is_kept"),
    [(MailPurpose.LETTER, True), (MailPurpose.FOLLOWUP, False), (MailPurpose.INVITATION, True)],
)
def test_killed_after_the_claim_a_mail_is_in_doubt_and_a_person_settles_it(
    own_database, settings, purpose, is_kept
) -> None:
    gate = Gate()

    def hold(address: str) -> str:
        if gate.opened.is_set() or "dv1@" not in address:
            return ""
        gate.pass_through()
        return "" if is_kept else "451 never came"

    sink = Sink(data_reply=hold)
    ask(2, purpose)
    with running_sink(sink):
        with working(own_database, sink.port) as worker:
            assert gate.reached.wait(60)
            kill(worker)
        assert states() == ["sending", "queued"]
        gate.opened.set()
        wait_for(lambda: len(sink.mails) == is_kept, "what the server does with it")
        use(settings, sink)
        run_later(2)
        assert states() == ["in_doubt", "sent"]
        assert settle_doubts(sink, purpose) == 1
        everything_came_once(sink, settings)


def test_killed_with_the_reply_read_but_not_written_down_the_mail_is_in_doubt(
    own_database, settings
) -> None:
    gate = Gate()
    sink = Sink(data_reply=lambda address: hold(gate))
    ask(1)
    with running_sink(sink):
        with working(own_database, sink.port) as worker:
            assert gate.reached.wait(60)
            with nobody_else_writes():
                gate.opened.set()
                wait_for(lambda: any(b"2.0.0 queued" in one for one in sink.replies), "the reply")
                kill(worker)
        assert states() == ["sending"]
        use(settings, sink)
        run_later()
        assert states() == ["in_doubt"]
        assert settle_doubts(sink) == 1
        everything_came_once(sink, settings)
    assert len(sink.mails) == 1


def test_killed_with_all_written_down_nothing_is_sent_again(own_database, settings) -> None:
    gate = Gate()
    sink = Sink(before_quit=gate.pass_through)
    ask(3)
    with running_sink(sink):
        with working(own_database, sink.port) as worker:
            assert gate.reached.wait(60)
            kill(worker)
        gate.opened.set()
        assert states() == ["sent"] * 3
        assert Job.objects.get().state == JobState.RUNNING
        everything_came_once(sink, settings)
    assert Job.objects.get().state == JobState.DONE


def test_C2_kill_9_at_30_and_60_percent_and_4xx_in_between_each_exactly_once(
    own_database, settings
) -> None:
    count, lanes = 200, 4
    slow = threading.Event()

    def take_time(address: str) -> str:
        slow.wait(0.003)
        return ""

    sink = Sink(data_reply=take_time)
    ask(count, MailPurpose.LETTER, "letter:1")
    with running_sink(sink):
        for share in (0.3, 0.6):
            with working(own_database, sink.port, lanes) as worker:
                wait_for(lambda share=share: len(sink.mails) >= share * count, "mails")
                kill(worker)
            assert len(sink.mails) < count
            let_time_pass()
        # The server is busy for a while: everything is tried again.
        sink.recipient_reply = lambda address: "451 4.7.1 try again later"
        busy = OutboxMail.objects.filter(reply__startswith="451")
        with working(own_database, sink.port, lanes):
            wait_for(lambda: busy.count() >= 20, "4xx")
        sink.recipient_reply = lambda address: ""
        let_time_pass()
        use(settings, sink)
        run_later(3)
        # A few mails a kill are in doubt; a person looks whether they came, and says so.
        assert set(states()) <= {"sent", "in_doubt"}
        assert settle_doubts(sink, MailPurpose.LETTER) <= 3 * lanes
        everything_came_once(sink, settings)
    assert len(sink.mails) == count


def test_a_pause_stops_a_round_that_is_under_way(own_database, settings) -> None:
    gate = Gate()
    slow = threading.Event()

    def hold(address: str) -> str:
        if "dv10@" in address and not gate.opened.is_set():
            gate.pass_through()
        slow.wait(0.02)
        return ""

    sink = Sink(data_reply=hold)
    ask(150, MailPurpose.LETTER, "letter:1")
    with running_sink(sink), working(own_database, sink.port, 4):
        assert gate.reached.wait(60)
        pause_queue("letter:1")
        gate.opened.set()
        wait_for(lambda: not Job.objects.filter(state=JobState.RUNNING).exists(), "the pause")
        assert len(sink.mails) < 150
        assert set(states()) == {"sent", "queued"}
        slow.set()
        start_queue("letter:1", per_second=0)
        wait_for(lambda: set(states()) == {"sent"}, "the rest")
    assert dict(sink.by_id()) == message_ids()


def test_two_workers_at_once_send_each_mail_once(own_database, settings) -> None:
    ask(60, MailPurpose.LETTER, "letter:1")
    ask(60)
    with (
        running_sink() as sink,
        working(own_database, sink.port, 2),
        working(own_database, sink.port, 2),
    ):
        wait_for(lambda: set(states()) == {"sent"}, "all mails")
        run_due()
        assert dict(sink.by_id()) == message_ids()
