"""A kill -9 of the worker at any moment: the job is taken up again, nothing is lost or doubled."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import first_break
from quetsach_portal.cases.models.case import Case
from quetsach_portal.cases.models.coverage import FolderRead
from quetsach_portal.intake.folders import abandoned_work, stored_findings
from quetsach_portal.intake.models import CoverageDay, SourceDay, SubmissionState
from quetsach_portal.jobs.models import Job, JobState
from tests.portal.intake.handing_in import LOG, fresh, hand_in, processes_in, publish
from tests.portal.world import make_world
from tests.waiting import wait_until
from tests.whole import daily

ROOT = Path(__file__).parents[3]

WORKER = """
import sys, django
django.setup()
from datetime import timedelta
import quetsach_portal.jobs.queue as work, quetsach_portal.jobs.worker as worker
from tests import waiting
from tests.portal.idle import wait_until_idle
from quetsach_portal.config.jobs import JOBS
import quetsach_portal.intake.sweeping as sweeping, quetsach_portal.intake.recording as recording
moment = sys.argv[1]
work.LEASE = worker.LEASE = timedelta(seconds=1.5)

def stand_still(name):
    if name == moment:
        print(name, flush=True)
        waiting.stand_still()

def before(module, name, reached):
    real = getattr(module, name)
    def paused(*given, **named):
        stand_still(reached)
        return real(*given, **named)
    setattr(module, name, paused)

def after(module, name, reached):
    real = getattr(module, name)
    def paused(*given, **named):
        result = real(*given, **named)
        stand_still(reached)
        return result
    setattr(module, name, paused)

before(sweeping, "look_through", "laid out")
before(sweeping, "_report", "sweeping")
after(sweeping, "look_through", "swept")
after(sweeping, "store_findings", "in place")
before(recording, "attach", "half recorded")
after(recording, "attach", "cases open")
after(sweeping, "record_outcome", "recorded")
wait_until_idle(JOBS, worker.worker_name(), seconds=90)
"""

MOMENTS = (
    "laid out",
    "sweeping",
    "swept",
    "in place",
    "half recorded",
    "cases open",
    "recorded",
)


def start(database: dict[str, str], moment: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.portal.settings",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        **database,
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, moment],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", daily(MOMENTS[1::3], whole=MOMENTS))
def test_a_kill_9_of_the_worker_loses_and_doubles_nothing(
    own_database: dict[str, str], moment: str
) -> None:
    world = make_world()
    publish(world)
    row = hand_in(world, {"conn.log": LOG})
    worker = start(own_database, moment)
    assert worker.stdout is not None
    assert worker.stdout.readline() == f"{moment}\n"
    folders = list(abandoned_work())
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    wait_until(
        lambda: not any(processes_in(folder) for folder in folders),
        "the process of a dead worker goes on",
    )

    last = start(own_database, "none")
    assert last.wait(timeout=120) == 0
    assert last.stdout is not None
    last.stdout.close()
    row = fresh(row)
    assert (row.state, row.devices, row.lines) == (SubmissionState.DONE, 1, len(LOG.splitlines()))
    # Without a mail server the mails about machines wait.
    others = Job.objects.exclude(kind="mail.deliver")
    assert set(others.values_list("state", flat=True)) == {JobState.DONE}
    assert (Case.objects.count(), FolderRead.objects.count()) == (1, 1)
    assert sorted(CoverageDay.objects.values_list("lines", flat=True)) == [1, 2]
    assert SourceDay.objects.count() == 2
    assert AuditEvent.objects.filter(action="evidence.swept").count() == 1
    assert first_break() is None
    assert row.findings in [one.name for one in stored_findings()]
    # What the dead worker left aside is known by nobody, and goes when the portal tidies up.
    assert len(list(stored_findings())) <= 2
