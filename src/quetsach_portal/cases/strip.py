"""Coverage since the handling as a strip of days: what was looked at, was it alive, was it met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from quetsach_portal.cases.ground import did_remove
from quetsach_portal.cases.models import Case, Contact, CoveredDay, Device, Handling

SHARE = 0.75
MOST_DAYS = 42
STEP, SIZE = 30, 26


@dataclass(frozen=True)
class StripDay:
    """A day of one kind of evidence.

    Shapes: `look` is covered, partial or none; `x` is where it stands in the picture.
    """

    day: date
    look: str
    alive: bool
    x: int

    @property
    def middle(self) -> int:
        """Where its middle stands in the picture."""
        return self.x + SIZE // 2


@dataclass(frozen=True)
class StripRow:
    """One kind of evidence over all days."""

    kind: str
    days: Sequence[StripDay]


@dataclass(frozen=True)
class Strip:
    """The picture: a row for each kind of evidence that showed the device, and the days it met."""

    rows: Sequence[StripRow]
    days: Sequence[date]
    met: frozenset[date]
    width: int

    @property
    def last(self) -> date:
        """The last day of the picture."""
        return self.days[-1]

    def lines(self) -> list[tuple[date, list[tuple[str, StripDay]], bool]]:
        """Return the same as a table: each day with its kinds, and whether it met something."""
        return [
            (day, [(row.kind, row.days[place]) for row in self.rows], day in self.met)
            for place, day in enumerate(self.days)
        ]


def strip_of(case: Case, members: Sequence[Device]) -> Strip | None:
    """Return the strip of the days after the last handling, or sighting, to yesterday, or None.

    They are the days that the verdict counts: that of the handling is no whole day.
    Cost: three queries.
    """
    devices = [case.device, *members]
    rows = Contact.objects.filter(
        finding__device_id__in=[one.pk for one in devices], finding__set_aside__isnull=True
    ).values_list("unit", "kind", "day")
    contacts = list(rows.distinct())
    met = {date.fromisoformat(day) for _unit, _kind, day in contacts if day}
    handled = _last_handling(case, members)
    if handled is None and not met:
        return None
    days = _days(max(met) if handled is None else handled)
    if not days:
        return None
    known = _known(case, days)
    keys = {one.engine_key for one in devices}
    kinds = sorted({kind for _unit, kind, _day in contacts})
    units = {unit for unit, _kind, _day in contacts}
    return Strip(
        rows=[StripRow(kind, _row(kind, days, known, units, keys)) for kind in kinds],
        days=days,
        met=frozenset(met & set(days)),
        width=len(days) * STEP,
    )


def _last_handling(case: Case, members: Sequence[Device]) -> date | None:
    devices = [case.device_id, *(one.pk for one in members)]
    rows = Handling.objects.filter(case__device_id__in=devices, withdrawn_at__isnull=True)
    times = [one.at for one in rows if did_remove(one)]
    return timezone.localtime(max(times)).date() if times else None


def _days(start: date) -> list[date]:
    end = timezone.localdate() - timedelta(days=1)
    first = max(start + timedelta(days=1), end - timedelta(days=MOST_DAYS - 1))
    return [first + timedelta(days=number) for number in range((end - first).days + 1)]


def _known(case: Case, days: Sequence[date]) -> dict[tuple[str, str], list[CoveredDay]]:
    rows = CoveredDay.objects.filter(
        node_id=case.node_id, day__gte=days[0].isoformat(), day__lte=days[-1].isoformat()
    )
    known: dict[tuple[str, str], list[CoveredDay]] = {}
    for one in rows:
        known.setdefault((one.kind, one.day), []).append(one)
    return known


def _row(
    kind: str,
    days: Sequence[date],
    known: dict[tuple[str, str], list[CoveredDay]],
    units: set[str],
    keys: set[str],
) -> list[StripDay]:
    row = []
    for place, day in enumerate(days):
        found = [one for one in known.get((kind, day.isoformat()), ()) if one.unit in units]
        alive = any(keys & set(one.alive) for one in found)
        row.append(StripDay(day, _look(found, units), alive, place * STEP))
    return row


def _look(found: Sequence[CoveredDay], units: set[str]) -> str:
    if not any(one.lines for one in found):
        return "none"
    whole = {one.unit for one in found if _is_covered(one)}
    return "covered" if whole == units else "partial"


def _is_covered(one: CoveredDay) -> bool:
    usual = set(one.usual)
    good = (set(one.hours) - set(one.thin)) & usual
    return bool(usual) and len(good) >= SHARE * len(usual)
