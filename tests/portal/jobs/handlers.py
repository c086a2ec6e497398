"""Kinds of jobs for the tests of the queue and the worker: one that notes, others that fail."""

import itertools
import os
import sqlite3
import sys
from datetime import datetime
from tempfile import TemporaryDirectory

from django.db import OperationalError

from quetsach_portal.audit.record import record
from quetsach_portal.jobs import worker
from quetsach_portal.jobs.models import Job
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.jobs.worker import GiveUp, JobLane, JobTable
from tests.waiting import stand_still


def note(work: RunningJob) -> None:
    """A handler whose effect and end are one transaction."""
    with work.finishing():
        record("test.noted", actor=None, kind="job", object_id=work.job_id)


def stumble(work: RunningJob) -> None:
    raise RuntimeError("the mail server is away")


def refuse(work: RunningJob) -> None:
    raise GiveUp("no such list")


def lose_database(work: RunningJob) -> None:
    """What a handler meets whose database is locked for too long: a real error of SQLite."""
    with TemporaryDirectory() as folder:
        other = sqlite3.connect(f"{folder}/x", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        try:
            sqlite3.connect(f"{folder}/x", timeout=0).execute("CREATE TABLE x (a)")
        except sqlite3.OperationalError as error:
            raise OperationalError(str(error)) from error
        finally:
            other.close()


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
    {
        "lose_database": lose_database,
        "note": note,
        "stumble": stumble,
        "refuse": refuse,
        "slow_note": slow_note,
    },
    heavy=frozenset({"sweep"}),
    periodic={"note": 3600},
)


def run_ready() -> int:
    return worker.run_ready(JOBS)


def claim(name: str, now: datetime | None = None, lane: JobLane = JobLane.ALL) -> RunningJob | None:
    return worker.claim(JOBS, name, now, lane)


def only() -> Job:
    return Job.objects.get()
