"""Whose a public address was on a day: the ranges of units, and which notice goes to whom."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import combinations

from quetsach.addresses import Network, parse_address
from quetsach.clocks import MICROSECONDS, Zone
from quetsach.indicators.lookup import PrefixTable
from quetsach.notices.model import Notice
from quetsach.notices.moments import VIETNAM, TimeWindow, window_elsewhere, window_of

NOT_OURS = "-"
"""Stands for a unit where a range is known to be of none of ours."""


class AllotOutcome(StrEnum):
    """To whom a notice goes."""

    ALLOTTED = "allotted"
    SHARED = "shared"
    NOBODYS = "nobodys"
    NOT_OURS = "not-ours"
    REJECTED = "rejected"


class AllotReason(StrEnum):
    """Why a notice goes to nobody, or that nothing stands against it."""

    CLEAR = ""
    NO_RANGE = "no-range"
    CHANGED_HANDS = "changed-hands"


@dataclass(frozen=True)
class UnitRange:
    """A range of public addresses of one unit, for a time.

    Shapes: `unit` is NOT_OURS where it is known to be of nobody here; one of `network` and `asn` is
    set; `since` and `until` are the first and the last day, None where open; `row` is its place in
    the table that it came from. A range that is shared is asked for at all its units.
    """

    unit: str
    network: Network | None = None
    asn: int | None = None
    since: date | None = None
    until: date | None = None
    is_shared: bool = False
    row: int = 0

    def holds_on(self, day: date) -> bool:
        """Return whether it was the unit's on that day."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until)

    def meets(self, other: "UnitRange") -> bool:
        """Return whether there is a day on which both hold."""
        return _begins_before_end(self, other) and _begins_before_end(other, self)

    def __str__(self) -> str:
        return f"AS{self.asn}" if self.network is None else str(self.network)


def _begins_before_end(one: UnitRange, other: UnitRange) -> bool:
    return one.since is None or other.until is None or one.since <= other.until


@dataclass(frozen=True)
class Allotment:
    """To which units a notice goes; none unless the outcome is ALLOTTED or SHARED."""

    outcome: AllotOutcome
    units: tuple[str, ...] = ()
    reason: AllotReason = AllotReason.CLEAR


Prefixes = Mapping[date, Mapping[int, Sequence[Network]]]
"""The networks that each autonomous system announced, by the day of the file that says so."""


def conflicts_of(ranges: Sequence[UnitRange]) -> Iterator[tuple[UnitRange, UnitRange]]:
    """Yield each two ranges that cannot both be right: the same addresses at the same time.

    Of two units they are right where both are shared. A range within another is no conflict: the
    longer prefix counts.
    """
    together: dict[object, list[UnitRange]] = defaultdict(list)
    for one in ranges:
        together[one.asn if one.network is None else one.network].append(one)
    for some in together.values():
        for first, second in combinations(some, 2):
            both_shared = first.is_shared and second.is_shared and first.unit != second.unit
            if first.meets(second) and not (both_shared and NOT_OURS not in _units(first, second)):
                yield first, second


def _units(*ranges: UnitRange) -> set[str]:
    return {one.unit for one in ranges}


class RangeTable:
    """Answers whose an address was on a day, by the longest prefix.

    A range that somebody wrote down goes before what an autonomous system announced.
    """

    def __init__(self, ranges: Iterable[UnitRange], prefixes: Prefixes | None = None) -> None:
        self.ranges = tuple(ranges)
        self._written = PrefixTable(
            (one.network, one) for one in self.ranges if one.network is not None
        )
        systems = [one for one in self.ranges if one.asn is not None]
        self._days = sorted(prefixes or {})
        self._announced = [
            PrefixTable(
                (network, one) for one in systems for network in announced.get(one.asn or 0, ())
            )
            for announced in (dict((prefixes or {})[day]) for day in self._days)
        ]

    def owners(self, address: str, day: date) -> tuple[str, ...]:
        """Return the units of `address` on `day`: several where they share it, none if unknown."""
        parsed = parse_address(address)
        if parsed is None:
            return ()
        tables = [self._written]
        if self._announced:
            # The file of that day or before; the first one for what was before all of them.
            tables.append(self._announced[max(0, bisect_right(self._days, day) - 1)])
        for table in tables:
            holding = [one for one in table.holding(parsed) if one.holds_on(day)]
            if holding:
                longest = [one for one in holding if _length(one) == _length(holding[0])]
                return tuple(dict.fromkeys(one.unit for one in longest))
        return ()

    def allot(self, address: str, days: Sequence[date]) -> Allotment:
        """Return to whom a notice about `address` goes.

        `days` are all that its time can mean, empty where it has none; where they lead to
        different units, nobody knows whose it is.
        """
        turns = self._turns()
        if days:
            meant = {*days, *(day for day in turns if min(days) <= day <= max(days))}
            answers = {self.owners(address, day) for day in meant}
        else:
            # It was at some time, and there may be only one who ever had the address.
            answers = {owners for day in turns if (owners := self.owners(address, day))} or {()}
        if len(answers) != 1:
            reason = AllotReason.CHANGED_HANDS
            return Allotment(AllotOutcome.NOBODYS, (), reason)
        units = answers.pop()
        if not units:
            return Allotment(AllotOutcome.NOBODYS, (), AllotReason.NO_RANGE)
        if NOT_OURS in units:
            return Allotment(AllotOutcome.NOT_OURS)
        outcome = AllotOutcome.ALLOTTED if len(units) == 1 else AllotOutcome.SHARED
        return Allotment(outcome, units)

    def _turns(self) -> set[date]:
        """Return days that stand for all: the first and each on which some range began or ended."""
        turns = {one.since for one in self.ranges if one.since is not None}
        ended = {one.until for one in self.ranges if one.until is not None}
        after = {date.fromordinal(min(day.toordinal() + 1, date.max.toordinal())) for day in ended}
        return {date.min, *turns, *after, *self._days}


def _length(one: UnitRange) -> object:
    # Of an autonomous system the table gives the longest prefix first, and each once.
    return one.asn if one.network is None else one.network


def days_of(notice: Notice, local: Zone = VIETNAM) -> tuple[date, ...]:
    """Return the days that the notice's time can mean, here; empty where it has no time."""
    windows = [window_of(notice), window_elsewhere(notice, local)]
    days: set[date] = set()
    for window in windows:
        days |= set(_days_in(window, local))
    return tuple(sorted(days))


def _days_in(window: TimeWindow | None, local: Zone) -> Iterator[date]:
    if window is not None and window.from_us is not None and window.until_us is not None:
        yield _day(window.from_us, local)
        yield _day(window.until_us, local)


def _day(when_us: int, local: Zone) -> date:
    return datetime.fromtimestamp(when_us // MICROSECONDS, tz=UTC).astimezone(local).date()
