"""Whether the campaign shows an effect, and how many machines nobody saw: told only with grounds.

Contacts are those that logs of the units show. A machine counts once on each side of a comparison,
since its contacts of several days are no separate events. Who deployed when was not drawn by lot:
a difference is no proof of a cause, and the page says so.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from quetsach.api.reports import PopulationEstimate, RateRatio, rate_ratio, seen_twice
from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode
from quetsach_portal.cases.models.case import CaseContact
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.people.roles.scope import below

MOST_UNITS = 5_000
"""Of more, the comparison is made from further down the tree."""
LEAST_UNITS, LEAST_DAYS = 3, 20
"""On each side: units, and days of units whose logs were scanned."""
WEEK = 7

UnitDay = tuple[int, date]


@dataclass(frozen=True)
class ComparedSide:
    """A side of a comparison: its units, their scanned days, and the machines in contact."""

    units: int
    unit_days: int
    machines: int

    @property
    def per_hundred(self) -> float | None:
        """Return the machines for each hundred scanned days of a unit."""
        return 100 * self.machines / self.unit_days if self.unit_days else None


@dataclass(frozen=True)
class EffectComparison:
    """Two sides and the ratio of their rates, None where the grounds do not suffice."""

    with_campaign: ComparedSide
    without: ComparedSide
    ratio: RateRatio | None

    @property
    def verdict(self) -> str:
        """Return "less", "more" or "alike" by the range, "" where nothing can be told."""
        if self.ratio is None:
            return ""
        if self.ratio.high is not None and self.ratio.high < 1:
            return "less"
        return "more" if self.ratio.low > 1 else "alike"


@dataclass(frozen=True)
class SeenTwice:
    """Machines that logs show, that notices name, and both; the estimate of all, if any."""

    by_logs: int
    by_notices: int
    both: int
    estimate: PopulationEstimate | None


@dataclass(frozen=True)
class EffectPage:
    """What the page shows; `is_too_large` where units are too many to compare at once."""

    at_once: EffectComparison | None
    week_before: EffectComparison | None
    twice: SeenTwice | None
    is_too_large: bool = False


def effect_of(node: CampaignNode) -> EffectPage:
    """Return the comparisons of the subtree of `node`. Cost: three queries over its units."""
    rows = CampaignNode.objects.filter(below(node.path), state__in=COUNTED)
    starts = {
        pk: None if at is None else timezone.localdate(at)
        for pk, at in rows.values_list("pk", "deployed_at")[: MOST_UNITS + 1]
    }
    if len(starts) > MOST_UNITS:
        return EffectPage(None, None, None, is_too_large=True)
    covered: set[UnitDay] = set(
        CoverageDay.objects.filter(below(node.path, "node__"), node__state__in=COUNTED)
        .values_list("node_id", "day")
        .distinct()
    )
    logs, notices = _contacts(node)
    met: dict[UnitDay, set[int]] = {}
    for machine, unit_id, day in logs:
        met.setdefault((unit_id, day), set()).add(machine)
    scanned = {unit_id for unit_id, _day in covered}
    by_logs = {machine for machine, _unit_id, _day in logs}
    by_notices = {machine for machine, unit_id, _day in notices if unit_id in scanned}
    both = len(by_logs & by_notices)
    estimate = seen_twice(len(by_logs), len(by_notices), both)
    return EffectPage(
        at_once=_at_once(covered, starts, met),
        week_before=_week_before(covered, starts, met),
        twice=SeenTwice(len(by_logs), len(by_notices), both, estimate),
    )


def _contacts(
    node: CampaignNode,
) -> tuple[set[tuple[int, int, date]], set[tuple[int, int, date]]]:
    """Return machine, unit and day of the contacts in logs, and of those in notices."""
    rows = CaseContact.objects.filter(
        below(node.path, "finding__device__node__"),
        finding__set_aside__isnull=True,
        finding__withdrawn=False,
    ).exclude(day="")
    logs: set[tuple[int, int, date]] = set()
    notices: set[tuple[int, int, date]] = set()
    fields = ("finding__device_id", "finding__device__merged_into_id")
    for device, merged, unit_id, day, by_notice in rows.values_list(
        *fields, "finding__device__node_id", "day", "by_notice"
    ).distinct():
        contact = (merged or device, unit_id, date.fromisoformat(day))
        (notices if by_notice else logs).add(contact)
    return logs, notices


def _at_once(
    covered: Collection[UnitDay],
    starts: Mapping[int, date | None],
    met: Mapping[UnitDay, Collection[int]],
) -> EffectComparison:
    """Compare units that had deployed with those that had not, on the same days."""
    after, waiting = set(), set()
    for unit_id, day in covered:
        start = starts.get(unit_id)
        if start is None or day < start:
            waiting.add((unit_id, day))
        elif day > start:
            after.add((unit_id, day))
    shared = {day for _unit_id, day in after} & {day for _unit_id, day in waiting}
    return _compared(
        [pair for pair in after if pair[1] in shared],
        [pair for pair in waiting if pair[1] in shared],
        met,
    )


def _week_before(
    covered: Collection[UnitDay],
    starts: Mapping[int, date | None],
    met: Mapping[UnitDay, Collection[int]],
) -> EffectComparison:
    """Compare each unit with itself: the days after it deployed with as many before."""
    after, before = [], []
    for unit_id, start in starts.items():
        if start is None:
            continue
        for number in range(1, WEEK + 1):
            later, earlier = start + timedelta(number), start - timedelta(number)
            if (unit_id, later) in covered and (unit_id, earlier) in covered:
                after.append((unit_id, later))
                before.append((unit_id, earlier))
    return _compared(after, before, met)


def _compared(
    after: Collection[UnitDay], without: Collection[UnitDay], met: Mapping[UnitDay, Collection[int]]
) -> EffectComparison:
    first, second = _side(after, met), _side(without, met)
    ratio = None
    if all(side.units >= LEAST_UNITS and side.unit_days >= LEAST_DAYS for side in (first, second)):
        ratio = rate_ratio(first.machines, first.unit_days, second.machines, second.unit_days)
    return EffectComparison(first, second, ratio)


def _side(pairs: Collection[UnitDay], met: Mapping[UnitDay, Iterable[int]]) -> ComparedSide:
    machines = {machine for pair in pairs for machine in met.get(pair, ())}
    return ComparedSide(len({unit_id for unit_id, _day in pairs}), len(pairs), len(machines))
