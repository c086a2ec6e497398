"""The days after a handling: which are covered, on which the device was alive, which are gaps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quetsach.verdicts.model import DayCoverage, days_between, latest_days

Need = tuple[str, str]
"""A unit and a kind of evidence."""


@dataclass(frozen=True)
class PartialDay:
    """A day with a log that holds too few of its usual hours."""

    day: str
    hours: int
    usual: int


@dataclass(frozen=True)
class CoverageGap:
    """What one kind of evidence in one unit lacks: days without any log, partial, and blind ones.

    `blind` are covered by logs, which may not show all that the device asked.
    """

    unit: str
    kind: str
    covered: int
    absent: tuple[str, ...]
    partial: tuple[PartialDay, ...]
    blind: tuple[str, ...] = ()


@dataclass(frozen=True)
class DayWindow:
    """The whole days after one day and before another, as evidence covers them.

    Shapes: a day is `covered` when every need is; the device was `alive` on a covered day when
    each kind of evidence shows it, and `alive_only` on one that is not covered. `looked` says that
    there was any line of a needed kind.
    """

    elapsed: int
    covered: tuple[str, ...] = ()
    alive: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    lacks: tuple[CoverageGap, ...] = ()
    looked: bool = False
    alive_only: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Day:
    """All that is known of one day of one need, whatever files it came from."""

    lines: int
    good: frozenset[int]
    usual: frozenset[int]
    alive: bool
    blind: bool = False

    def is_covered(self, share: float) -> bool:
        """Return whether its lines prove that there was no contact."""
        return not self.blind and self.is_whole(share)

    def is_whole(self, share: float) -> bool:
        """Return whether enough of its usual hours hold lines."""
        # Unexpected hours prove no coverage, and nothing expected is nothing covered.
        return bool(self.usual) and len(self.good & self.usual) >= share * len(self.usual)


def look(
    device: str,
    needs: Sequence[Need],
    coverage: Iterable[DayCoverage],
    *,
    after: str,
    before: str,
    share: float,
) -> DayWindow:
    """Return what `coverage` says of the days after `after` and before `before`.

    Shapes: several rows of a day, kind and unit add up, in any order.
    Cost: the size of `coverage`; of days without evidence only the latest 366 are named.
    """
    days = _merged(device, coverage, set(needs), after=after, before=before)
    covered = sorted(day for day in days if _all_covered(days[day], needs, share))
    kinds = {kind for _unit, kind in needs}
    lived = [day for day in sorted(days) if all(_is_alive(kind, days[day]) for kind in kinds)]
    covered_days = set(covered)
    gaps = (
        tuple(day for day in latest_days(after, before) if day not in covered_days) if needs else ()
    )
    return DayWindow(
        elapsed=days_between(after, before),
        covered=tuple(covered),
        alive=tuple(day for day in lived if day in covered_days),
        gaps=gaps,
        lacks=tuple(_lack(need, days, gaps, share) for need in needs),
        looked=any(one.lines for of_day in days.values() for one in of_day.values()),
        alive_only=tuple(day for day in lived if day not in covered_days),
    )


def _merged(
    device: str, coverage: Iterable[DayCoverage], needs: set[Need], *, after: str, before: str
) -> dict[str, dict[Need, _Day]]:
    days: dict[str, dict[Need, _Day]] = {}
    for unit_day in coverage:
        need = (unit_day.unit, unit_day.kind)
        if need not in needs or not after < unit_day.day < before:
            continue
        of_day = days.setdefault(unit_day.day, {})
        merged = of_day.get(need, _Day(0, frozenset(), frozenset(), alive=False))
        of_day[need] = _Day(
            merged.lines + unit_day.lines,
            merged.good | (unit_day.hours - unit_day.thin_hours),
            merged.usual | unit_day.usual,
            merged.alive or device in unit_day.alive,
            merged.blind or device in unit_day.unseen,
        )
    return days


def _all_covered(of_day: Mapping[Need, _Day], needs: Sequence[Need], share: float) -> bool:
    return bool(needs) and all(need in of_day and of_day[need].is_covered(share) for need in needs)


def _is_alive(kind: str, of_day: Mapping[Need, _Day]) -> bool:
    # It may have moved from one unit to another: it can be alive in one of them only.
    return any(day.alive for (_unit, of), day in of_day.items() if of == kind)


def _lack(
    need: Need, days: Mapping[str, Mapping[Need, _Day]], gaps: Sequence[str], share: float
) -> CoverageGap:
    absent, partial, blind = [], [], []
    for day in gaps:
        counted = days.get(day, {}).get(need)
        if counted is None or not counted.lines:
            absent.append(day)
        elif counted.is_whole(share):
            blind += [day] if counted.blind else []
        else:
            partial.append(PartialDay(day, len(counted.good & counted.usual), len(counted.usual)))
    covered = sum(need in of_day and of_day[need].is_covered(share) for of_day in days.values())
    return CoverageGap(need[0], need[1], covered, tuple(absent), tuple(partial), tuple(blind))
