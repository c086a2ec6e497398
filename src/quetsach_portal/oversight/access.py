"""Which rows of the trail, and which jobs, somebody may see (the table of roles in campaign.md)."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job
from quetsach_portal.rights.models import Assignment, Role
from quetsach_portal.rights.scope import Scope, below, checked_path, found

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
    job = found(jobs_of(scope).filter(pk=job_id))
    if job.asked_by_id != scope.user_id and not scope.has_role(Role.OPERATOR, Role.LEAD_OWNER):
        raise PermissionDenied(_("Who asked for it, the operator or the lead office repeats it."))
    return job
