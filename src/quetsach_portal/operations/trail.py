"""Which rows of the trail, which jobs and how many unsent mails somebody may see (campaign.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import record
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.mail.models import MailPurpose, MailQueue, OutboxMail, OutboxState
from quetsach_portal.operations.act_names import AREAS
from quetsach_portal.operations.trail_rows import act_word, actor_word, changes_of, object_word
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles.scope import Scope, below, checked_path, get_or_404
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.tables import Column, LongList

TRAIL = LongList(
    _lazy("Acts"),
    {
        "row": Column(_lazy("Row"), "seq", "number"),
        "when": Column(_lazy("When")),
        "who": Column(_lazy("Who")),
        "act": Column(_lazy("Act")),
        "changes": Column(_lazy("What changed")),
    },
    text_in=("actor", "object_id"),
    number_in=("seq",),
)
"""It sorts by what an index knows: it has millions of rows."""

JOBS = LongList(
    _lazy("Jobs"),
    {
        "job": Column(_lazy("Job"), "kind"),
        "state": Column(_lazy("State"), "state"),
        "said": Column(_lazy("How far")),
        "tries": Column(_lazy("Tries"), "attempts", "number"),
        "asked": Column(_lazy("Asked for"), "created_at"),
        "ended": Column(_lazy("Ended"), "finished_at", is_optional=True),
    },
    text_in=("kind",),
    number_in=("pk",),
)

TECHNICAL = ("job", "token", "key", "release")
"""Kinds of objects that an operator follows; they tell nothing of a unit's work."""

_SUBTREE = frozenset({Role.LEAD_OWNER, Role.COMPILER})


def events_of(scope: Scope) -> QuerySet[AuditEvent]:
    """Return the rows of the trail that the person may read."""
    condition = Q(actor_id=scope.user_id) if scope.seats else Q(pk__in=[])
    for seat in scope.seats:
        path = checked_path(seat.path)
        if seat.role in _SUBTREE:
            condition |= below(path, "unit_")
        elif seat.role == Role.AUDITOR:
            condition |= below(path, "unit_") | _of_no_unit(path)
        elif seat.role == Role.FOCAL_POINT:
            condition |= Q(unit_path=path)
        elif seat.role == Role.OPERATOR:
            condition |= Q(object_kind__in=TECHNICAL)
    return AuditEvent.objects.filter(condition)


def jobs_of(scope: Scope) -> QuerySet[Job]:
    """Return the jobs that the person may see: all for an operator, else within reach."""
    if scope.has_role(Role.OPERATOR):
        return Job.objects.all()
    condition = Q(asked_by_id=scope.user_id) if scope.seats else Q(pk__in=[])
    for seat in scope.seats:
        path = checked_path(seat.path)
        if seat.role in _SUBTREE or seat.role == Role.AUDITOR:
            condition |= below(path, "unit_")
        elif seat.role in (Role.FOCAL_POINT, Role.TECHNICIAN):
            condition |= Q(unit_path=path)
    return Job.objects.filter(condition)


def _of_no_unit(path: str) -> Q:
    """Return the condition on acts that concern no unit, such as a new password: by whose people.

    What the system did by itself is read by the auditors of lead offices.
    """
    people = Assignment.objects.filter(below(path, "unit__")).values("user_id")
    by_system = Q(actor_id=None) if path.count("/") == 2 else Q(pk__in=[])
    return Q(unit_path="") & (Q(actor_id__in=people) | by_system)


def job_to_repeat(scope: Scope, job_id: int) -> Job:
    """Return the job that the person may start again.

    Errors: Http404 where it may not be seen, PermissionDenied where it may.
    """
    job = get_or_404(jobs_of(scope).filter(pk=job_id))
    if job.asked_by_id != scope.user_id and not scope.has_role(Role.OPERATOR, Role.LEAD_OWNER):
        raise PermissionDenied(
            _(
                "Only the person who requested the job, an operator or the lead office "
                "can start it again."
            )
        )
    return job


# Acts on jobs, and the nightly check of the trail.


