"""The worker: takes the oldest job that is ready, runs its handler, and says how it ended."""

import logging
import os
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from django.db import close_old_connections, connection, transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from quetsach_portal.jobs.beats import beat
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import LEASE, LeaseLost, RunningJob, enqueue
from quetsach_portal.web.database_state import DATABASE_ERRORS, DatabaseTrouble, trouble_of

log = logging.getLogger(__name__)

Handler: TypeAlias = Callable[[RunningJob], None]

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
MOST_HEAVY = 2
"""How many heavy jobs run for one person at a time; the others wait."""

SERVED_LATELY = timedelta(hours=1)
"""For so long back it is asked whose heavy job ran last: who waited longest comes first."""


LONGEST_WAIT_FOR_DATABASE_S = 15.0
TRIES_TO_GIVE_BACK = 5
UNCOUNTED_FOR = timedelta(days=1)
"""So long after it was asked for, a job is not blamed for a database that goes away."""


class JobLane(StrEnum):
    """Which jobs a worker takes: long jobs must not delay short ones."""

    ALL = "all"
    LIGHT = "light"
    HEAVY = "heavy"


class GiveUp(Exception):
    """Raised by a handler when trying again cannot help; its text is shown to people."""


@dataclass(frozen=True)
class JobTable:
    """What a worker can do: the function of each kind, which kinds are heavy, which come again.

    Shapes: a job of a `periodic` kind is enqueued every so many seconds.
    """

    handlers: Mapping[str, Handler]
    heavy: Collection[str] = frozenset()
    periodic: Mapping[str, int] = field(default_factory=dict)


