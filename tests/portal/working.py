"""The portal's worker, run here and now with the jobs of the portal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from quetsach_portal.config.jobs import JOBS
from quetsach_portal.jobs import worker
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.jobs.worker import Handler


def run_ready(limit: int = 10_000, handlers: Mapping[str, Handler] | None = None) -> int:
    """Run what is ready, with `handlers` in place of those of their kinds."""
    jobs = replace(JOBS, handlers={**JOBS.handlers, **(handlers or {})})
    return worker.run_ready(jobs, limit)


def claim(name: str, now: datetime | None = None) -> RunningJob | None:
    """Return the next job for the worker `name`."""
    return worker.claim(JOBS, name, now)
