"""The slow, obvious twin of the verdict: each day asks each row of everything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quetsach.verdicts.model import (
    DayCoverage,
    DeviceState,
    HandlingRecord,
    SideSignal,
    Signal,
    Thresholds,
    VerdictContact,
)

RANK = {
    DeviceState.INFECTED: 0,
    DeviceState.RECURRED: 0,
    DeviceState.CANNOT_TELL: 1,
    DeviceState.HANDLED: 2,
    DeviceState.QUIET_NOT_PROVEN: 2,
    DeviceState.VERIFIED_CLEAN: 3,
}
"""How good a state is. Less evidence never leads to a better one."""


@dataclass(frozen=True)
class Judged:
    """What the twin says."""

    state: DeviceState
    covered: tuple[str, ...] = ()
    alive: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """All that one verdict is made from."""

    device: str
    contacts: Sequence[VerdictContact]
    handlings: Sequence[HandlingRecord]
    words: Sequence[SideSignal]
    coverage: Sequence[DayCoverage]
    thresholds: Thresholds
    as_of: str


def judged(case: Case) -> Judged:
    """Return the state, and the days that count."""
    contacts = [one for one in case.contacts if one.day <= case.as_of]
    words = [one for one in case.words if one.day <= case.as_of and found(one)]
    times = [one.when_us for one in contacts if one.sure and one.day]
    times += [one.when_us for one in words if one.day]
    handled = max(
        (one for one in case.handlings if one.day <= case.as_of),
        key=lambda one: (one.when_us, one.day),
        default=None,
    )
    if handled is not None and any(one > handled.when_us for one in times):
        return Judged(DeviceState.RECURRED, *_days(case, contacts, handled.day))
    if handled is None and not times:
        return Judged(DeviceState.CANNOT_TELL)
    last = handled.when_us if handled else max(times)
    first_day = handled.day if handled else _day_of(last, contacts, words)
    covered, alive = _days(case, contacts, first_day)
    doubt = any(not one.day or (not one.sure and one.when_us > last) for one in contacts) or any(
        not one.day for one in words
    )
    enough = (
        len(covered) >= case.thresholds.covered_days
        and len(alive) >= case.thresholds.alive_days
        and not doubt
    )
    if handled is None:
        state = DeviceState.QUIET_NOT_PROVEN if enough else DeviceState.INFECTED
    elif contacts and not times:
        state = DeviceState.CANNOT_TELL
    elif len(_between(handled.day, case.as_of)) < case.thresholds.covered_days:
        state = DeviceState.HANDLED
    elif not _any_line(case, contacts, handled.day):
        state = DeviceState.CANNOT_TELL
    else:
        state = DeviceState.VERIFIED_CLEAN if enough else DeviceState.QUIET_NOT_PROVEN
    return Judged(state, covered, alive)


def found(word: SideSignal) -> bool:
    """Tell whether a word says that something was found, and is more than somebody's saying."""
    return not word.clean and word.signal is not Signal.DECLARED


def _day_of(when: int, contacts: Iterable[VerdictContact], words: Iterable[SideSignal]) -> str:
    days = [one.day for one in contacts if one.when_us == when and one.sure and one.day]
    return max([*days, *(one.day for one in words if one.when_us == when and one.day)])


def _between(after: str, before: str) -> list[str]:
    days, day = [], date.fromisoformat(after) + timedelta(days=1)
    while day.isoformat() < before:
        days.append(day.isoformat())
        day += timedelta(days=1)
    return days


def _days(
    case: Case, contacts: Sequence[VerdictContact], first: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    needs = {(one.unit, one.kind) for one in contacts}
    covered, alive = [], []
    for day in _between(first, case.as_of):
        if needs and all(_covers(case, day, unit, kind) for unit, kind in needs):
            covered.append(day)
            if all(_lives(case, day, kind, needs) for _unit, kind in needs):
                alive.append(day)
    return tuple(covered), tuple(alive)


def _covers(case: Case, day: str, unit: str, kind: str) -> bool:
    rows = [one for one in case.coverage if (one.day, one.unit, one.kind) == (day, unit, kind)]
    usual = {hour for one in rows for hour in one.usual}
    good = {hour for one in rows for hour in one.hours if hour not in one.thin_hours}
    return len(usual) > 0 and len(usual & good) / len(usual) >= case.thresholds.share


def _lives(case: Case, day: str, kind: str, needs: set[tuple[str, str]]) -> bool:
    return any(
        one.day == day
        and one.kind == kind
        and (one.unit, one.kind) in needs
        and case.device in one.alive
        for one in case.coverage
    )


def _any_line(case: Case, contacts: Sequence[VerdictContact], first: str) -> bool:
    needs = {(one.unit, one.kind) for one in contacts}
    days = set(_between(first, case.as_of))
    return any(
        one.lines > 0 and one.day in days and (one.unit, one.kind) in needs for one in case.coverage
    )
