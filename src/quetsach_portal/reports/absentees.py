"""Of which units no report went into a total, and why: one definition for pages and paper."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.followup.models import PaperReport
from quetsach_portal.reports.models import STANDS, ReportInput, ReportVersion, VersionState
from quetsach_portal.reports.queries import inputs_of, states_at
from quetsach_portal.web.paging import Page, page_of


class Absence(models.TextChoices):
    """How a unit stood of which no report went into a total."""

    MISSING = "missing", _lazy("Not reported")
    WAITING = "waiting", _lazy("Handed in, not accepted yet")
    RETURNED = "returned", _lazy("Returned, not handed in again")


def absences_in(version: ReportVersion) -> Mapping[int, Absence]:
    """Return by slot how those stood of which `version` has no report, when it was made.

    So each edition of a version says the same, whatever came later. Who reported on paper waits:
    nobody has typed it yet. Cost: three queries.
    """
    inputs = ReportInput.objects.filter(parent_version=version, child_version__isnull=True)
    slots = inputs.values("child_slot_id")
    made = version.created_at
    came = ReportVersion.objects.filter(slot__in=slots, created_at__lte=made)
    states = {one.slot_id: state for one, state in states_at(came, made)}
    on_paper = PaperReport.objects.filter(slot__in=slots, recorded_at__lte=made).filter(
        Q(undone_at__isnull=True) | Q(undone_at__gt=made)
    )
    papers = frozenset(on_paper.values_list("slot_id", flat=True))
    return {
        slot: _absence(states.get(slot), is_on_paper=slot in papers)
        for slot in inputs.values_list("child_slot_id", flat=True)
    }


def names_of(version: ReportVersion, absence: Absence) -> tuple[str, ...]:
    """Return the units that stood so when `version` was made, by name."""
    slots = [slot for slot, one in absences_in(version).items() if one is absence]
    rows = ReportInput.objects.filter(parent_version=version, child_slot__in=slots)
    rows = rows.order_by("child_slot__node__name_at_freeze", "pk")
    return tuple(rows.values_list("child_slot__node__name_at_freeze", flat=True))


def told_inputs(
    version: ReportVersion, request: HttpRequest
) -> Page[tuple[ReportInput, Absence | None]]:
    """Return a page of what went into `version`, each with how it stood where nothing did."""
    page = page_of(inputs_of(version), request)
    absences = absences_in(version)
    told = [(one, absences.get(one.child_slot_id)) for one in page.rows]
    return replace(page, rows=told)


def _absence(state: VersionState | None, *, is_on_paper: bool) -> Absence:
    if is_on_paper or state in STANDS:
        return Absence.WAITING
    return Absence.RETURNED if state == VersionState.RETURNED else Absence.MISSING
