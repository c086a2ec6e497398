"""Why a case is about this machine: what it did how often, to which address, by which lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quetsach_portal.cases.models.case import CaseContact, Device, Finding, Sighting

MOST_LINES = 2
_GRADES = ("", "mentioned", "asked", "answered", "blocked", "connected", "moved")


@dataclass(frozen=True)
class CaseReasons:
    """What of the findings counts, summed up.

    Shapes: `best` is the strongest grade, "" without a finding; `days` are distinct local days,
    0 where no contact has a time; `first` is the finding that was seen last; `others` counts the
    remaining ones; `lines` are raw lines, the latest first.
    """

    best: str
    sightings: int
    days: int
    last_seen: datetime | None
    first: Finding | None
    others: int
    families: Sequence[str]
    lines: Sequence[Sighting]


def reasons_of(findings: Sequence[Finding], machines: Sequence[Device]) -> CaseReasons:
    """Return why; false alarms and what is no longer listed are left out. Cost: two queries."""
    counting = [finding for finding in findings if finding.counts]
    seen = [finding for finding in counting if finding.last_seen]
    latest = max(seen, key=lambda finding: (finding.last_seen, finding.pk), default=None)
    days = CaseContact.objects.filter(
        finding__device__in=machines, finding__set_aside=None, finding__withdrawn=False
    ).exclude(day="")
    lines = Sighting.objects.filter(finding__in=counting).exclude(raw="")
    families = [finding.family or finding.label for finding in counting]
    return CaseReasons(
        best=max((finding.best_grade for finding in counting), key=_GRADES.index, default=""),
        sightings=sum(finding.sightings for finding in counting),
        days=days.order_by().values("day").distinct().count(),
        last_seen=None if latest is None else latest.last_seen,
        first=latest or next(iter(counting), None),
        others=max(len(counting) - 1, 0),
        families=list(dict.fromkeys(filter(None, families))),
        lines=list(lines.order_by("-at", "pk")[:MOST_LINES]),
    )
