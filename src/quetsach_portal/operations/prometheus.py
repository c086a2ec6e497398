"""The portal's figures for Prometheus (`/metrics`), in its text format, version 0.0.4.

No figure names or counts a person, a unit or a machine. It is written by hand (decision 19).
Source: prometheus.io/docs/instrumenting/exposition_formats.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import accumulate

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs import beats
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.mail.models import OutboxMail, OutboxState
from quetsach_portal.operations.backup.proving import state_of_backups
from quetsach_portal.operations.vital_signs import database_answers, free_bytes
from quetsach_portal.web.write_stops import stopped_since
from quetsach_public.request_figures import BOUNDS_MS, AnswerTimes, read_figures

FOLDERS = ("request-figures", "public/run/request-figures")
"""Where the processes of each plane keep their counters, below the home."""


def prometheus_text() -> str:
    """Return the figures; those of a database that is away are missing."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    answers = database_answers()
    yield from _gauge("database_up", "1 when the database answers.", int(answers))
    yield from _gauge("disk_free_bytes", "Free bytes of the portal's disk.", free_bytes())
    since = stopped_since() if answers else None
    stopped_s = 0.0 if since is None else _age_s(since)
    yield from _gauge("writing_stopped_seconds", "Since nothing can be written.", stopped_s)
    ages = {lane: round(age, 1) for lane, age in beats.ages().items()}
    yield from _labelled("worker_silent_seconds", "Since a worker's last beat.", "lane", ages)
    proved_at = state_of_backups()["proved_at"]
    if proved_at is not None:
        about = "Since a backup was restored in a trial."
        yield from _gauge("backup_age_seconds", about, _age_s(proved_at))
    for folder in FOLDERS:
        for plane, classes in read_figures(settings.QUETSACH.home / folder).items():
            yield from _histogram(plane, classes)
    if answers:
        yield from _of_the_database()


def _of_the_database() -> Iterator[str]:
    states: dict[str, float] = dict.fromkeys(JobState.values, 0)
    states |= dict(Job.objects.values_list("state").annotate(number=Count("pk")))
    yield from _labelled("jobs", "Background jobs.", "state", states)
    waiting = Job.objects.filter(state=JobState.READY, run_after__lte=timezone.now())
    longest_s = _age_s(waiting.aggregate(first=Min("run_after"))["first"])
    yield from _gauge("job_waiting_seconds", "Of the job that waits longest.", longest_s)
    mails: dict[str, float] = dict.fromkeys(OutboxState.values, 0)
    mails |= dict(OutboxMail.objects.values_list("state").annotate(number=Count("pk")))
    yield from _labelled("mails", "Mails.", "state", mails)
    queued = OutboxMail.objects.filter(state=OutboxState.QUEUED)
    oldest_s = _age_s(queued.aggregate(first=Min("created_at"))["first"])
    yield from _gauge("mail_waiting_seconds", "Of the mail that waits longest.", oldest_s)
    alarms = AuditEvent.objects.filter(action="trail.contradicted").count()
    yield from _gauge("trail_alarms", "Browsers that carried another row of the trail.", alarms)
    if connection.vendor == "postgresql":
        yield from _connections()


def _connections() -> Iterator[str]:
    """Yield how many connections PostgreSQL has, ours and all, and how many it takes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE datname = current_database()), count(*),"
            " current_setting('max_connections')::int"
            " FROM pg_stat_activity WHERE backend_type = 'client backend'"
        )
        ours, whole, most = cursor.fetchone()
        cursor.execute(
            "SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0)::float"
            " FROM pg_stat_activity WHERE datname = current_database()"
        )
        (longest_s,) = cursor.fetchone()
    about = "Connections to PostgreSQL: of this database, of all, and the most that it takes."
    values = {"this_database": ours, "all": whole, "most": most}
    yield from _labelled("database_connections", about, "of", values)
    about = "Of the transaction that runs longest."
    yield from _gauge("database_transaction_seconds", about, longest_s)


def _histogram(plane: str, classes: Mapping[str, AnswerTimes]) -> Iterator[str]:
    """Yield how many requests a plane answered, and within which time, by class of answer.

    Pages of the public plane that nginx holds are not among them: the plane is not asked.
    """
    name = f"{plane}_request_seconds"
    about = "Requests by class of answer, from the last byte that came to the answer."
    yield from _head(name, about, "histogram")
    for kind, times in classes.items():
        sums = list(accumulate(times.counts))
        for bound, number in zip([*(one / 1000 for one in BOUNDS_MS), "+Inf"], sums, strict=True):
            yield f'quetsach_{name}_bucket{{class="{kind}",le="{bound}"}} {number}'
        yield f'quetsach_{name}_sum{{class="{kind}"}} {times.microseconds / 1e6}'
        yield f'quetsach_{name}_count{{class="{kind}"}} {sums[-1]}'


def _age_s(moment: datetime | None) -> float:
    """Return the seconds since `moment`; 0 for none, and for one that is still to come."""
    age = timedelta() if moment is None else timezone.now() - moment
    return max(0.0, age.total_seconds())


def _gauge(name: str, about: str, value: float) -> Iterator[str]:
    yield from _head(name, about)
    yield f"quetsach_{name} {value}"


def _labelled(name: str, about: str, label: str, values: Mapping[str, float]) -> Iterator[str]:
    yield from _head(name, about)
    for key, value in values.items():
        yield f'quetsach_{name}{{{label}="{key}"}} {value}'


def _head(name: str, about: str, kind: str = "gauge") -> tuple[str, str]:
    return f"# HELP quetsach_{name} {about}", f"# TYPE quetsach_{name} {kind}"
