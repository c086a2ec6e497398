"""The tasks of today about cases, for the first page of each role."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.cases.access import child_cases, led_alarms, own_cases
from quetsach_portal.cases.models.case import Case, CaseOutcome, CaseState, FalseAlarm
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.web.compiled_queries import CompiledQuery

MOST = 10


@dataclass(frozen=True)
class CaseTask:
    """One thing to do: what, why, by when (None: no day), and where."""

    title: str
    hint: str
    address: str
    tone: str = "calm"
    due_at: datetime | None = None


def today_for_technician(scope: Scope, user_id: int) -> list[CaseTask]:
    """Return the technician's open cases and unassigned ones, at most ten, the most urgent first.

    Cost: two queries.
    """
    mine = own_cases(scope).filter(closed_at__isnull=True)
    mine = mine.filter(Q(technician_id=user_id) | Q(technician__isnull=True))
    urgent = mine.order_by(F("due_at").asc(nulls_last=True), "pk")
    tasks = [_task_of(case) for case in urgent[:MOST]]
    due = [task for task in _rechecks(scope) if task not in tasks]
    return [*tasks, *due][:MOST]


def today_for_focal_point(scope: Scope) -> list[CaseTask]:
    """Return what a unit's focal point has to see to: late, new, back again, refused.

    Cost: one query where there are no cases, else three, whatever their number.
    """
    units = scope.own_units(Role.FOCAL_POINT)
    counts = _COUNTS.first(units=units, now=timezone.now()) or {"cases": 0}
    lines = (
        ("late", _("Cases past their due date"), "?ended=overdue", "bad"),
        ("back", _("Machines infected again"), "?state=recurred", "bad"),
        ("nobody", _("Cases that nobody works on"), "?technician=none", "warn"),
        ("unproven", _("Silent, and not yet proven clean"), "?state=quiet-not-proven", "warn"),
    )
    items = [
        CaseTask(title, str(counts[name]), reverse("cases:index") + query, tone)
        for name, title, query, tone in lines
        if counts.get(name)
    ]
    if not counts["cases"]:
        return _rechecks(scope)[:MOST] if scope.own_units(Role.TECHNICIAN) - units else []
    return [*items, *_refused(scope), *_rechecks(scope)][:MOST]


def _counts(units: Collection[int], now: datetime) -> QuerySet[Any, Any]:
    """Return one row: how many cases `units` have, and how many of the open ones hurry, and why."""
    is_open = Q(closed_at__isnull=True)
    return (
        Case.objects.filter(node__unit_id__in=units)
        .order_by()
        .annotate(everything=Value(1))
        .values("everything")
        .annotate(
            cases=Count("pk"),
            late=Count("pk", filter=is_open & Q(due_at__lte=now)),
            back=Count("pk", filter=is_open & Q(state=CaseState.RECURRED)),
            nobody=Count("pk", filter=is_open & Q(technician__isnull=True)),
            unproven=Count(
                "pk", filter=is_open & Q(state__in=[CaseState.QUIET, CaseState.CANNOT_TELL])
            ),
        )
    )


_COUNTS = CompiledQuery(_counts)


def today_for_lead(scope: Scope) -> list[CaseTask]:
    """Return what waits for the office above: proposals to decide, cases to verify.

    Cost: two queries.
    """
    proposed = led_alarms(scope).filter(state=FalseAlarm.State.PROPOSED).count()
    verify = child_cases(scope).filter(outcome=CaseOutcome.VERIFIED, verifier_says="").count()
    tasks = (
        (_("False alarms to decide"), proposed, "cases:alarms", "warn"),
        (_("Machines proven clean, to be verified"), verify, "cases:checks", "info"),
    )
    return [
        CaseTask(title, str(count), reverse(page), tone)
        for title, count, page, tone in tasks
        if count
    ]


def _task_of(case: Case) -> CaseTask:
    late = case.due_at is not None and case.due_at <= timezone.now()
    hint = f"{case.number} · {CaseState(case.state).label}"
    address = reverse("cases:show", args=[case.pk])
    return CaseTask(str(case.device), hint, address, "bad" if late else "calm", case.due_at)


def _rechecks(scope: Scope) -> list[CaseTask]:
    """Return closed cases whose day of looking again is today or was missed."""
    today = timezone.localdate()
    rows = own_cases(scope).filter(outcome=CaseOutcome.VERIFIED).order_by("-closed_at")[:200]
    return [
        CaseTask(
            str(case.device),
            _("Re-check: %(number)s") % {"number": case.number},
            reverse("cases:show", args=[case.pk]),
            "info",
        )
        for case in rows
        if today in recheck_days(case)
    ]


def recheck_days(case: Case) -> list[date]:
    """Return the days on which the machine is to be checked again."""
    days: list[Any] = case.recheck if isinstance(case.recheck, list) else []
    return list(map(date.fromisoformat, days))


def _refused(scope: Scope) -> list[CaseTask]:
    units = scope.own_units(Role.FOCAL_POINT)
    rows = FalseAlarm.objects.filter(
        state=FalseAlarm.State.REFUSED, case__node__unit_id__in=units, case__closed_at__isnull=True
    ).select_related("case")
    return [
        CaseTask(
            _("False alarm refused: %(indicator)s") % {"indicator": alarm.shown},
            alarm.answer,
            reverse("cases:show", args=[alarm.case_id]),
            "warn",
        )
        for alarm in rows.order_by("-decided_at")[:3]
    ]
