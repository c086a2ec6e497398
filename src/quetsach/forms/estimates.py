"""What counts allow to say beyond themselves: a ratio of rates, and how many were not seen."""

from dataclasses import dataclass
from math import exp, log, sqrt

from quetsach.forms.sample import share

_Z = 1.959963984540054
"""The quantile of the normal distribution that leaves 2.5 % on either side."""

LEAST_EVENTS = 10
LEAST_OVERLAP = 7
"""With fewer in both lists Chapman's estimate is biased: Robson and Regier, 1964."""


@dataclass(frozen=True)
class RateRatio:
    """The rate of one group over that of another: the point and its range at 95 %.

    Shapes: 0.5 is half as often; `high` is None where the other group has no event.
    """

    point: float | None
    low: float
    high: float | None


@dataclass(frozen=True)
class PopulationEstimate:
    """How many there are in all, those not seen included: the point and its range at 95 %."""

    point: float
    low: float
    high: float
    seen: int


def rate_ratio(
    events: int, exposure: float, other_events: int, other_exposure: float
) -> RateRatio | None:
    """Return the rate `events` / `exposure` over that of the other group.

    None where a group was not watched, or both together have fewer than LEAST_EVENTS.
    Source: given their sum, the events of one group are binomial (Przyborowski and Wilenski,
    1940); its share has Wilson's range.
    """
    total = events + other_events
    if exposure <= 0 or other_exposure <= 0 or total < LEAST_EVENTS:
        return None
    part = share(events, total)
    assert part is not None  # there are events
    scale = other_exposure / exposure
    point = scale * events / other_events if other_events else None
    low = scale * part.low / (1 - part.low)
    high = scale * part.high / (1 - part.high) if part.high < 1 and other_events else None
    return RateRatio(point, low, high)


def seen_twice(first: int, second: int, both: int) -> PopulationEstimate | None:
    """Return how many there are in all, from two lists made independently of each other.

    None where fewer than LEAST_OVERLAP are in both lists, and where one list lies wholly in the
    other: then they were hardly made independently, and nothing can be told.
    Source: Chapman, 1951, for the point and its variance; Chao, 1987, for the range, which never
    falls below what was seen. Errors: ValueError where more are in both than in one.
    """
    if not 0 <= both <= min(first, second):
        raise ValueError(f"{both} of {first} and {second}")
    if both < LEAST_OVERLAP or both in (first, second):
        return None
    in_either = first + second - both
    point = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (
        (first + 1)
        * (second + 1)
        * (first - both)
        * (second - both)
        / ((both + 1) ** 2 * (both + 2))
    )
    unseen = point - in_either
    spread = exp(_Z * sqrt(log(1 + variance / unseen**2)))
    return PopulationEstimate(
        point, in_either + unseen / spread, in_either + unseen * spread, in_either
    )
