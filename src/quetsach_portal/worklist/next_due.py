"""What to go on with after a report was sent: the next thing that is due, of all campaigns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState
from quetsach_portal.worklist.queries import Worklist
from quetsach_portal.worklist.unit_case import UnitCase


@dataclass(frozen=True)
class NextDue:
    """A thing to do, with the page on which it is done; `due_at` is None where it has no time."""

    title: str
    address: str
    due_at: datetime | None


def next_due(today: Worklist, case: UnitCase | None) -> NextDue | None:
    """Return what is due next, None where nothing is; what has no time comes last.

    Cost: no query.
    """
    return min(_things(today, case), key=lambda thing: thing.due_at or _NEVER, default=None)


_NEVER = datetime.max.replace(tzinfo=UTC)


def _things(today: Worklist, case: UnitCase | None) -> Iterator[NextDue]:
    for machine in () if case is None else case.cases:
        title = _("Clean up %(machine)s") % {"machine": machine.device}
        yield NextDue(title, reverse("cases:show", args=[machine.pk]), machine.due_at)
    if case is None and today.main is not None:
        yield NextDue(today.main.title, today.main.address, today.main.due_at)
    for part in today.parts:
        for task in part.items:
            yield NextDue(task.title, task.address, task.due_at)
    for other in today.elsewhere:
        if other.due_at is not None:
            title = f"{other.title} – {other.campaign}"
            yield NextDue(title, f"{reverse('home')}?campaign={other.campaign_id}", other.due_at)


def next_report(slot: ExpectedReport) -> ExpectedReport | None:
    """Return the report of the phase after that of `slot`, None where it is the last one."""
    rows = ExpectedReport.objects.filter(node=slot.node_id, phase__no__gt=slot.phase.no)
    rows = rows.exclude(state=ExpectedReportState.EXCUSED).filter(reported_at__isnull=True)
    return rows.select_related("phase").order_by("phase__no").first()
