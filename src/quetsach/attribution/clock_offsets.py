"""How far the clocks of two sources differ, measured by events that both of them wrote down."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from quetsach.clocks import MICROSECONDS

FEWEST_PAIRS = 5
"""How many events must have been seen by both sources before their clocks are compared."""

SMALL_SPREAD_US = 5 * MICROSECONDS
"""Half of the differences may stray so far from the middle one; with more it is no offset."""

CHANCE_SHARE = 4
"""Where fewer than one in so many events of a source are common, and the differences stray more
than this part of how far the times do, it is chance: beacons that meet their own ports again."""

MOST_EXAMPLES = 3
"""So many common events are kept with an offset, as its proof."""

_CANDIDATES = 16
"""Of so many common events the examples are the ones nearest to the offset."""

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
class CommonEvent:
    """An event that two sources saw, each with its time: one example of many."""

    key: Hashable
    when_us: int
    other: int
    other_us: int


@dataclass(frozen=True)
class ClockOffset:
    """`offset_us` added to the times of `source` gives those of `reference`, by so many events.

    `spread_us` is how far half of the differences stray from it. `examples` are events that it
    shares with the next source on the way to the reference.
    """

    source: int
    reference: int
    offset_us: int
    spread_us: int
    pairs: int
    examples: tuple[CommonEvent, ...] = field(default=(), compare=False)

    @property
    def is_steady(self) -> bool:
        """Return whether it may be used to correct times; else it is only shown."""
        return self.spread_us <= SMALL_SPREAD_US

    @property
    def slack_us(self) -> int:
        """Return the doubt that is left after the correction, at least a second."""
        return max(MICROSECONDS, 3 * self.spread_us)


def estimate(
    observations: Iterable[Observation],
    followers: Collection[int] = (),
    trust: Mapping[int, int] | None = None,
    counts: Mapping[int, int] | None = None,
) -> list[ClockOffset]:
    """Return the offset of each source that shares events with another, by source.

    Nothing is ever set by the clock of `followers`: it may be wrong, or its owner may wish it so.
    The higher the `trust` in a source (0 where it has none), the sooner it is the reference.

    Events are matched by their keys alone, whatever their times, so that a clock of another zone
    or of another year is found too. A key that one source wrote twice proves nothing and is left
    out, and so is a pair of sources that agrees by chance, as two days of one log do: `counts` is
    the number of events of each source, common or not; without it nothing is taken for chance.
    All offsets of sources that are connected lead to the most trusted one, of several to the one
    with the most pairs.
    Cost: memory for each different pair of source and key.
    """
    differences, candidates = _differences(observations, followers)
    direct = {
        pair: _middle([ahead for _when, ahead in found], candidates[pair])
        for pair, found in differences.items()
        if len(found) >= FEWEST_PAIRS and not _is_chance(pair, found, counts or {})
    }
    trust = {} if trust is None else trust
    shared: dict[int, int] = defaultdict(int)
    for (source, other), found in direct.items():
        shared[source] += found.pairs
        shared[other] += found.pairs
    offsets: dict[int, ClockOffset] = {}
    references: set[int] = set()
    leading = (source for source in shared if source not in followers)
    ranked = sorted(leading, key=lambda one: (-trust.get(one, 0), -shared[one], one))
    for reference in ranked:
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
    examples: tuple["_Example", ...] = ()


_Example: TypeAlias = tuple[Hashable, int, int]
"""The key of an event, its time in the first source of a pair, and in the second."""

_Pair: TypeAlias = tuple[int, int]

_Times: TypeAlias = tuple[int, int]
"""When the first source of a pair saw an event, and how much later the second did."""


def _differences(
    observations: Iterable[Observation], followers: Collection[int]
) -> tuple[dict[_Pair, list[_Times]], dict[_Pair, list[_Example]]]:
    """Return when the first source of each pair saw each common event, and the second after it.

    With them come the first common events of each pair.
    """
    times_by_key: dict[Hashable, dict[int, int | None]] = defaultdict(dict)
    for one in observations:
        times = times_by_key[one.key]
        known = times.get(one.source, one.when_us)
        times[one.source] = one.when_us if known == one.when_us else None
    differences: dict[_Pair, list[_Times]] = defaultdict(list)
    first: dict[_Pair, list[_Example]] = defaultdict(list)
    for key, times in times_by_key.items():
        clear = sorted((source, when) for source, when in times.items() if when is not None)
        for (source, when), (other, later) in _pairs(clear, followers):
            differences[source, other].append((when, later - when))
            if len(first[source, other]) < _CANDIDATES:
                first[source, other].append((key, when, later))
    return differences, first


_Seen = tuple[int, int]


def _pairs(clear: list[_Seen], followers: Collection[int]) -> Iterator[tuple[_Seen, _Seen]]:
    """Yield the pairs to compare: each source with the next, and followers with none but these."""
    # Neighbours are enough: sources that share an event are connected through them.
    leading = [one for one in clear if one[0] not in followers]
    yield from itertools.pairwise(leading)
    if leading:
        yield from ((leading[-1], one) for one in clear if one[0] in followers)


def _is_chance(pair: _Pair, events: list[_Times], counts: Mapping[int, int]) -> bool:
    """Return whether the times of a pair of sources have nothing to do with each other."""
    if CHANCE_SHARE * len(events) >= min(counts.get(source, 0) for source in pair):
        return False
    _ahead, spread = _strays([ahead for _when, ahead in events])
    _here, stray = _strays([when for when, _ahead in events])
    _there, other = _strays([when + ahead for when, ahead in events])
    return spread > SMALL_SPREAD_US and CHANCE_SHARE * spread > min(stray, other)


def _middle(differences: list[int], candidates: list[_Example]) -> _Middle:
    ordered = sorted(differences)
    middle, spread = _strays(ordered[:: max(1, len(ordered) // MOST_PAIRS)])
    nearest = sorted(candidates, key=lambda example: abs(example[2] - example[1] - middle))
    return _Middle(middle, spread, len(differences), tuple(nearest[:MOST_EXAMPLES]))


def _strays(values: Sequence[int]) -> tuple[int, int]:
    """Return the middle one of `values`, and how far half of them stray from it."""
    # With random and fractions it takes longer to load than to sweep a small log.
    from statistics import median_low

    middle = median_low(values)
    return middle, median_low(abs(one - middle) for one in values)


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
            examples = _examples(other, source, direct)
            offsets[other] = ClockOffset(other, reference, offset, doubt, -pairs, examples)
            if other not in followers:
                front.append(other)


def _examples(
    source: int, other: int, direct: Mapping[tuple[int, int], _Middle]
) -> tuple[CommonEvent, ...]:
    """Return events of `source` that `other`, the next on its way, saw as well."""
    if (source, other) in direct:
        found = direct[source, other].examples
        return tuple(CommonEvent(key, when, other, later) for key, when, later in found)
    found = direct[other, source].examples
    return tuple(CommonEvent(key, later, other, when) for key, when, later in found)
