"""Who held an address, by DHCP records and neighbour tables.

How sure an answer is:

- certain: one machine held the address at that time by a lease, or was seen on it shortly before
  and after, and nothing speaks for another.
- likely: one machine only is to be thought of, or the evidence for another is weak.
- ambiguous: the evidence speaks for several, or for the wrong moment; all are named.

A machine that gave the address back is not blamed for what follows (RFC 2131, 4.3.4). A lease that
ran out still points to its last holder as long as nobody else was ever given the address, since
renewals between two machines are often not seen by a sensor.
"""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from quetsach.attribution.columns import array_of
from quetsach.attribution.holders import HolderChoice, RivalMachine, answer
from quetsach.attribution.lease_notes import notes_of
from quetsach.attribution.lease_runs import ACTS, GIVEN, NEVER, UNTOLD, LeaseRuns, runs_of
from quetsach.attribution.model import Holder, Interval, LeaseAct, RecordPlace, RivalDevice
from quetsach.attribution.record_notes import RecordNote
from quetsach.attribution.steady import (
    ALWAYS,
    Period,
    between,
    borders_of_runs,
    borders_of_timeline,
)
from quetsach.attribution.sure_holders import NOBODY, MachineParts, SureHolder, sure_spans
from quetsach.attribution.timeline import CROWD, AddressTimeline, HolderSpan, timeline_of

if TYPE_CHECKING:
    from quetsach.attribution.sure_columns import SureLeases

FAR = 4096
"""How many runs around a time are looked at, and no more; in a usual log it is a dozen."""

_PLAIN = frozenset(
    ACTS.index(one)
    for one in (LeaseAct.GIVEN, LeaseAct.RELEASED, LeaseAct.EXPIRED, LeaseAct.DECLINED)
)


def is_plain(runs: LeaseRuns, low: int, high: int) -> bool:
    """Return whether runs `low` to `high` are leases of one server, all of named machines.

    At most one of them runs at a time, so that a few runs around a time answer as all would.
    """
    return (
        _PLAIN.issuperset(runs.act[low:high])
        and len(set(runs.server[low:high])) == 1
        and len(set(runs.rough[low:high])) == 1
        and UNTOLD not in set(runs.machine[low:high])
    )


def window(runs: LeaseRuns, bounds: range, first: int, last: int) -> range:
    """Return the runs of a plain address that decide the times between runs `first` and `last`.

    Shapes: `first` and `last` are the runs that begin next after the earliest and the latest of
    those times.
    """
    begin = _begin(runs, max(bounds.start, first - FAR), first)
    return range(begin, _end(runs, begin, last, min(bounds.stop, last + FAR)))


def _begin(runs: LeaseRuns, low: int, first: int) -> int:
    """Return where the lease before the latest one began: only that can be in doubt still."""
    later, chains = -1, 0
    ended: set[int] = set()
    for number in range(first - 1, low - 1, -1):
        machine = runs.machine[number]
        if runs.act[number] != GIVEN:
            ended.add(machine)
            continue
        if later >= 0 and (
            machine != runs.machine[later]
            or runs.end[number] < runs.start[later]
            or machine in ended
        ):
            chains += 1
            if chains == 2:
                return later
        later = number
        ended.clear()
    return low


def _end(runs: LeaseRuns, begin: int, last: int, high: int) -> int:
    """Return the run after which the latest lease is over, renewals and its successor included."""
    machine, until = UNTOLD, -1
    for number in range(begin, high):
        if runs.act[number] == GIVEN:
            renews = runs.machine[number] == machine and runs.start[number] <= until
            if number >= last and not renews:
                return number + 1
            machine, until = runs.machine[number], runs.end[number]
        elif runs.machine[number] == machine:
            until = -1
    return high


_NO_OFFSETS: Mapping[int, int] = MappingProxyType({})

_FEW = 12
"""Addresses with so few runs are drawn whole; it costs no more than to look for a window."""

_WIDE = 50_000
"""An address with more runs, and more than leases of one server, is drawn in pieces this wide."""

_KEPT_RUNS = 300_000
"""How many runs are kept drawn; the least recently used are dropped first."""

_LISTED = CROWD
"""How many machines of one address are thought of where none is known to have held it."""


