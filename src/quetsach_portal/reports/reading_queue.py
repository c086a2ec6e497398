"""Reports from below read one after the other: which is next, how many are left, where it ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.reports.queries import incoming, parent_slot
from quetsach_portal.reports.together import waiting_reports
from quetsach_portal.web.paging import PAGE_ROWS

ALONE = "alone"
"""The list of those that are read one by one; any other word means all that wait."""


@dataclass(frozen=True)
class ReadingQueue:
    """What is left to read after `version` in the list that it was opened from.

    Shapes: `left` are the others that wait, the one that follows first; `listed` names the list.
    """

    above: ExpectedReport
    left: Sequence[ReportVersion]
    listed: str

    @property
    def next_address(self) -> str:
        """Where the reading goes on: the page of the next report, or the end."""
        query = f"?list={self.listed}" if self.listed else ""
        if self.left:
            return reverse("reports:review", args=[self.left[0].pk]) + query
        return reverse("reports:all_read", args=[self.above.pk]) + query


def queue_after(version: ReportVersion, *, listed: str, reader: User) -> ReadingQueue | None:
    """Return what follows `version`, None at the root, which has no list.

    Reports that `reader` wrote are for somebody else. Cost: five queries, some more for `ALONE`.
    """
    above = parent_slot(version.slot)
    if above is None:
        return None
    name = ALONE if listed == ALONE else ""
    if name:
        waiting = [report.version for report in waiting_reports(above) if report.why_alone]
        waiting.sort(key=_by_name)
    else:
        children = incoming(above)
        waiting = [child.version for child in children if child.version and child.waits]
        for child in children:
            if child.version is not None:
                child.version.slot = child.slot
    others = [row for row in waiting if row.pk != version.pk and row.author_id != reader.pk]
    here = _by_name(version)
    after = [row for row in others if _by_name(row) > here]
    return ReadingQueue(above, [*after, *(row for row in others if _by_name(row) <= here)], name)


def _by_name(version: ReportVersion) -> tuple[str, int]:
    return version.slot.node.name_at_freeze, version.pk


def row_address(version: ReportVersion) -> str:
    """Return the address of the report's row among those from below; its own page at the root."""
    above = parent_slot(version.slot)
    if above is None:
        return reverse("reports:version", args=[version.pk])
    slots = [child.slot.pk for child in incoming(above)]
    place = slots.index(version.slot_id) if version.slot_id in slots else 0
    number = place // PAGE_ROWS + 1
    page = f"?page={number}" if number > 1 else ""
    return f"{reverse('reports:below', args=[above.pk])}{page}#row-{version.slot_id}"
