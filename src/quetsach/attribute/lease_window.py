"""The few runs of an address that decide who held it at a time, where a few are enough."""

from quetsach.attribute.lease_runs import ACTS, GIVEN, UNTOLD, Runs
from quetsach.attribute.model import Act

FAR = 4096
"""So many runs around a time are looked at, and no more; in a usual log it is a dozen."""

_PLAIN = frozenset(ACTS.index(one) for one in (Act.GIVEN, Act.RELEASED, Act.EXPIRED, Act.DECLINED))


def is_plain(runs: Runs, low: int, high: int) -> bool:
    """Return whether runs `low` to `high` are leases of one server, all of named machines.

    At most one of them runs at a time, so that a few runs around a time answer as all would.
    """
    return (
        _PLAIN.issuperset(runs.act[low:high])
        and len(set(runs.server[low:high])) == 1
        and len(set(runs.rough[low:high])) == 1
        and UNTOLD not in set(runs.machine[low:high])
    )


def window(runs: Runs, bounds: range, first: int, last: int) -> range:
    """Return the runs of a plain address that decide the times between runs `first` and `last`.

    Shapes: `first` and `last` are the runs that begin next after the earliest and the latest of
    those times.
    """
    begin = _begin(runs, max(bounds.start, first - FAR), first)
    return range(begin, _end(runs, begin, last, min(bounds.stop, last + FAR)))


def _begin(runs: Runs, low: int, first: int) -> int:
    """Return where the lease before the latest one began: only that can be in doubt still."""
    later, chains = -1, 0
    ended: set[int] = set()
    for one in range(first - 1, low - 1, -1):
        machine = runs.machine[one]
        if runs.act[one] != GIVEN:
            ended.add(machine)
            continue
        if later >= 0 and (
            machine != runs.machine[later] or runs.end[one] < runs.start[later] or machine in ended
        ):
            chains += 1
            if chains == 2:
                return later
        later = one
        ended.clear()
    return low


def _end(runs: Runs, begin: int, last: int, high: int) -> int:
    """Return the run after which the latest lease is over, renewals and its successor included."""
    machine, until = UNTOLD, -1
    for one in range(begin, high):
        if runs.act[one] == GIVEN:
            renews = runs.machine[one] == machine and runs.start[one] <= until
            if one >= last and not renews:
                return one + 1
            machine, until = runs.machine[one], runs.end[one]
        elif runs.machine[one] == machine:
            until = -1
    return high
