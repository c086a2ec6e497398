"""When one machine held an address, likely at least, for all times at once: of plain records only.

An answer of holders.py says more, and costs more. Most addresses have the records of one server, or
one machine that ever had them; of those the times without a doubt follow from the records alone.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from quetsach.attribution.holders import FAR_US
from quetsach.attribution.lease_runs import (
    ACTS,
    GIVEN,
    NEVER,
    RESERVED,
    SEEN,
    UNTOLD,
    LeaseRuns,
)
from quetsach.attribution.model import LeaseAct
from quetsach.attribution.steady import Period
from quetsach.attribution.timeline import GIVEN_BACK, HolderSpan, spans_of


class MachineParts(NamedTuple):
    """What records say of a machine, "" for what they do not say."""

    mac: str
    client_id: str
    host_name: str


NOBODY = MachineParts("", "", "")
"""Stands for times of which no record speaks."""

SureHolder = tuple[MachineParts, Period]
"""A machine that had an address, and a period in which it is named, likely at least."""


MOST_RUNS = 1000
"""Of an address with more runs the answers are asked for; holders.py itself looks no further."""

_LEASED = frozenset(
    ACTS.index(one)
    for one in (LeaseAct.GIVEN, LeaseAct.RELEASED, LeaseAct.EXPIRED, LeaseAct.DECLINED)
)


def sure_spans(runs: LeaseRuns, bounds: range, slack_us: int) -> list[tuple[int, Period]] | None:
    """Return the machines of an address, each with a period without doubt, in order.

    UNTOLD stands for nobody: of that time no record speaks. At all times that are left out the
    answer is in doubt. None where the records are not plain.
    Shapes: `bounds` are the runs of the address, at least one, by their start.
    """
    if len(bounds) > MOST_RUNS:
        return None
    machines = set(runs.machine[bounds.start : bounds.stop])
    acts = set(runs.act[bounds.start : bounds.stop])
    servers = {runs.server[run] for run in bounds if runs.act[run] == GIVEN}
    if UNTOLD in machines or len(servers) > 1:
        return None
    if len(machines) == 1 and acts <= {GIVEN, SEEN, RESERVED}:
        settled = _settled(runs, bounds)
        if settled is not None:
            return [(machines.pop(), settled)]
    if not acts <= _LEASED:
        return None
    spans = spans_of(runs, bounds)
    nobody = [(UNTOLD, one) for one in _of_nobody(spans, slack_us)]
    if len(machines) == 1:
        named = [(spans[0].machine, one) for one in _joined(_of_one(spans, slack_us))]
    else:
        named = [*_of_several(spans, slack_us)]
    return sorted([*nobody, *named], key=itemgetter(1))


def _settled(runs: LeaseRuns, bounds: range) -> Period | None:
    """Return the whole time of one machine that never gave the address back, None with gaps."""
    first = bounds.start
    leased = sighted = kept = runs.start[first]
    for run in bounds:
        act, end = runs.act[run], runs.end[run]
        if runs.start[run] - max(leased, sighted, kept) > FAR_US:
            return None
        if act == GIVEN:
            # What was said last of the end counts.
            leased = end
        elif act == SEEN:
            sighted = max(sighted, end)
        else:
            kept = NEVER
    return Period(runs.start[first] - FAR_US, max(leased, sighted, kept) + FAR_US + 1)


def _of_one(spans: list[HolderSpan], slack_us: int) -> Iterator[Period]:
    """Yield when the one machine that ever had the address is named, in any order.

    It is while it holds the address, and by elimination, but for after it gave the address back.
    """
    yield Period(spans[0].start - FAR_US, min(span.end for span in spans))
    for last, following_us in _ends(spans):
        if last.ended not in GIVEN_BACK:
            yield Period(last.end, min(following_us, last.end + FAR_US + 1))
    for span in spans:
        if span.start < span.end:
            yield Period(span.start - slack_us, span.end + slack_us)


def _of_nobody(spans: list[HolderSpan], slack_us: int) -> Iterator[Period]:
    """Yield when the address had been given back, and nobody was given it any more, in order."""
    begun = [span.start for span in spans if span.first != span.end_row]
    over = [span.end + slack_us for span in spans if span.start < span.end]
    free_us = max([-NEVER, *begun, *over])
    for last, following_us in _ends(spans):
        period = Period(max(last.end, free_us), following_us)
        if last.ended in GIVEN_BACK and period.since_us < period.until_us:
            yield period


def _ends(spans: list[HolderSpan]) -> Iterator[tuple[HolderSpan, int]]:
    """Yield each span by its end, with the end that follows."""
    places = sorted(range(len(spans)), key=lambda one: (spans[one].end, spans[one].start, one))
    ends = [*(spans[place].end for place in places[1:]), NEVER]
    for place, following_us in zip(places, ends, strict=True):
        yield spans[place], following_us


def _joined(periods: Iterable[Period]) -> Iterator[Period]:
    """Yield the time that lies in any of the periods, as few as can be."""
    since, until = -NEVER, -NEVER
    for period in sorted(periods):
        if period.since_us > until:
            if since < until:
                yield Period(since, until)
            since = period.since_us
        until = max(until, period.until_us)
    if since < until:
        yield Period(since, until)


def _of_several(spans: list[HolderSpan], slack_us: int) -> Iterator[tuple[int, Period]]:
    """Yield when one of several machines holds the address, and no other within the slack."""
    leases = [span for span in spans if span.start < span.end]
    after, before = [-NEVER], [NEVER]
    for former, span in pairwise(leases):
        is_other = former.machine != span.machine
        after.append(former.end + slack_us if is_other else after[-1])
    for following, span in pairwise(reversed(leases)):
        is_other = following.machine != span.machine
        before.append(following.start - slack_us if is_other else before[-1])
    for span, since, until in zip(leases, after, reversed(before), strict=bool(leases)):
        period = Period(max(span.start, since), min(span.end, until))
        if period.since_us < period.until_us:
            yield span.machine, period
