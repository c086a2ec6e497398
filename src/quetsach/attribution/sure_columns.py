"""When one machine held an address, likely at least, for all addresses of a history at once.

What sure_holders.py says of plain leases, an address at a time, by columns: 50,000 addresses with a
lease a day are three million records. Other addresses, those with sightings or reservations or of
several servers, are left to it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from quetsach.arrays import Numbers, np
from quetsach.attribution.holders import FAR_US
from quetsach.attribution.lease_runs import ACTS, GIVEN, NEVER, UNTOLD, LeaseRuns
from quetsach.attribution.model import LeaseAct
from quetsach.attribution.sure_holders import MOST_RUNS, MachineParts

PIECE_RUNS = 200_000
"""How many runs are looked at together, and those of the last address to its end."""

_LEASED = [
    ACTS.index(one)
    for one in (LeaseAct.GIVEN, LeaseAct.RELEASED, LeaseAct.EXPIRED, LeaseAct.DECLINED)
]


@dataclass(frozen=True)
class SurePeriods:
    """Who had which address when, without a doubt, of some addresses whose records are plain.

    Shapes: `plain` are the codes of these addresses, rising; `place` (in `plain`), `machine`
    (UNTOLD stands for nobody), `since` and `until` are of one length, by place and time. At all
    times that are left out the answer is in doubt. Units: us since 1970.
    """

    plain: Numbers
    place: Numbers
    machine: Numbers
    since: Numbers
    until: Numbers


@dataclass(frozen=True)
class SureLeases:
    """Periods with what they are of: `addresses` are the texts of `periods.plain`."""

    addresses: Sequence[str]
    periods: SurePeriods
    parts: Callable[[int], MachineParts]


def sure_columns(runs: LeaseRuns, slack_us: int) -> Iterator[SurePeriods]:
    """Yield all periods, some addresses at a time.

    Cost: a few sorts of each piece; memory for one piece.
    """
    addresses = np.asarray(runs.address)
    low = 0
    while low < len(addresses):
        high = len(addresses)
        if low + PIECE_RUNS < high:
            high = int(np.searchsorted(addresses, addresses[low + PIECE_RUNS], side="right"))
        yield _of_piece(_plain_runs(runs, low, high), slack_us)
        low = high


@dataclass(frozen=True)
class _Runs:
    """The runs of plain addresses in order; `lone` says of an address whether it had one machine.

    Shapes: `group` is the place of the address in `codes`, `first` the first run of each address.
    """

    codes: Numbers
    lone: Numbers
    first: Numbers
    group: Numbers
    given: Numbers
    machine: Numbers
    start: Numbers
    end: Numbers


def _plain_runs(runs: LeaseRuns, low: int, high: int) -> _Runs:
    """Return the runs, from `low` to before `high`, of those addresses that are plain."""
    address = np.asarray(runs.address)[low:high]
    act = np.asarray(runs.act)[low:high]
    machine = np.asarray(runs.machine)[low:high]
    server = np.asarray(runs.server)[low:high]
    first = np.flatnonzero(np.diff(address, prepend=address[0] - 1))
    lengths = np.diff(first, append=len(address))
    is_given = act == GIVEN
    least, most = np.minimum.reduceat(machine, first), np.maximum.reduceat(machine, first)
    limits = np.iinfo(server.dtype)
    one_server = np.minimum.reduceat(np.where(is_given, server, limits.max), first)
    other_server = np.maximum.reduceat(np.where(is_given, server, limits.min), first)
    plain = (lengths <= MOST_RUNS) & (least != UNTOLD) & (one_server >= other_server)
    plain &= np.logical_and.reduceat(np.isin(act, _LEASED), first)
    kept = np.repeat(plain, lengths)
    lengths = lengths[plain]
    return _Runs(
        codes=address[first[plain]],
        lone=(least == most)[plain],
        first=np.cumsum(lengths) - lengths,
        group=np.repeat(np.arange(len(lengths)), lengths),
        given=is_given[kept],
        machine=machine[kept],
        start=np.asarray(runs.start)[low:high][kept],
        end=np.asarray(runs.end)[low:high][kept],
    )


@dataclass(frozen=True)
class _Spans:
    """What machines held, in order; `back` where it was given back, `bare` where only its end is.

    Shapes: columns of one length; `group` as in _Runs.
    """

    group: Numbers
    machine: Numbers
    start: Numbers
    end: Numbers
    back: Numbers
    bare: Numbers


def _spans(runs: _Runs) -> _Spans:
    """Return the spans that timeline.py makes of these runs.

    A lease ends by the first record that its machine gives, if that comes before it runs out; else
    when another machine is given the address. Who is given it again before, renews it.
    """
    count = len(runs.group)
    place = np.arange(count)
    latest = np.maximum.accumulate(np.where(runs.given, place, -1))
    before = np.concatenate([[-1], latest[:-1]])
    before[before < runs.first[runs.group]] = -1
    same = (before >= 0) & (runs.machine[before] == runs.machine)
    closer = np.full(count, -1)
    ending = place[same & ~runs.given][::-1]
    # The last that is written stays: the first record behind each lease.
    closer[before[ending]] = ending
    closes = (closer >= 0) & (runs.end >= runs.start[closer])
    renews = runs.given & same & (closer[before] < 0) & (runs.end[before] >= runs.start)
    gives = place[runs.given]
    begins = ~renews[gives]
    firsts = gives[begins]
    # The last record of each lease is the one before the next lease.
    lasts = gives[np.flatnonzero(np.append(begins[1:], True))] if len(gives) else gives
    following = np.append(firsts[1:], -1) if len(firsts) else firsts
    is_other = (following >= 0) & (runs.group[following] == runs.group[lasts])
    is_other &= runs.machine[following] != runs.machine[lasts]
    ends = runs.end[lasts]
    ends = np.where(is_other, np.minimum(ends, runs.start[following]), ends)
    ends = np.where(closes[lasts], runs.start[closer[lasts]], ends)
    closing = np.zeros(count, bool)
    closing[closer[closes]] = True
    bare = _bare_ends(runs, place[~runs.given], closing)
    order = np.argsort(np.concatenate([firsts, bare]), kind="stable")
    at = np.concatenate([firsts, bare])[order]
    return _Spans(
        runs.group[at],
        runs.machine[at],
        runs.start[at],
        np.concatenate([ends, runs.start[bare]])[order],
        np.concatenate([closes[lasts], np.ones(len(bare), bool)])[order],
        np.concatenate([np.zeros(len(firsts), bool), np.ones(len(bare), bool)])[order],
    )


def _bare_ends(runs: _Runs, ends: Numbers, closing: Numbers) -> Numbers:
    """Return the records that end what no record began, of those that say the same one."""
    order = ends[np.lexsort((ends, runs.machine[ends], runs.group[ends]))]
    again = np.zeros(len(order), bool)
    later, earlier = order[1:], order[:-1]
    again[1:] = (
        (runs.group[later] == runs.group[earlier])
        & (runs.machine[later] == runs.machine[earlier])
        & (runs.start[later] == runs.start[earlier])
    )
    found: Numbers = np.sort(order[~again & ~closing[order]])
    return found


def _of_piece(runs: _Runs, slack_us: int) -> SurePeriods:
    if not len(runs.group):
        none = np.zeros(0, np.int64)
        return SurePeriods(runs.codes, none, none, none, none)
    spans = _spans(runs)
    order = np.lexsort((np.arange(len(spans.group)), spans.start, spans.end, spans.group))
    following = np.append(spans.end[order][1:], NEVER)
    following[np.append(np.diff(spans.group[order]) != 0, True)] = NEVER
    nobody = _of_nobody(spans, order, following, slack_us)
    lone = _of_lone(spans, order, following, (runs, slack_us))
    several = _of_several(spans, ~runs.lone[spans.group], slack_us)
    group, machine, since, until = (
        np.concatenate(columns) for columns in zip(nobody, lone, several, strict=True)
    )
    kept = since < until
    group, machine, since, until = (one[kept] for one in (group, machine, since, until))
    by_time = np.lexsort((until, since, group))
    return SurePeriods(runs.codes, *(one[by_time] for one in (group, machine, since, until)))


_Columns: TypeAlias = tuple[Numbers, Numbers, Numbers, Numbers]
"""Group, machine, since, until."""


def _of_nobody(spans: _Spans, order: Numbers, following: Numbers, slack_us: int) -> _Columns:
    """Return when an address had been given back, and nobody was given it any more."""
    begun = np.where(spans.bare, -NEVER, spans.start)
    over = np.where(spans.start < spans.end, spans.end + slack_us, -NEVER)
    first = np.flatnonzero(np.diff(spans.group, prepend=-1))
    free = np.maximum.reduceat(np.maximum(begun, over), first)
    back = order[spans.back[order]]
    since = np.maximum(spans.end[back], free[spans.group[back]])
    return spans.group[back], np.full(len(back), UNTOLD), since, following[spans.back[order]]


def _of_lone(
    spans: _Spans, order: Numbers, following: Numbers, around: tuple[_Runs, int]
) -> _Columns:
    """Return when the one machine that ever had the address is named.

    It is while it holds the address, and by elimination, but for after it gave the address back.
    """
    runs, slack_us = around
    is_lone = runs.lone[spans.group]
    first = np.flatnonzero(np.diff(spans.group, prepend=-1))
    earliest = np.minimum.reduceat(spans.end, first)
    out = is_lone[order] & ~spans.back[order]
    over = spans.end[order][out]
    is_held = is_lone & (spans.start < spans.end)
    group = np.concatenate(
        [np.flatnonzero(runs.lone), spans.group[order][out], spans.group[is_held]]
    )
    since = np.concatenate(
        [spans.start[first[runs.lone]] - FAR_US, over, spans.start[is_held] - slack_us]
    )
    until = np.concatenate(
        [
            earliest[runs.lone],
            np.minimum(following[out], over + FAR_US + 1),
            spans.end[is_held] + slack_us,
        ]
    )
    # One that never gave it back, without a long break, is named up to its last end.
    group, since, until = _joined(group, since, until)
    return group, runs.machine[runs.first[group]], since, until


def _joined(group: Numbers, since: Numbers, until: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return the time that lies in any of the periods of a group, as few as can be."""
    kept = since < until
    group, since, until = group[kept], since[kept], until[kept]
    order = np.lexsort((until, since, group))
    group, since, until = group[order], since[order], until[order]
    if not len(group):
        return group, since, until
    # The latest end so far within each group: by rank, as two numbers do not fit into one.
    by_end = np.argsort(until, kind="stable")
    rank = np.empty(len(until), np.int64)
    rank[by_end] = np.arange(len(until))
    reach = np.maximum.accumulate(group * len(until) + rank)
    latest = until[by_end[reach % len(until)]]
    fresh = np.ones(len(group), bool)
    fresh[1:] = (group[1:] != group[:-1]) | (since[1:] > latest[:-1])
    last = np.append(fresh[1:], True)
    return group[fresh], since[fresh], latest[last]


def _of_several(spans: _Spans, watched: Numbers, slack_us: int) -> _Columns:
    """Return when one of several machines holds an address, and no other within the slack."""
    leases = np.flatnonzero(watched & (spans.start < spans.end))
    group, machine = spans.group[leases], spans.machine[leases]
    start, end = spans.start[leases], spans.end[leases]
    if not len(leases):
        return group, machine, start, end
    fresh = np.ones(len(leases), bool)
    fresh[1:] = (group[1:] != group[:-1]) | (machine[1:] != machine[:-1])
    block = np.cumsum(fresh) - 1
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(leases)) - 1
    # The one before and the one behind, where that is of the same address.
    after = np.full(len(first), -NEVER)
    before = np.full(len(first), NEVER)
    joint = np.flatnonzero(group[first[1:]] == group[last[:-1]])
    after[joint + 1] = end[last[joint]] + slack_us
    before[joint] = start[first[joint + 1]] - slack_us
    return group, machine, np.maximum(start, after[block]), np.minimum(end, before[block])
