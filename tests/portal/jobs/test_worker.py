"""Background work: nothing is lost, nothing is done twice, and how it stands can be seen."""

import itertools
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import record
from quetsach_portal.jobs import worker
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import LEASE, LeaseLost, RunningJob, enqueue
from quetsach_portal.jobs.worker import GiveUp, JobLane, JobTable, enqueue_periodic
from tests.waiting import stand_still

ROOT = Path(__file__).parents[3]
HERE = "tests.portal.jobs.test_worker"

pytestmark = pytest.mark.django_db


def note(work: RunningJob) -> None:
    """A handler whose effect and end are one transaction."""
    with work.finishing():
        record("test.noted", actor=None, kind="job", object_id=work.job_id)


def stumble(work: RunningJob) -> None:
    raise RuntimeError("the mail server is away")


def refuse(work: RunningJob) -> None:
    raise GiveUp("no such list")


def slow_note(work: RunningJob) -> None:
    """Go on in steps, then note; in a worker that is to be killed, stand still at its step."""
    for step in range(20):
        work.progress(step, 20, "half way")
        _step()
    note(work)
    _step()


STEPS = itertools.count(1)


def _step() -> None:
    if next(STEPS) == int(os.environ.get("STAND_STILL_AT", "0")):
        sys.stdout.write("here\n")
        sys.stdout.flush()
        stand_still()


JOBS = JobTable(
    {"note": note, "stumble": stumble, "refuse": refuse, "slow_note": slow_note},
    heavy=frozenset({"sweep"}),
    periodic={"note": 3600},
)


def run_ready() -> int:
    return worker.run_ready(JOBS)


def claim(name: str, now: datetime | None = None, lane: JobLane = JobLane.ALL) -> RunningJob | None:
    return worker.claim(JOBS, name, now, lane)


def only() -> Job:
    return Job.objects.get()


def test_asking_twice_is_asking_once() -> None:
    first = enqueue("note", key="note:1")
    assert enqueue("note", key="note:1").pk == first.pk
    assert run_ready() == 1
    assert enqueue("note", key="note:1").state == JobState.DONE
    assert run_ready() == 0


def test_an_act_that_is_rolled_back_leaves_no_work() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("note", key="note:1")
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_a_failed_try_waits_and_is_tried_again_until_a_person_is_needed() -> None:
    enqueue("stumble", key="s", max_attempts=2)
    assert run_ready() == 1
    job = only()
    assert (job.state, job.attempts) == (JobState.READY, 1)
    assert job.run_after > timezone.now()
    Job.objects.update(run_after=timezone.now())
    assert run_ready() == 1
    job = only()
    assert job.state == JobState.FAILED
    assert "the mail server is away" in job.problem


def test_what_cannot_help_is_not_tried_again() -> None:
    enqueue("refuse", key="r")
    run_ready()
    assert (only().state, only().problem) == (JobState.FAILED, "no such list")


def test_a_job_whose_worker_fell_silent_is_taken_up_and_the_first_can_no_longer_finish() -> None:
    enqueue("note", key="n")
    now = timezone.now()
    first = claim("one", now)
    assert first is not None
    assert claim("two", now) is None
    second = claim("two", now + LEASE + timedelta(seconds=1))
    assert second is not None
    assert second.attempt == 2
    with pytest.raises(LeaseLost):
        note(first)
    assert not AuditEvent.objects.exists()
    note(second)
    assert AuditEvent.objects.count() == 1


def test_a_job_that_kills_each_worker_is_not_tried_for_ever() -> None:
    enqueue("note", key="n", max_attempts=2)
    now = timezone.now()
    for turn in range(2):
        assert claim(f"w{turn}", now + turn * (LEASE + timedelta(seconds=1)))
    assert claim("w3", now + 2 * (LEASE + timedelta(seconds=1))) is None
    assert only().state == JobState.FAILED


def test_progress_can_be_seen() -> None:
    enqueue("note", key="n")
    work = claim("one")
    assert work is not None
    work.progress(1, 4, "file 1 of 4")
    assert (only().progress, only().said) == (250, "file 1 of 4")
    work.progress(0, 0)
    assert only().progress == 0


def test_what_comes_round_is_asked_for_once_a_period() -> None:
    now = timezone.now().replace(minute=10)
    enqueue_periodic(JOBS, now)
    enqueue_periodic(JOBS, now + timedelta(minutes=1))
    assert Job.objects.count() == 1
    enqueue_periodic(JOBS, now + timedelta(hours=1))
    assert Job.objects.count() == 2


WORKER = f"""
import os, django
django.setup()
from {HERE} import JOBS
import quetsach_portal.jobs.queue as work, quetsach_portal.jobs.worker as worker
from datetime import timedelta
work.LEASE = worker.LEASE = timedelta(seconds=0.4)
from tests.portal.working import wait_until_idle
wait_until_idle(JOBS, worker.worker_name(), seconds=60)
"""


def start_worker(database: dict[str, str], stand_still_at: int = 0) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.portal.settings",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        "STAND_STILL_AT": str(stand_still_at),
        **database,
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
# A job has 20 steps, and a 21st once it is noted.
@pytest.mark.parametrize("step", [1, 12, 21, 30])
def test_a_kill_9_of_the_worker_at_any_point_loses_and_doubles_nothing(
    own_database: dict[str, str], step: int
) -> None:
    count = 6
    with transaction.atomic():
        for number in range(count):
            enqueue("slow_note", key=f"n:{number}", max_attempts=50)
    for turn in range(3):
        process = start_worker(own_database, stand_still_at=step + turn)
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    last = start_worker(own_database)
    assert last.wait(timeout=120) == 0
    assert last.stdout is not None
    last.stdout.close()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    noted = sorted(AuditEvent.objects.values_list("object_id", flat=True))
    assert noted == sorted(str(pk) for pk in Job.objects.values_list("pk", flat=True))


def test_a_long_job_does_not_stand_before_a_short_one() -> None:
    for number in range(3):
        enqueue("sweep", key=f"s:{number}")
    short = enqueue("mail", key="m")
    work = claim("w", lane=JobLane.LIGHT)
    assert work is not None
    assert work.job_id == short.pk
    assert claim("w", lane=JobLane.LIGHT) is None
    heavy = claim("h", lane=JobLane.HEAVY)
    assert heavy is not None
    assert heavy.kind == "sweep"


def test_who_waited_longest_comes_first_among_long_jobs() -> None:
    for number in range(20):
        enqueue("sweep", key=f"many:{number}", asked_by_id=1)
    enqueue("sweep", key="one", asked_by_id=2)
    order = []
    for _turn in range(3):
        work = claim("h", lane=JobLane.HEAVY)
        assert work is not None
        job = Job.objects.get(pk=work.job_id)
        order.append(job.asked_by_id)
        job.state, job.finished_at = JobState.DONE, timezone.now()
        job.save()
    assert order == [1, 2, 1]