def repeat_job(job: Job, *, actor: User) -> None:
    """Let a failed job be tried again. Errors: Refused unless it has failed."""
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if locked.state != JobState.FAILED:
            raise Refused(_("Only a failed job can be started again."))
        record(
            "job.repeated",
            actor=actor,
            kind="job",
            object_id=locked.pk,
            unit_path=locked.unit_path,
            detail={"kind": locked.kind},
        )
        locked.state, locked.attempts, locked.problem = JobState.READY, 0, ""
        locked.run_after, locked.finished_at = timezone.now(), None
        locked.save(update_fields=["state", "attempts", "problem", "run_after", "finished_at"])


# The trail and the jobs as the pages show them.


@dataclass(frozen=True)
class TrailRow:
    """A row of the trail in words."""

    event: AuditEvent
    actor: str
    act: str
    thing: str
    changes: list[str]


def narrowed(events: QuerySet[AuditEvent], chosen: dict[str, Any]) -> QuerySet[AuditEvent]:
    """Return the rows that the filter selects, newest first."""
    if chosen.get("action"):
        events = events.filter(action__in=selected_acts(chosen["action"]))
    if chosen.get("actor"):
        events = events.filter(actor__icontains=chosen["actor"])
    if chosen.get("since"):
        events = events.filter(at__date__gte=chosen["since"])
    return events.order_by("-seq")


def selected_acts(chosen: str) -> list[str]:
    """Return the acts that a choice of the form stands for: one, or all of an area."""
    for number, (_area, acts) in enumerate(AREAS):
        if chosen == f"area-{number}":
            return list(acts)
    return [chosen]


def describe_events(events: Iterable[AuditEvent]) -> list[TrailRow]:
    """Return rows of the trail in words."""
    return [
        TrailRow(
            event,
            actor_word(event.actor),
            act_word(event.action),
            object_word(event.object_kind, event.object_id),
            changes_of(event.detail),
        )
        for event in events
    ]


def failed(jobs: QuerySet[Job]) -> list[Job]:
    """Return the newest of those that wait for a person."""
    return list(jobs.filter(state=JobState.FAILED).order_by("-pk")[:20])


# Mails that wait or did not arrive, for who looks after the system.

PURPOSES = {
    MailPurpose.LETTER: _lazy("Letters"),
    MailPurpose.FOLLOWUP: _lazy("Reminders and decisions on extensions"),
    MailPurpose.INVITATION: _lazy("Invitations"),
    MailPurpose.NEW_PASSWORD: _lazy("Links to a new password"),
    MailPurpose.ACCOUNT_NOTICE: _lazy("Notices about accounts"),
    MailPurpose.ALERT: _lazy("Alerts about machines"),
}


@dataclass(frozen=True)
class UnsentMails:
    """How many mails of a purpose are not sent, and why those that wait do so."""

    word: str
    waiting: int
    failed: int
    in_doubt: int
    problem: str
    next_try_at: datetime | None


def unsent_mails(scope: Scope) -> list[UnsentMails]:
    """Return the counts for an operator, without any address; nothing for others.

    Cost: two queries.
    """
    if not scope.has_role(Role.OPERATOR):
        return []
    counts = {row["purpose"]: row for row in _counts()}
    queues = {queue.purpose: queue for queue in _stuck_queues()}
    unsent = []
    for purpose, word in PURPOSES.items():
        if purpose in counts:
            count, queue = counts[purpose], queues.get(purpose)
            unsent.append(
                UnsentMails(
                    word=str(word),
                    waiting=count["waiting"],
                    failed=count["failed"],
                    in_doubt=count["in_doubt"],
                    problem="" if queue is None else queue.problem,
                    next_try_at=None if queue is None else queue.next_try_at,
                )
            )
    return unsent


def _counts() -> QuerySet[Any, Any]:
    unsent = OutboxMail.objects.exclude(state=OutboxState.SENT).values("purpose")
    return unsent.annotate(
        waiting=Count("pk", filter=Q(state__in=[OutboxState.QUEUED, OutboxState.SENDING])),
        failed=Count("pk", filter=Q(state=OutboxState.FAILED)),
        in_doubt=Count("pk", filter=Q(state=OutboxState.IN_DOUBT)),
    )


def _stuck_queues() -> QuerySet[Any]:
    """Return the queues whose mails wait for a reason, each with the `purpose` of its mails."""
    stuck = MailQueue.objects.filter(mails__state=OutboxState.QUEUED).exclude(problem="")
    return stuck.annotate(purpose=F("mails__purpose")).distinct()
