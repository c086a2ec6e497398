"""A worker of a process of its own, which loads no more than the jobs that it is given."""

import threading
import time

from quetsach_portal.jobs import worker
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.worker import JobTable


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