def worker_name() -> str:
    """Return a name that no other worker has."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def claim(
    jobs: JobTable, worker: str, now: datetime | None = None, lane: JobLane = JobLane.ALL
) -> RunningJob | None:
    """Return the oldest job of `lane` that is ready or whose worker fell silent, now leased.

    Of heavy jobs that of the person comes first whose last one ended longest ago. A job whose last
    try died with its worker is failed here and seen by a person.
    """
    moment = timezone.now() if now is None else now
    waiting = Q(state=JobState.READY, run_after__lte=moment) & ~_of_the_busy(jobs)
    orphaned = Q(state=JobState.RUNNING, leased_until__lt=moment)
    with transaction.atomic():
        rows = _in_order(Job.objects.filter(waiting | orphaned), jobs, lane, moment)
        skips = connection.features.has_select_for_update_skip_locked
        job = rows.select_for_update(skip_locked=skips, of=("self",) if skips else ()).first()
        if job is None:
            return None
        if job.attempts >= job.max_attempts:
            _fail(job, "its worker ended without a word each time")
            return claim(jobs, worker, moment, lane)
        job.state, job.leased_by, job.leased_until = JobState.RUNNING, worker, moment + LEASE
        job.attempts += 1
        job.save(update_fields=["state", "leased_by", "leased_until", "attempts"])
    if _is_too_many(jobs, job):
        return claim(jobs, worker, moment, lane)
    return RunningJob(job.pk, job.kind, job.payload, worker, job.attempts)


def _in_order(
    rows: QuerySet[Job], jobs: JobTable, lane: JobLane, moment: datetime
) -> QuerySet[Job]:
    heavy = Q(kind__in=jobs.heavy)
    if lane is not JobLane.HEAVY:
        return rows.filter(~heavy if lane is JobLane.LIGHT else Q()).order_by("run_after", "pk")
    ended = Job.objects.filter(
        heavy, asked_by_id=OuterRef("asked_by_id"), finished_at__gt=moment - SERVED_LATELY
    )
    served = Subquery(ended.order_by("-finished_at").values("finished_at")[:1])
    order = (F("served").asc(nulls_first=True), "run_after", "pk")
    return rows.filter(heavy).annotate(served=served).order_by(*order)


def _of_the_busy(jobs: JobTable) -> Q:
    """Return the condition "of a heavy kind, and its asker has as many of those running" (R5)."""
    busy = (
        Job.objects.filter(kind__in=jobs.heavy, state=JobState.RUNNING)
        .exclude(asked_by_id=None)
        .values("asked_by_id")
        .annotate(running=Count("pk"))
        .filter(running__gte=MOST_HEAVY)
        .values("asked_by_id")
    )
    return Q(kind__in=jobs.heavy, asked_by_id__in=busy)


def _is_too_many(jobs: JobTable, job: Job) -> bool:
    """Give `job` back when two workers took jobs of one person at the same moment.

    Each sees the other's only after both are written down; the younger gives way.
    """
    if job.kind not in jobs.heavy or job.asked_by_id is None:
        return False
    older = Job.objects.filter(
        kind__in=jobs.heavy,
        asked_by_id=job.asked_by_id,
        state=JobState.RUNNING,
        pk__lt=job.pk,
    )
    if older.count() < MOST_HEAVY:
        return False
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, leased_by=job.leased_by)
    mine.update(state=JobState.READY, attempts=F("attempts") - 1)
    return True


def run_one(jobs: JobTable, worker: str, lane: JobLane = JobLane.ALL) -> bool:
    """Run one job of `lane` to its end, good or bad; False when none was ready."""
    work = claim(jobs, worker, lane=lane)
    if work is None:
        return False
    stop = threading.Event()
    beat = threading.Thread(target=_heartbeat, args=(work, lane, stop), daemon=True)
    beat.start()
    try:
        _run(jobs, work)
    finally:
        stop.set()
        beat.join()
    return True


def run_ready(jobs: JobTable, limit: int = 10_000) -> int:
    """Run what is ready, here and now, and return how many jobs that were; for tests and set-up."""
    worker = worker_name()
    done = 0
    while done < limit and (work := claim(jobs, worker)) is not None:
        _run(jobs, work)
        done += 1
    return done


def work_forever(
    jobs: JobTable,
    worker: str,
    *,
    lane: JobLane = JobLane.ALL,
    idle_s: float = 1.0,
    stop: threading.Event,
) -> None:
    """Run jobs of `lane`, and ask for the periodic ones, until `stop` is set.

    While the database does not answer it waits, longer each time, and not at the same moment as
    the other workers.
    """
    failures = 0
    while not stop.is_set():
        beat(lane)
        close_old_connections()
        try:
            enqueue_periodic(jobs, timezone.now())
            has_run = run_one(jobs, worker, lane)
        except DATABASE_ERRORS as error:
            if trouble_of(error) is None:
                raise
            connection.close()
            failures += 1
            wait_s = wait_for_database(failures)
            facts = {"reason": type(error).__name__, "again_in_s": round(wait_s, 1)}
            log.warning("the database does not answer", extra=facts)
            stop.wait(wait_s)
            continue
        failures = 0
        if not has_run:
            stop.wait(idle_s)


def wait_for_database(failures: int) -> float:
    """Return the seconds to wait after so many failures in a row: half of it is chance."""
    longest = min(LONGEST_WAIT_FOR_DATABASE_S, 0.5 * (1 << min(failures, 10)))
    return longest * (1 + random.random()) / 2  # noqa: S311 - no secret hangs on it


def enqueue_periodic(jobs: JobTable, now: datetime) -> None:
    """Enqueue the periodic jobs that are due, once a period for all workers."""
    for kind, every_s in jobs.periodic.items():
        period = int(now.timestamp()) // every_s
        enqueue(kind, key=f"{kind}:{period}", max_attempts=2)


def _run(jobs: JobTable, work: RunningJob) -> None:
    try:
        jobs.handlers[work.kind](work)
        _finish(work)
    except LeaseLost:
        log.warning("lease lost", extra={"job": work.job_id, "kind": work.kind})
    except GiveUp as told:
        _end_try(work, str(told), again=False)
    except Exception as error:  # the job runner is one of the two places, see STYLE.md
        trouble = trouble_of(error)
        if trouble is not None:
            _give_back(work, trouble)
            return
        log.exception("job failed", extra={"job": work.job_id, "kind": work.kind})
        _end_try(work, f"{type(error).__name__}: {error}", again=True)


def _give_back(work: RunningJob, trouble: DatabaseTrouble) -> None:
    """Let a job wait whose try the database ended: for a day no such try counts as one.

    Errors: of a database that does not answer for long; the lease ends then, and the try counts.
    """
    log.warning("job interrupted", extra={"job": work.job_id, "kind": work.kind, "why": trouble})
    # A broken connection is no use; within a transaction of the caller's own there is no other.
    if not connection.in_atomic_block:
        connection.close()
    for failures in range(1, TRIES_TO_GIVE_BACK + 1):
        try:
            with transaction.atomic():
                Job.objects.filter(
                    pk=work.job_id,
                    state=JobState.RUNNING,
                    leased_by=work.worker,
                    created_at__gt=timezone.now() - UNCOUNTED_FOR,
                ).update(attempts=F("attempts") - 1)
                _end_try(work, f"database: {trouble}", again=True)
        except DATABASE_ERRORS as error:
            if failures == TRIES_TO_GIVE_BACK or trouble_of(error) is None:
                raise
            connection.close()
            time.sleep(wait_for_database(failures))
        else:
            return


def _finish(work: RunningJob) -> None:
    # A handler that used `finishing` is done already, and this changes nothing.
    Job.objects.filter(pk=work.job_id, state=JobState.RUNNING, leased_by=work.worker).update(
        state=JobState.DONE, progress=1000, finished_at=timezone.now(), problem=""
    )


def _end_try(work: RunningJob, problem: str, *, again: bool) -> None:
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=work.job_id)
        if job.state != JobState.RUNNING or job.leased_by != work.worker:
            return
        if again and job.attempts < job.max_attempts:
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** max(0, job.attempts - 1))
            job.state, job.run_after = JobState.READY, timezone.now() + wait
            job.problem = problem[:4000]
            job.save(update_fields=["state", "run_after", "problem"])
        else:
            _fail(job, problem)


def _fail(job: Job, problem: str) -> None:
    job.state, job.problem = JobState.FAILED, problem[:4000]
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "problem", "finished_at"])


def _heartbeat(work: RunningJob, lane: JobLane, stop: threading.Event) -> None:
    try:
        while not stop.wait(LEASE.total_seconds() / 4):
            beat(lane)
            try:
                work.renew()
            except DATABASE_ERRORS:
                # It may answer again before the lease ends.
                connection.close()
    except LeaseLost:
        return
    finally:
        connection.close()
