"""How the portal is: whether it can serve (`/ready`), and its figures (`/metrics`).

No figure names or counts a person, a unit or a machine.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files.storage import KEPT_FREE
from quetsach_portal.jobs import beats
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.mail.models import OutboxMail, OutboxState
from quetsach_portal.operations.backup.proving import state_of_backups
from quetsach_portal.web.database_state import DATABASE_ERRORS
from quetsach_portal.web.write_stops import stopped_since


@dataclass(frozen=True)
class VitalSign:
    """One thing that was looked at: its name, how it is, and whether the portal can serve so."""

    name: str
    state: str
    is_ready: bool = True


def vital_signs() -> list[VitalSign]:
    """Return what has to be well for the portal to serve; the backup's state is told alone.

    An old backup is for its operator; it is no reason to send nobody to this portal any more.
    """
    answers = _answers()
    free = _free_bytes()
    since = stopped_since() if answers else None
    worker = beats.state_of_workers()
    return [
        VitalSign("database", "ok" if answers else "no answer", answers),
        VitalSign("writing", "ok" if since is None else f"stopped since {since:%FT%TZ}", not since),
        VitalSign("disk", "ok" if free >= KEPT_FREE else "short", free >= KEPT_FREE),
        VitalSign("worker", worker, worker == "ok"),
        VitalSign("backup", str(state_of_backups()["state"])),
    ]


def prometheus_text() -> str:
    """Return the figures in Prometheus's text format; those of a database that is away are missing.

    Source: prometheus.io/docs/instrumenting/exposition_formats, 0.0.4.
    """
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    answers = _answers()
    yield from _gauge("database_up", "1 when the database answers.", int(answers))
    yield from _gauge("disk_free_bytes", "Free bytes of the portal's disk.", _free_bytes())
    since = stopped_since() if answers else None
    stopped_s = 0.0 if since is None else (timezone.now() - since).total_seconds()
    yield from _gauge("writing_stopped_seconds", "Since nothing can be written.", stopped_s)
    yield from _labelled("worker_silent_seconds", "Since a worker's last beat.", "lane", _beats())
    proved_at = state_of_backups()["proved_at"]
    if proved_at is not None:
        age_s = (timezone.now() - proved_at).total_seconds()
        yield from _gauge("backup_age_seconds", "Since a backup was restored in a trial.", age_s)
    if not answers:
        return
    states: dict[str, float] = dict.fromkeys(JobState.values, 0)
    states |= dict(Job.objects.values_list("state").annotate(number=Count("pk")))
    yield from _labelled("jobs", "Background jobs.", "state", states)
    yield from _gauge("job_waiting_seconds", "Of the job that waits longest.", _longest_wait_s())
    mails: dict[str, float] = dict.fromkeys(OutboxState.values, 0)
    mails |= dict(OutboxMail.objects.values_list("state").annotate(number=Count("pk")))
    yield from _labelled("mails", "Mails.", "state", mails)
    alarms = AuditEvent.objects.filter(action="trail.contradicted").count()
    yield from _gauge("trail_alarms", "Browsers that carried another row of the trail.", alarms)


def _answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DATABASE_ERRORS:
        connection.close()
        return False
    return True


def _free_bytes() -> int:
    home = settings.QUETSACH.home
    return shutil.disk_usage(home if home.exists() else home.parent).free


def _beats() -> dict[str, float]:
    return {lane: round(age, 1) for lane, age in beats.ages().items()}


def _longest_wait_s() -> float:
    waiting = Job.objects.filter(state=JobState.READY, run_after__lte=timezone.now())
    first: datetime | None = (
        waiting.order_by("run_after").values_list("run_after", flat=True).first()
    )
    return 0.0 if first is None else (timezone.now() - first).total_seconds()


def _gauge(name: str, about: str, value: float) -> Iterator[str]:
    yield from _head(name, about)
    yield f"quetsach_{name} {value}"


def _labelled(name: str, about: str, label: str, values: dict[Any, float]) -> Iterator[str]:
    yield from _head(name, about)
    for key, value in values.items():
        yield f'quetsach_{name}{{{label}="{key}"}} {value}'


def _head(name: str, about: str) -> tuple[str, str]:
    return f"# HELP quetsach_{name} {about}", f"# TYPE quetsach_{name} gauge"
