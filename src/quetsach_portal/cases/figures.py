"""Which machines a figure of a report counts: the same condition fills the form and the list.

A machine stands once in a figure, whatever number of cases there are about it. What turned out to
be a false alarm, or part of another machine, is in none.
"""

from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.cases.models import (
    Case,
    CaseFile,
    CaseState,
    Finding,
    Handling,
    HandlingKind,
    Outcome,
    ScanResult,
)

FIGURES = {
    "devices_found": _lazy("Machines that met an indicator"),
    "devices_infected": _lazy("Machines that reached an address of the list"),
    "devices_scanned": _lazy("Machines of which a scan is written down"),
    "devices_cleaned": _lazy("Machines cleaned, with no contact since"),
    "devices_reinstalled": _lazy("Machines installed anew"),
    "devices_isolated": _lazy("Machines disconnected from the network"),
    "devices_open": _lazy("Machines not cleaned yet"),
    "devices_recurred": _lazy("Machines infected again after a handling"),
}
"""Each figure with its words."""

_NO_MACHINE = (Outcome.MERGED, Outcome.FALSE_ALARM)
_REACHED = ("connected", "moved")
_CLEANING = (HandlingKind.CLEANED, HandlingKind.REINSTALLED, HandlingKind.REPLACED)


def counted(cases: QuerySet[Case], figure: str) -> QuerySet[Case]:
    """Return those of `cases` whose machine `figure` counts; none for a name that is no figure."""
    if figure not in FIGURES:
        return cases.none()
    return by_figure(cases).filter(**{figure: True})


def by_figure(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return the cases that count, with a boolean for each figure, and `proven` by a file.

    Work on a machine that was joined to another one counts for that one.
    """
    done = _of_the_machine(Handling.objects.filter(withdrawn_at__isnull=True), "case__")
    met = _of_the_machine(Finding.objects.filter(set_aside__isnull=True), "")
    removed = Q(kind__in=_CLEANING) | Q(result=ScanResult.REMOVED)
    facts = cases.exclude(outcome__in=_NO_MACHINE).annotate(
        worked=Exists(done.filter(removed)),
        cut_off=Exists(done.filter(kind=HandlingKind.ISOLATED)),
        proven=Exists(_of_the_machine(CaseFile.objects.all(), "case__")),
        devices_infected=Exists(met.filter(best_grade__in=_REACHED)),
        devices_scanned=Exists(done.filter(Q(kind=HandlingKind.SCANNED) | ~Q(result=""))),
        devices_reinstalled=Exists(done.filter(kind=HandlingKind.REINSTALLED)),
    )
    came_back = Q(state__in=(CaseState.INFECTED, CaseState.RECURRED))
    cleaned = (Q(worked=True) & ~came_back) | Q(outcome=Outcome.VERIFIED)
    return facts.annotate(
        devices_found=Value(True),
        devices_cleaned=_true(cleaned),
        devices_open=_true(~cleaned),
        devices_isolated=_true(Q(cut_off=True) | Q(isolated_at__isnull=False)),
        devices_recurred=_true(Q(recurrences__gt=0)),
    )


def _of_the_machine(rows: "QuerySet[Any]", to_case: str) -> "QuerySet[Any]":
    """Return those of `rows` that belong to the machine of the outer case."""
    own = Q(**{f"{to_case}device_id": OuterRef("device_id")})
    joined = Q(**{f"{to_case}device__merged_into_id": OuterRef("device_id")})
    return rows.filter(own | joined)


def _true(condition: Q) -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(condition, output_field=BooleanField())
