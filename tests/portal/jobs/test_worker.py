"""Background work: nothing is lost, nothing is done twice, and how it stands can be seen."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs import worker
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import LEASE, RunningJob, enqueue
from quetsach_portal.jobs.worker import JobLane, JobTable, enqueue_periodic
from quetsach_portal.people.models.roles import Role
from tests.portal.jobs.handlers import JOBS, claim, only, run_ready
from tests.portal.world import World, make_user
from tests.whole import daily

pytestmark = pytest.mark.django_db


ROOT = Path(__file__).parents[3]


HERE = "tests.portal.jobs.handlers"


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


def test_a_try_that_the_database_ended_does_not_count_for_a_day() -> None:
    enqueue("lose_database", key="l", max_attempts=1)
    for _turn in range(3):
        Job.objects.update(run_after=timezone.now())
        assert run_ready() == 1
        job = only()
        assert (job.state, job.attempts, job.problem) == (JobState.READY, 0, "database: away")
        assert job.run_after > timezone.now()
    day_ago = timezone.now() - worker.UNCOUNTED_FOR
    Job.objects.update(run_after=timezone.now(), created_at=day_ago)
    run_ready()
    assert (only().state, only().attempts) == (JobState.FAILED, 1)


def test_waits_for_the_database_grow_to_a_bound_and_differ() -> None:
    waits = [[worker.wait_for_database(n) for _turn in range(50)] for n in range(1, 40)]
    assert 0.5 <= min(waits[0]) <= max(waits[0]) <= 1.0
    assert max(map(max, waits)) <= worker.LONGEST_WAIT_FOR_DATABASE_S
    assert min(waits[-1]) >= worker.LONGEST_WAIT_FOR_DATABASE_S / 2
    assert all(len(set(some)) > 1 for some in waits)


def test_what_cannot_help_is_not_tried_again() -> None:
    enqueue("refuse", key="r")
    run_ready()
    assert (only().state, only().problem) == (JobState.FAILED, "no such list")


def test_a_job_that_kills_each_worker_is_not_tried_for_ever() -> None:
    enqueue("note", key="n", max_attempts=2)
    now = timezone.now()
    for turn in range(2):
        assert claim(f"w{turn}", now + turn * (LEASE + timedelta(seconds=1)))
    assert claim("w3", now + 2 * (LEASE + timedelta(seconds=1))) is None
    assert only().state == JobState.FAILED


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
from tests.portal.idle import wait_until_idle
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
@pytest.mark.parametrize("step", daily([12, 21], whole=[1, 12, 21, 30]))
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


@pytest.mark.asvs("V15.2.2")
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


@pytest.mark.asvs("V2.3.2", "V15.2.2")
def test_R5_a_person_has_two_heavy_jobs_running_and_the_rest_waits(world: World) -> None:
    mine, other = (make_user(world.units["TC01"], Role.CLERK, f"{n}@x.example") for n in "ab")
    for number in range(50):
        enqueue("heavy", key=f"h:{number}", asked_by_id=mine.pk)
    enqueue("heavy", key="other", asked_by_id=other.pk)
    enqueue("light", key="light", asked_by_id=mine.pk)
    taken = [_claim(f"w{number}") for number in range(10)]
    kinds = sorted(f"{one.kind}:{_asker(one.job_id)}" for one in taken if one is not None)
    assert kinds == sorted(
        [f"heavy:{mine.pk}", f"heavy:{mine.pk}", f"heavy:{other.pk}", f"light:{mine.pk}"]
    )
    first = next(one for one in taken if one is not None and one.kind == "heavy")
    with first.finishing():
        pass
    again = _claim("w11")
    assert again is not None
    assert again.kind == "heavy"
    assert _claim("w12") is None
    assert set(Job.objects.filter(state=JobState.READY).values_list("attempts", flat=True)) == {0}


HEAVY = JobTable({}, heavy=frozenset({"heavy"}))


def _claim(name: str) -> RunningJob | None:
    return worker.claim(HEAVY, name)


def _asker(job_id: int) -> int | None:
    return Job.objects.get(pk=job_id).asked_by_id


@pytest.mark.asvs("V2.3.4")
def test_R5_two_workers_that_take_a_job_at_once_do_not_slip_past_the_cap(world: World) -> None:
    person = make_user(world.units["TC01"], Role.CLERK, "c@x.example")
    jobs = [enqueue("heavy", key=f"h:{number}", asked_by_id=person.pk) for number in range(3)]
    # As both workers have written it down, before either has looked at the other's.
    for job in jobs:
        job.state, job.leased_by, job.attempts = JobState.RUNNING, f"w{job.pk}", 1
        job.save()
    assert [worker._is_too_many(HEAVY, job) for job in jobs] == [False, False, True]
    youngest = Job.objects.get(pk=jobs[2].pk)
    assert (youngest.state, youngest.attempts) == (JobState.READY, 0)
