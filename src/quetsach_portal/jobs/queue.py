"""Enqueue background jobs; what a running handler has: payload, lease, a single finish."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from quetsach_portal.jobs.models import Job, JobState

LEASE = timedelta(seconds=60)
"""How long a worker may be silent before another takes its job up."""


class LeaseLost(Exception):
    """Another worker has the job now; whatever this one did since is rolled back or repeated."""


@dataclass(frozen=True)
class RunningJob:
    """A job in a worker's hands."""

    job_id: int
    kind: str
    payload: Mapping[str, Any]
    worker: str
    attempt: int

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Show how far the work is, and prolong the lease.

        Errors: LeaseLost when another worker has it.
        """
        share = 1000 * done // total if total > 0 else 0
        self._update(
            progress=min(1000, max(0, share)), said=text[:300], leased_until=timezone.now() + LEASE
        )

    def renew(self) -> None:
        """Prolong the lease. Errors: LeaseLost."""
        self._update(leased_until=timezone.now() + LEASE)

    def note(self, **facts: Any) -> None:
        """Keep `facts` in the payload for a later try, and prolong the lease.

        The caller holds the transaction of the work that they tell of. Errors: LeaseLost.
        """
        self._update(payload={**self.payload, **facts}, leased_until=timezone.now() + LEASE)

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Write the work's effects and "done" in one transaction: both or neither, and once.

        Errors: LeaseLost, with everything inside rolled back.
        """
        with transaction.atomic():
            # First, so that a second worker waits here and then finds the lease gone.
            self._update(state=JobState.DONE, progress=1000, finished_at=timezone.now(), problem="")
            yield

    def _update(self, **fields: Any) -> None:
        mine = Job.objects.filter(pk=self.job_id, state=JobState.RUNNING, leased_by=self.worker)
        if not mine.update(**fields):
            raise LeaseLost(self.kind)


def is_asked_again(work: RunningJob) -> bool:
    """Return whether a later job of the same kind is ready, so that it can do all of this one."""
    later = Job.objects.filter(kind=work.kind, pk__gt=work.job_id, state=JobState.READY)
    return later.filter(run_after__lte=timezone.now()).exists()


def enqueue(
    kind: str,
    *,
    key: str,
    payload: Mapping[str, Any] | None = None,
    run_after: datetime | None = None,
    asked_by_id: int | None = None,
    unit_path: str = "",
    max_attempts: int = 5,
) -> Job:
    """Return the job with this `key`, made new if there was none.

    The row appears when the caller's transaction commits and not otherwise, so an act that is
    rolled back leaves no work behind, and one that is committed never loses it.
    Shapes: `kind` stands in config/jobs.py; `key` is like "mail.deliver:17".
    """
    job, _is_new = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "payload": dict(payload or {}),
            "run_after": run_after or timezone.now(),
            "asked_by_id": asked_by_id,
            "unit_path": unit_path,
            "max_attempts": max_attempts,
        },
    )
    return job
