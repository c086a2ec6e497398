"""How far the clocks of two sources differ, measured by events that both of them wrote down."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median_low

from quetsach.clocks import MICROSECONDS

FEWEST_PAIRS = 5
"""How many events must have been seen by both sources before their clocks are compared."""

SMALL_SPREAD_US = 5 * MICROSECONDS
"""Half of the differences may stray so far from the middle one; with more it is no offset."""

MOST_PAIRS = 100_000
"""How many common events of two sources are compared, evenly chosen; more add nothing."""


@dataclass(frozen=True)
class Observation:
    """`source` (a place in the list of sources) saw the event that `key` identifies.

    Shapes: `key` is what every source writes alike: the ends of a connection, or hardware address
    and address of a lease. Units: us since 1970.
    """

    source: int
    key: Hashable
    when_us: int


@dataclass(frozen=True)
class ClockOffset:
    """`offset_us` added to the times of `source` gives those of `reference`, by so many events.

    `spread_us` is how far half of the differences stray from it.
    """

    source: int
    reference: int
    offset_us: int
    spread_us: int
    pairs: int

    @property
    def is_steady(self) -> bool:
        """Return whether it may be used to correct times; else it is only shown."""
        return self.spread_us <= SMALL_SPREAD_US

    @property
    def slack_us(self) -> int:
        """Return the doubt that is left after the correction, at least a second."""
        return max(MICROSECONDS, 3 * self.spread_us)


def estimate(
    observations: Iterable[Observation], followers: Collection[int] = ()
) -> list[ClockOffset]:
    """Return the offset of each source that shares events with another, by source.

    Nothing is ever set by the clock of `followers`: it may be wrong, or its owner may wish it so.

    Events are matched by their keys alone, whatever their times, so that a clock of another zone
    or of another year is found too. A key that one source wrote twice proves nothing and is left
    out. All offsets of sources that are connected lead to the one of them with the most pairs.
    Cost: memory for each different pair of source and key.
    """
    differences = _differences(observations, followers)
    direct = {
        pair: _middle(found) for pair, found in differences.items() if len(found) >= FEWEST_PAIRS
    }
    counts: dict[int, int] = defaultdict(int)
    for (source, other), found in direct.items():
        counts[source] += found.pairs
        counts[other] += found.pairs
    offsets: dict[int, ClockOffset] = {}
    references: set[int] = set()
    leading = (source for source in counts if source not in followers)
    for reference in sorted(leading, key=lambda source: (-counts[source], source)):
        if reference not in offsets and reference not in references:
            references.add(reference)
            _spread_out(reference, direct, offsets, followers)
    return [offsets[source] for source in sorted(offsets)]


@dataclass(frozen=True)
class _Middle:
    """By how much the second source of a pair is ahead of the first."""

    ahead_us: int
    spread_us: int
    pairs: int


def _differences(
    observations: Iterable[Observation], followers: Collection[int]
) -> dict[tuple[int, int], list[int]]:
    """Return by how much the second source of each pair is ahead, for each common event."""
    times_by_key: dict[Hashable, dict[int, int | None]] = defaultdict(dict)
    for one in observations:
        times = times_by_key[one.key]
        known = times.get(one.source, one.when_us)
        times[one.source] = one.when_us if known == one.when_us else None
    differences: dict[tuple[int, int], list[int]] = defaultdict(list)
    for times in times_by_key.values():
        clear = sorted((source, when) for source, when in times.items() if when is not None)
        for (source, when), (other, later) in _pairs(clear, followers):
            differences[source, other].append(later - when)
    return differences


_Seen = tuple[int, int]


def _pairs(clear: list[_Seen], followers: Collection[int]) -> Iterator[tuple[_Seen, _Seen]]:
    """Yield the pairs to compare: each source with the next, and followers with none but these."""
    # Neighbours are enough: sources that share an event are connected through them.
    leading = [one for one in clear if one[0] not in followers]
    yield from itertools.pairwise(leading)
    if leading:
        yield from ((leading[-1], one) for one in clear if one[0] in followers)


def _middle(differences: list[int]) -> _Middle:
    ordered = sorted(differences)
    taken = ordered[:: max(1, len(ordered) // MOST_PAIRS)]
    middle = median_low(taken)
    return _Middle(middle, median_low(abs(one - middle) for one in taken), len(differences))


def _spread_out(
    reference: int,
    direct: dict[tuple[int, int], _Middle],
    offsets: dict[int, ClockOffset],
    followers: Collection[int],
) -> None:
    """Give every source that is connected with `reference` its offset, the nearest ones first.

    Of several ways of one length the one of more pairs is taken.
    """
    beside: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for (one, other), middle in direct.items():
        beside[one].append((-middle.pairs, other, middle.ahead_us, middle.spread_us))
        beside[other].append((-middle.pairs, one, -middle.ahead_us, middle.spread_us))
    reached: dict[int, tuple[int, int]] = {reference: (0, 0)}
    front = [reference]
    while front:
        ways = sorted((way, source) for source in front for way in beside[source])
        front = []
        for (pairs, other, ahead, spread), source in ways:
            if other in reached:
                continue
            offset, doubt = reached[source][0] - ahead, reached[source][1] + spread
            reached[other] = offset, doubt
            offsets[other] = ClockOffset(other, reference, offset, doubt, -pairs)
            if other not in followers:
                front.append(other)
