"""The runs of one address in order: who began to hold it, who ended that, and what is in doubt.

The rules, from RFC 2131 (3.1, 4.3.4, 4.4.5) and from what logs leave out:

- A lease given again before it ran out goes on; what was said last of its end counts.
- A release, an expiry or a refusal ends at once what that machine held; one that names no machine
  ends what its server gave.
- A server that gives the address to another machine ends the former lease. The former machine
  stays in doubt until its lease would have run out: its release may be missing from the log, or it
  may still speak. Two servers that are known to differ end nothing of each other.
- Sightings in neighbour tables hold an address between them when they are close enough.
"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from quetsach.attribution.lease_runs import (
    ACTS,
    GIVEN,
    JOIN_US,
    NEVER,
    RESERVED,
    SEEN,
    UNTOLD,
    LeaseRuns,
)
from quetsach.attribution.model import IntervalEnd, LeaseAct
from quetsach.clocks import MICROSECONDS

NEAR_US = 15 * 60 * MICROSECONDS
"""How long before and after a sighting a machine may well have held the address."""

CROWD = 16
"""With more claims to an address at one time no device is named as certain."""

_ENDS = {
    ACTS.index(LeaseAct.RELEASED): IntervalEnd.RELEASED,
    ACTS.index(LeaseAct.EXPIRED): IntervalEnd.EXPIRED,
    ACTS.index(LeaseAct.DECLINED): IntervalEnd.DECLINED,
}
GIVEN_BACK = frozenset(_ENDS.values())


@dataclass(slots=True)
class HolderSpan:
    """What a machine held, while the runs are gone through; `runs_out` is what its records say."""

    machine: int
    server: int
    act: int
    start: int
    end: int
    runs_out: int
    rough: bool
    first: int
    last: int
    ended: IntervalEnd = IntervalEnd.OPEN
    end_row: int = -1


# Claims to an address by kind. Only the first three name anybody where there is no better claim.
HELD, NEAR, KEPT_FOR, STILL_LEASED = range(4)

Claim = tuple[int, int]
"""The kind of a claim and the number of the span that makes it."""


@dataclass(frozen=True)
class AddressTimeline:
    """The spans of one address by start, and the claims at any time.

    Shapes: `claims[i]` hold from `edges[i]` until before the next edge, `edges[0]` lies before all
    times; `crowded` are the places where some are left out; `ends` is sorted (end, start, span).
    """

    spans: list[HolderSpan]
    edges: list[int]
    claims: list[tuple[Claim, ...]]
    crowded: frozenset[int]
    ends: list[tuple[int, int, int]]

    def at(self, when_us: int) -> int:
        """Return the place in `claims` of a time."""
        return bisect_right(self.edges, when_us) - 1


@dataclass
class _Sweep:
    """What is known while the runs of one address are gone through in order."""

    spans: list[HolderSpan] = field(default_factory=list)
    # (start, end, kind, span), and of leases given on: (start, the span after it, span).
    claims: list[tuple[int, int, int, int]] = field(default_factory=list)
    given_on: list[tuple[int, int, int]] = field(default_factory=list)
    leased: dict[int, dict[int, None]] = field(default_factory=dict)
    leases_of: dict[int, deque[int]] = field(default_factory=dict)
    kept: dict[int, dict[int, None]] = field(default_factory=dict)
    kept_for: dict[int, int] = field(default_factory=dict)
    kept_since: dict[int, int] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    back: dict[int, int] = field(default_factory=dict)

    def add(self, span: HolderSpan) -> int:
        """Take up a span and return its number."""
        self.spans.append(span)
        return len(self.spans) - 1


def timeline_of(runs: LeaseRuns, numbers: Iterable[int]) -> AddressTimeline:
    """Return what the runs of these numbers, all of one address and in order, amount to."""
    return _drawn(_swept(runs, numbers))


def spans_of(runs: LeaseRuns, numbers: Iterable[int]) -> list[HolderSpan]:
    """Return the spans of that timeline, by their start; what ran out is still called open."""
    return _swept(runs, numbers).spans


def _swept(runs: LeaseRuns, numbers: Iterable[int]) -> _Sweep:
    sweep = _Sweep()
    for number in numbers:
        act, end = runs.act[number], runs.end[number]
        span = HolderSpan(
            runs.machine[number],
            runs.server[number],
            act,
            runs.start[number],
            end,
            end,
            bool(runs.rough[number]),
            runs.first[number],
            runs.last[number],
        )
        if act == GIVEN:
            _give(sweep, span)
        elif act == SEEN:
            _see(sweep, span)
        elif act == RESERVED:
            _keep(sweep, span)
        else:
            _end(sweep, span)
    return sweep


def _give(sweep: _Sweep, span: HolderSpan) -> None:
    if span.machine == UNTOLD:
        # It may be the holder's own renewal, so it ends nothing and only casts doubt.
        sweep.leased.setdefault(span.server, {})[sweep.add(span)] = None
        return
    _resume(sweep, span)
    former = _pop_leases(sweep.leased, span.server, sweep.spans, spared=span.machine)
    place = _renewed(sweep, span)
    if place is None:
        place = sweep.add(span)
        # A machine with leases of ever new servers is no machine; its oldest are let be.
        sweep.leases_of.setdefault(span.machine, deque(maxlen=CROWD)).append(place)
    sweep.leased.setdefault(sweep.spans[place].server, {})[place] = None
    for earlier in former:
        if sweep.spans[earlier].end > span.start:
            _close(sweep.spans[earlier], span.start, IntervalEnd.GIVEN_ON, span.first)
            if sweep.spans[earlier].machine != UNTOLD:
                sweep.given_on.append((span.start, place, earlier))
        elif sweep.spans[earlier].ended is IntervalEnd.OPEN:
            # It ran out before, and what another machine had since is no renewal.
            sweep.spans[earlier].ended = IntervalEnd.RAN_OUT


def _pop_leases(
    leased: dict[int, dict[int, None]],
    server: int,
    spans: list[HolderSpan],
    spared: int | None = None,
) -> list[int]:
    """Take out what `server`, as far as one knows, gave; what `spared` holds stays."""
    servers = list(leased) if server == UNTOLD else (UNTOLD, server)
    ended = []
    for server in servers:
        of_server = leased.get(server)
        if not of_server:
            continue
        others = [one for one in of_server if spans[one].machine != spared]
        if len(others) == len(of_server):
            del leased[server]
        else:
            for one in others:
                del of_server[one]
        ended += others
    return ended


def _renewed(sweep: _Sweep, span: HolderSpan) -> int | None:
    """Return the number of the running lease that this one renews, after renewing it, or None."""
    for place in reversed(sweep.leases_of.get(span.machine, ())):
        former = sweep.spans[place]
        same = UNTOLD in (former.server, span.server) or former.server == span.server
        if same and former.ended is IntervalEnd.OPEN and former.end >= span.start:
            if former.server != span.server and former.server == UNTOLD:
                sweep.leased.get(UNTOLD, {}).pop(place, None)
                former.server = span.server
            former.end = former.runs_out = span.end
            former.last, former.rough = span.last, former.rough or span.rough
            return place
    return None


def _see(sweep: _Sweep, span: HolderSpan) -> None:
    if span.machine == UNTOLD:
        return
    _resume(sweep, span)
    place = sweep.seen.get(span.machine)
    held = None if place is None else sweep.spans[place]
    if held is not None and span.start <= held.end - 1 + JOIN_US:
        held.end = held.runs_out = max(held.end, span.end)
        held.last, held.rough = span.last, held.rough or span.rough
        return
    if place is not None:
        _claim_near(sweep, place, NEVER)
    sweep.seen[span.machine] = sweep.add(span)


def _claim_near(sweep: _Sweep, place: int, until: int) -> None:
    span = sweep.spans[place]
    sweep.claims.append((span.start - NEAR_US, min(span.end + NEAR_US, until), NEAR, place))


def _keep(sweep: _Sweep, span: HolderSpan) -> None:
    if span.machine == UNTOLD:
        return
    _resume(sweep, span)
    for number in _pop_leases(sweep.kept, span.server, sweep.spans, spared=span.machine):
        former = sweep.spans[number]
        _close(former, span.start, IntervalEnd.GIVEN_ON, span.first)
        if sweep.kept_for.get(former.machine) == number:
            del sweep.kept_for[former.machine]
        _stop_keeping(sweep, number, span.start)
    place = sweep.kept_for.get(span.machine)
    if place is not None:
        held = sweep.spans[place]
        held.last, held.rough = span.last, held.rough and span.rough
        return
    place = sweep.add(span)
    sweep.kept_for[span.machine] = place
    sweep.kept_since[place] = span.start
    sweep.kept.setdefault(span.server, {})[place] = None


def _stop_keeping(sweep: _Sweep, place: int, until: int) -> None:
    since = sweep.kept_since.pop(place, None)
    if since is not None:
        sweep.claims.append((since, until, KEPT_FOR, place))


def _resume(sweep: _Sweep, span: HolderSpan) -> None:
    """Let a reservation speak again for a machine that came back after it gave the address up."""
    place = sweep.kept_for.get(span.machine)
    if place is not None:
        sweep.kept_since.setdefault(place, span.start)


def _end(sweep: _Sweep, span: HolderSpan) -> None:
    """End what a machine holds, or where the record names none, what its server gave."""
    how = _ENDS[span.act]
    if span.machine == UNTOLD:
        places = _pop_leases(sweep.leased, span.server, sweep.spans)
    else:
        places = list(sweep.leases_of.pop(span.machine, ()))
        for number in places:
            sweep.leased.get(sweep.spans[number].server, {}).pop(number, None)
        kept = sweep.kept_for.get(span.machine)
        if kept is not None:
            _stop_keeping(sweep, kept, span.start)
        seen = sweep.seen.pop(span.machine, None)
        if seen is not None:
            _claim_near(sweep, seen, span.start)
            places.append(seen)
    closed = False
    for number in places:
        former = sweep.spans[number]
        if former.ended is IntervalEnd.OPEN and former.end >= span.start:
            _close(former, span.start, how, span.first)
            closed = True
    if not closed and sweep.back.get(span.machine) != span.start:
        # A holding without a recorded beginning: only its end is known.
        _close(span, span.start, how, span.first)
        span.act = GIVEN
        sweep.add(span)
    sweep.back[span.machine] = span.start


def _close(span: HolderSpan, when_us: int, how: IntervalEnd, row: int) -> None:
    span.end, span.ended, span.end_row = when_us, how, row


def _drawn(sweep: _Sweep) -> AddressTimeline:
    """Return the timeline, once all runs are gone through."""
    spans, claims = sweep.spans, sweep.claims
    for place in list(sweep.kept_since):
        _stop_keeping(sweep, place, NEVER)
    for place in sweep.seen.values():
        _claim_near(sweep, place, NEVER)
    for place, span in enumerate(spans):
        if span.ended is IntervalEnd.OPEN and span.act == GIVEN and span.end != NEVER:
            span.ended = IntervalEnd.RAN_OUT
        if span.act != RESERVED:
            claims.append((span.start, span.end, HELD, place))
    claims += [
        (start, min(spans[one].runs_out, spans[after].end), STILL_LEASED, one)
        for start, after, one in sweep.given_on
    ]
    edges, drawn, crowded = _segments([one for one in claims if one[0] < one[1]])
    ends = sorted(
        (span.end, span.start, place)
        for place, span in enumerate(spans)
        if span.act != RESERVED and (span.machine != UNTOLD or span.ended in GIVEN_BACK)
    )
    return AddressTimeline(spans, edges, drawn, crowded, ends)


def _segments(
    claims: list[tuple[int, int, int, int]],
) -> tuple[list[int], list[tuple[Claim, ...]], frozenset[int]]:
    """Return from when on which claims hold; the strongest first, the rest cut off."""
    events = sorted(
        [(start, 1, kind, span) for start, _, kind, span in claims]
        + [(end, 0, kind, span) for _, end, kind, span in claims]
    )
    edges, crowded = [-NEVER], set()
    drawn: list[tuple[Claim, ...]] = [()]
    standing: list[Claim] = []
    for place, (when, begins, kind, span) in enumerate(events):
        claim = (kind, span)
        if begins:
            insort(standing, claim)
        else:
            del standing[bisect_left(standing, claim)]
        if place + 1 < len(events) and events[place + 1][0] == when:
            continue
        edges.append(when)
        drawn.append(tuple(standing[:CROWD]))
        if len(standing) > CROWD:
            crowded.add(len(drawn) - 1)
    return edges, drawn, frozenset(crowded)
