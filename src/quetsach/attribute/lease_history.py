"""Who held an address, as far as records of DHCP and neighbour tables tell.

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
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from operator import itemgetter
from types import MappingProxyType

import pyarrow as pa

from quetsach.attribute.columns import array_of
from quetsach.attribute.deciding import Answer, Doubt, answer
from quetsach.attribute.lease_notes import notes_of
from quetsach.attribute.lease_runs import ACTS, NEVER, UNTOLD, runs_of
from quetsach.attribute.lease_window import FAR, is_plain, window
from quetsach.attribute.model import Holder, Interval, Place, Rival
from quetsach.attribute.record_notes import RecordNote
from quetsach.attribute.timeline import CROWD, Span, Timeline, timeline_of

_NO_OFFSETS: Mapping[int, int] = MappingProxyType({})

_FEW = 12
"""Addresses with so few runs are drawn whole; it costs no more than to look for a window."""

_WIDE = 50_000
"""An address with more runs, and more than leases of one server, is drawn in pieces this wide."""

_KEPT_RUNS = 300_000
"""So many runs are kept drawn; what was asked for longest ago is forgotten first."""

_LISTED = CROWD
"""So many machines of one address are thought of where none is known to have held it."""


class LeaseHistory:
    """Intervals in which machines held addresses, rebuilt from records in any order.

    Shapes: `leases` follows LEASE, or has its text columns dictionary encoded, which takes less
    memory; `sources[file]` is the path that is shown; `offsets` (us to add to the times) by file.
    Cost: one sort, then columns of numbers; an address becomes objects only when it is asked for.
    """

    def __init__(
        self,
        leases: pa.Table,
        sources: Sequence[str],
        *,
        offsets: Mapping[int, int] = _NO_OFFSETS,
    ) -> None:
        self._runs, self._odd = runs_of(leases, sources, offsets)
        self._sources = sources
        self._drawn: OrderedDict[tuple[int, int], Timeline] = OrderedDict()
        self._drawn_runs = 0
        self._bounds: dict[str, tuple[int, int, bool]] = {}
        self._parts: dict[int, tuple[str, str, str]] = {}

    def holder(self, address: str, when_us: int | None, *, slack_us: int = 0) -> Holder | None:
        """Return who held `address` at `when_us`, or None if nobody can be named.

        Shapes: `address` in its shortest form; a `when_us` of None is a time that is not known.
        Units: `slack_us` is how far the clocks may be apart: who holds the address only within it
        is a rival.
        """
        low, high, plain = self._bounds_of(address)
        if low == high:
            return None
        timeline, around = self._timeline(low, high, plain, when_us, slack_us)
        found = answer(timeline, when_us, slack_us, lambda: self._machines(low, high, around))
        return None if found is None else self._holder(address, timeline, found)

    def intervals(self, address: str) -> list[Interval]:
        """Return all intervals of `address`, by their start."""
        low, high, _ = self._bounds_of(address)
        timeline = timeline_of(self._runs, range(low, high))
        return [self._interval(address, one) for one in timeline.spans if one.machine != UNTOLD]

    def held_by(self, machine: str) -> list[Interval]:
        """Return all intervals of a hardware address, client id or name, by address and start."""
        number = self._runs.machines.find(machine)
        if number is None:
            return []
        found = []
        for address in self._addresses_of(number):
            text = self._runs.addresses.text(address)
            found += [one for one in self.intervals(text) if one.machine == machine]
        return found

    def parts(self, machine: str) -> tuple[str, str, str]:
        """Return hardware address, client id and latest name of a machine; "" where untold."""
        number = self._runs.machines.find(machine)
        return ("", "", "") if number is None else self._runs.machines.parts(number)

    def notes(self) -> tuple[RecordNote, ...]:
        """Return the contradictions and broken records that were found, each counted."""
        return notes_of(self._runs, self._odd, self._sources)

    def _bounds_of(self, address: str) -> tuple[int, int, bool]:
        """Return the first run of an address, the one after its last, and whether it is plain.

        Plain means leases of one server, or of servers that are not told: of such an address a
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
    ) -> tuple[Timeline, int]:
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

    def _remembered(self, low: int, high: int) -> Timeline:
        key = low, high
        known = self._drawn.get(key)
        if known is None:
            known = self._drawn[key] = timeline_of(self._runs, range(low, high))
            self._drawn_runs += high - low
            while self._drawn_runs > _KEPT_RUNS and len(self._drawn) > 1:
                old, _ = self._drawn.popitem(last=False)
                self._drawn_runs -= old[1] - old[0]
        return known

    def _machines(self, low: int, high: int, around: int) -> dict[int, int]:
        """Return the machines of an address, each with a run of its, those nearest to one."""
        machines = self._runs.machine
        before = range(around - 1, max(low, around - FAR) - 1, -1)
        after = range(around, min(high, around + FAR))
        found: dict[int, int] = {}
        for pair in zip_longest(before, after):
            for place in pair:
                if place is not None and machines[place] != UNTOLD:
                    found.setdefault(machines[place], place)
            if len(found) >= _LISTED:
                break
        return dict(sorted(found.items(), key=itemgetter(1)))

    def _addresses_of(self, machine: int) -> list[int]:
        import pyarrow.compute as pc

        machines, addresses = array_of(self._runs.machine), array_of(self._runs.address)
        found: list[int] = pc.unique(addresses.filter(pc.equal(machines, machine))).to_pylist()
        return found

    def _holder(self, address: str, timeline: Timeline, found: Answer) -> Holder:
        span = timeline.spans[found.span]
        mac, client_id, host_name = self._parts_of(span.machine)
        return Holder(
            mac,
            client_id,
            host_name,
            found.grade,
            self._interval(address, span),
            tuple(self._rival(timeline, one) for one in found.doubts),
            found.reason,
        )

    def _rival(self, timeline: Timeline, doubt: Doubt) -> Rival:
        row = self._runs.first[doubt.run] if doubt.span < 0 else timeline.spans[doubt.span].first
        return Rival(self._runs.machines.key(doubt.machine), doubt.reason, self._place(row))

    def _parts_of(self, machine: int) -> tuple[str, str, str]:
        known = self._parts.get(machine)
        if known is None:
            if len(self._parts) > _KEPT_RUNS:
                self._parts.clear()
            known = self._parts[machine] = self._runs.machines.parts(machine)
        return known

    def _interval(self, address: str, span: Span) -> Interval:
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

    def _place(self, row: int) -> Place:
        file = self._runs.file[row]
        path = self._sources[file] if 0 <= file < len(self._sources) else ""
        return Place(path, self._runs.offset[row])
