"""The portal's worker, run here and now with the jobs of the portal."""

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from quetsach_portal.config.jobs import JOBS
from quetsach_portal.jobs import worker
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.jobs.worker import Handler, JobTable


def run_ready(limit: int = 10_000, handlers: Mapping[str, Handler] | None = None) -> int:
    """Run what is ready, with `handlers` in place of those of their kinds."""
    jobs = replace(JOBS, handlers={**JOBS.handlers, **(handlers or {})})
    return worker.run_ready(jobs, limit)


def claim(name: str, now: datetime | None = None) -> RunningJob | None:
    """Return the next job for the worker `name`."""
    return worker.claim(JOBS, name, now)


def wait_until_idle(jobs: JobTable, name: str, *, seconds: float) -> bool:
    """Run jobs until none is ready or running, at most `seconds`; True when all is quiet."""
    until, never = time.monotonic() + seconds, threading.Event()
    while time.monotonic() < until:
        if worker.run_one(jobs, name):
            continue
        if not Job.objects.filter(state__in=[JobState.READY, JobState.RUNNING]).exists():
            return True
        never.wait(0.05)
    return False
