"""How long an answer about an address stays the same: it changes at the borders of records only.

Who asks for many times of one address asks once for each period, and gets the same answers.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from quetsach.attribution.holders import FAR_US
from quetsach.attribution.lease_runs import NEVER, UNTOLD, LeaseRuns
from quetsach.attribution.timeline import AddressTimeline

HALF_HOUR_US = 1_800_000_000


class Period(NamedTuple):
    """From `since_us` until before `until_us`, in us since 1970, UTC."""

    since_us: int
    until_us: int

    def common(self, other: "Period") -> "Period":
        """Return the time that lies in both."""
        return Period(max(self.since_us, other.since_us), min(self.until_us, other.until_us))


ALWAYS = Period(-NEVER, NEVER)


def between(borders: Iterable[int | None], when_us: int) -> Period:
    """Return the period of `when_us` in which none of the borders lies; None is no border.

    At a border what follows it begins.
    """
    since, until = ALWAYS
    for border in borders:
        if border is None:
            continue
        if border <= when_us:
            since = max(since, border)
        else:
            until = min(until, border)
    return Period(since, until)


def borders_of_runs(
    runs: LeaseRuns, bounds: range, around: tuple[int, int], slack_us: int
) -> Iterator[int]:
    """Yield the times, next to one, at which other runs of an address come into question.

    Shapes: `around` are the runs that begin next after the time less, and more, the slack.
    """
    for place, later_us in zip(around, (slack_us, -slack_us), strict=True):
        for run in (place - 1, place):
            if run in bounds:
                yield runs.start[run] + later_us


def borders_of_timeline(timeline: AddressTimeline, when_us: int, slack_us: int) -> Iterator[int]:
    """Yield the times, next to `when_us`, at which `answer` in holders.py may say something else.

    It looks at the claims at that time and at both ends of the slack, at the last span that ended
    and the next that begins, and at how far those are.
    """
    for aside_us in {-slack_us, 0, slack_us}:
        place = timeline.at(when_us + aside_us)
        for edge in timeline.edges[place : place + 2]:
            yield edge - aside_us
    spans, ends = timeline.spans, timeline.ends
    begun = bisect_right(spans, when_us, key=lambda span: span.start)
    for span in spans[max(0, begun - 1) : begun + 1]:
        yield span.start
    over = bisect_right(ends, (when_us, when_us, len(spans)))
    for end, start, _span in ends[max(0, over - 1) : over + 1]:
        yield from (end, start)
    if over:
        yield ends[over - 1][0] + FAR_US + 1
    else:
        first = next((span for span in spans if span.machine != UNTOLD), None)
        if first is not None:
            yield first.start - FAR_US
