"""The portal's own worker, killed amid the mails of a letter: each comes exactly once."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.letters.actions import mailing as acts
from quetsach_portal.letters.models import Channel, Dispatch, DispatchState, Letter
from quetsach_portal.mail.models import MailPurpose, OutboxMail
from quetsach_portal.people.models.roles import Role
from tests.portal.letters import staged
from tests.portal.mail.delivering import message_ids
from tests.portal.mail.sink import running_sink
from tests.waiting import wait_until
from tests.whole import fault_run

ROOT = Path(__file__).parents[3]


def states(letter: Letter) -> dict[str, str]:
    rows = letter.dispatches.filter(channel=Channel.MAIL, about="issue")
    return dict(rows.values_list("address", "state"))


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


@fault_run
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

    def slowly(address: str) -> str:
        threading.Event().wait(0.003)
        return ""

    with running_sink() as sink:
        sink.data_reply = slowly
        for share in (0.3, 0.6):
            worker = start_worker(own_database, sink.port)
            wait_until(lambda share=share: len(sink.mails) >= share * count, "mails")
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert len(sink.mails) < count
            staged.time_passes()
        # The server is busy for a while: everything is asked for again.
        sink.recipient_reply = lambda address: "451 4.7.1 try again later"
        worker = start_worker(own_database, sink.port)
        wait_until(lambda: Dispatch.objects.filter(reply__startswith="451").count() >= 20, "4xx")
        sink.recipient_reply = lambda address: ""
        try:

            def all_settled() -> bool:
                staged.time_passes_for_ready()
                return done()

            wait_until(all_settled, "the end")
        finally:
            worker.terminate()
            worker.wait()
        # A few rows a kill are in doubt; a person looks whether the mails came, and says so.
        came = set(sink.by_id())
        doubtful = list(letter.dispatches.filter(state=DispatchState.IN_DOUBT))
        assert len(doubtful) <= 2 * settings.QUETSACH.mail_connections
        for row in doubtful:
            mail = OutboxMail.objects.get(purpose=MailPurpose.LETTER, object_id=row.pk)
            there = f"<{mail.message_id}@127.0.0.1>" in came
            (acts.mark_received if there else acts.resend)(row.pk, actor=clerk)
        worker = start_worker(own_database, sink.port)
        try:
            wait_until(done, "the rest")
        finally:
            worker.terminate()
            worker.wait()
        assert sink.by_id() == message_ids()
        assert len(sink.mails) == count
    assert set(states(letter).values()) == {"sent"}
    assert len(states(letter)) == count