class LeaseHistory:
    """Intervals in which machines held addresses, rebuilt from records in any order.

    Shapes: `leases` follows LEASE, or has its text columns dictionary encoded, which takes less
    memory; `sources[file]` is the path that is shown; `offsets` (us to add to the times) by file.
    Cost: one sort, then columns of numbers; an address becomes objects only when it is requested.
    """

    def __init__(
        self, leases: pa.Table, sources: Sequence[str], *, offsets: Mapping[int, int] = _NO_OFFSETS
    ) -> None:
        self._runs, self._odd = runs_of(leases, sources, offsets)
        self._sources = sources
        self._drawn: OrderedDict[tuple[int, int], AddressTimeline] = OrderedDict()
        self._drawn_runs = 0
        self._bounds: dict[str, tuple[int, int, bool]] = {}
        self._parts: dict[int, tuple[str, str, str]] = {}

    def holder(self, address: str, when_us: int | None, *, slack_us: int = 0) -> Holder | None:
        """Return who held `address` at `when_us`, or None if no device can be named.

        Shapes: `address` in its shortest form; a `when_us` of None is a time that is not known.
        Units: `slack_us` is how far the clocks may differ: who holds the address only within it
        is a rival.
        """
        low, high, plain = self._bounds_of(address)
        if low == high:
            return None
        timeline, around = self._timeline(low, high, plain, when_us, slack_us)
        found = answer(timeline, when_us, slack_us, lambda: self._machines(low, high, around))
        return None if found is None else self._holder(address, timeline, found)

    def steady(self, address: str, when_us: int | None, *, slack_us: int = 0) -> Period:
        """Return a period around `when_us` in which `holder` answers the same at all times."""
        low, high, plain = self._bounds_of(address)
        if low == high or when_us is None:
            return ALWAYS
        timeline, first = self._timeline(low, high, plain, when_us, slack_us)
        last = bisect_right(self._runs.start, when_us + slack_us, first, high)
        borders = chain(
            borders_of_runs(self._runs, range(low, high), (first, last), slack_us),
            borders_of_timeline(timeline, when_us, slack_us),
        )
        return between(borders, when_us)

    def sure_holders(self, address: str, slack_us: int) -> list[SureHolder] | None:
        """Return all that `holder` names likely at least, by time; None where it must be asked.

        NOBODY stands for times at which `holder` is None; at those left out it is in doubt.
        """
        low, high, _plain = self._bounds_of(address)
        spans = None if low == high else sure_spans(self._runs, range(low, high), slack_us)
        if spans is None:
            return None
        return [
            (NOBODY if machine == UNTOLD else MachineParts(*self._parts_of(machine)), period)
            for machine, period in spans
        ]

    def all_sure_holders(self, slack_us: int) -> Iterator["SureLeases"]:
        """Yield the answers of `sure_holders` by columns, of all addresses that it gives them of.

        Those whose records are more than leases of one server are left out. Loads NumPy.
        """
        from quetsach.attribution.sure_columns import SureLeases, sure_columns

        def parts(machine: int) -> MachineParts:
            return MachineParts(*self._parts_of(machine))

        for periods in sure_columns(self._runs, slack_us):
            texts = [self._runs.addresses.text(code) for code in periods.plain.tolist()]
            yield SureLeases(texts, periods, parts)

    def addresses(self) -> Iterator[str]:
        """Yield each address that a record names, once."""
        words = self._runs.addresses
        return (words.text(code) for code in range(len(words)))

    def intervals(self, address: str) -> list[Interval]:
        """Return all intervals of `address`, by their start."""
        low, high, _ = self._bounds_of(address)
        timeline = timeline_of(self._runs, range(low, high))
        return [self._interval(address, one) for one in timeline.spans if one.machine != UNTOLD]

    def intervals_of(self, machine: str) -> list[Interval]:
        """Return all intervals of a hardware address, client id or name, by address and start."""
        number = self._runs.machines.find(machine)
        if number is None:
            return []
        intervals = []
        for address in self._addresses_of(number):
            text = self._runs.addresses.text(address)
            intervals += [one for one in self.intervals(text) if one.machine == machine]
        return intervals

    def parts(self, machine: str) -> tuple[str, str, str]:
        """Return hardware address, client id and latest name of a machine; "" where unknown."""
        number = self._runs.machines.find(machine)
        return ("", "", "") if number is None else self._runs.machines.parts(number)

    def notes(self) -> tuple[RecordNote, ...]:
        """Return the contradictions and broken records that were found, each counted."""
        return notes_of(self._runs, self._odd, self._sources)

    def _bounds_of(self, address: str) -> tuple[int, int, bool]:
        """Return the first run of an address, the one after its last, and whether it is plain.

        Plain means leases of one server, or of servers that are not known: of such an address a
        few runs around a time answer as all of them would.
        """
        known = self._bounds.get(address)
        if known is not None:
            return known
        runs = self._runs
        code = runs.addresses.find(address)
        if code is None:
            return 0, 0, True
        low = bisect_left(runs.address, code)
        high = bisect_right(runs.address, code, low)
        plain = high - low > _FEW and is_plain(runs, low, high)
        if len(self._bounds) > _KEPT_RUNS:
            self._bounds.clear()
        self._bounds[address] = low, high, plain
        return low, high, plain

    def _timeline(
        self, low: int, high: int, plain: bool, when_us: int | None, slack_us: int
    ) -> tuple[AddressTimeline, int]:
        """Return a timeline that answers for this time, and the run that is nearest to it."""
        runs = self._runs
        if when_us is None:
            first = last = high
        else:
            first = bisect_right(runs.start, when_us - slack_us, low, high)
            last = bisect_right(runs.start, when_us + slack_us, first, high)
        if plain and last - first < _FEW:
            return timeline_of(runs, window(runs, range(low, high), first, last)), first
        if high - low > 3 * _WIDE:
            middle = low + (first - low) // _WIDE * _WIDE
            low, high = max(low, middle - _WIDE), min(high, middle + 2 * _WIDE)
        return self._remembered(low, high), first

    def _remembered(self, low: int, high: int) -> AddressTimeline:
        key = low, high
        timeline = self._drawn.get(key)
        if timeline is None:
            timeline = self._drawn[key] = timeline_of(self._runs, range(low, high))
            self._drawn_runs += high - low
            while self._drawn_runs > _KEPT_RUNS and len(self._drawn) > 1:
                old, _ = self._drawn.popitem(last=False)
                self._drawn_runs -= old[1] - old[0]
        return timeline

    def _machines(self, low: int, high: int, around: int) -> dict[int, int]:
        """Return the machines of an address, each with a run of its, those nearest to one."""
        machines = self._runs.machine
        before = range(around - 1, max(low, around - FAR) - 1, -1)
        after = range(around, min(high, around + FAR))
        first_places: dict[int, int] = {}
        for pair in zip_longest(before, after):
            for place in pair:
                if place is not None and machines[place] != UNTOLD:
                    first_places.setdefault(machines[place], place)
            if len(first_places) >= _LISTED:
                break
        return dict(sorted(first_places.items(), key=itemgetter(1)))

    def _addresses_of(self, machine: int) -> list[int]:
        machines, addresses = array_of(self._runs.machine), array_of(self._runs.address)
        found: list[int] = pc.unique(addresses.filter(pc.equal(machines, machine))).to_pylist()
        return found

    def _holder(self, address: str, timeline: AddressTimeline, choice: HolderChoice) -> Holder:
        span = timeline.spans[choice.span]
        mac, client_id, host_name = self._parts_of(span.machine)
        return Holder(
            mac,
            client_id,
            host_name,
            choice.grade,
            self._interval(address, span),
            tuple(self._rival(timeline, one) for one in choice.doubts),
            choice.reason,
        )

    def _rival(self, timeline: AddressTimeline, doubt: RivalMachine) -> RivalDevice:
        row = self._runs.first[doubt.run] if doubt.span < 0 else timeline.spans[doubt.span].first
        return RivalDevice(self._runs.machines.key(doubt.machine), doubt.reason, self._place(row))

    def _parts_of(self, machine: int) -> tuple[str, str, str]:
        parts = self._parts.get(machine)
        if parts is None:
            if len(self._parts) > _KEPT_RUNS:
                self._parts.clear()
            parts = self._parts[machine] = self._runs.machines.parts(machine)
        return parts

    def _interval(self, address: str, span: HolderSpan) -> Interval:
        runs = self._runs
        mac, client_id, host_name = self._parts_of(span.machine)
        return Interval(
            address,
            span.start,
            None if span.end >= NEVER else span.end,
            span.ended,
            ACTS[span.act],
            mac,
            client_id,
            host_name,
            runs.servers.text(span.server) if span.server != UNTOLD else "",
            span.rough,
            self._place(span.first),
            self._place(span.last),
            self._place(span.end_row) if span.end_row >= 0 else None,
        )

    def _place(self, row: int) -> RecordPlace:
        file = self._runs.file[row]
        path = self._sources[file] if 0 <= file < len(self._sources) else ""
        return RecordPlace(path, self._runs.offset[row])
