"""Ask for a piece of background work, within the transaction of the act that needs it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from quetsach_portal.jobs.models import Job


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
    Shapes: `kind` stands in config/jobs.py; `key` is like "letters.send:17".
    """
    made, _is_new = Job.objects.get_or_create(
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
    return made
