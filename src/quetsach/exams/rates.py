"""How often something was right, with the exact range that so many trials prove."""

from math import exp, floor, lgamma, log, log1p

import msgspec

_TAIL = 0.025
"""What is left on either side of a range of 95 %."""

_STEPS = 60
"""Halvings of a range from 0 to 1: more than a float can tell apart."""


class MeasuredRate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A share of trials that were right, and its range at 95 %, from 0 to 1."""

    right: int
    of: int
    low: float
    high: float

    def at_least(self) -> float:
        """Return the lower end in per cent with one decimal, cut, never rounded up."""
        return floor(self.low * 1000) / 10


def measured_rate(right: int, of: int) -> MeasuredRate:
    """Return the rate with its exact range, 95 %, two-sided.

    Source: C. J. Clopper, E. S. Pearson, 1934, Biometrika 26, 404-413: it never promises more than
    the trials prove, for the price of being a little too wide.
    Errors: ValueError when more were right than tried, or none was tried.
    """
    if not 0 <= right <= of or of == 0:
        raise ValueError(f"{right} of {of}")
    low = 0.0 if right == 0 else _solved(right, of, upper=True)
    high = 1.0 if right == of else _solved(right, of, upper=False)
    return MeasuredRate(right, of, round(low, 6), round(high, 6))


def least_share(right: int, of: int) -> float:
    """Return the lower end of the one-sided range, 95 %, of the same source; 0.0 for none."""
    return _solved(right, of, upper=True, tail=2 * _TAIL) if 0 < right <= of else 0.0


def _solved(right: int, of: int, *, upper: bool, tail: float = _TAIL) -> float:
    """Return the share at which so many right ones, or more (`upper`), have the tail's chance."""
    least, most = 0.0, 1.0
    for _step in range(_STEPS):
        share = (least + most) / 2
        if upper:
            is_below = _chance(range(right, of + 1), of, share) < tail
        else:
            is_below = _chance(range(right + 1), of, share) > tail
        least, most = (share, most) if is_below else (least, share)
    return (least + most) / 2


def _chance(counts: range, of: int, share: float) -> float:
    """Return the chance of any of `counts` right ones in `of` trials."""
    if share <= 0 or share >= 1:
        return float((0 if share <= 0 else of) in counts)
    if 2 * len(counts) > of + 1:
        # The other side is shorter: every exam that goes well has few wrong ones.
        others = range(counts.start) if counts.start else range(counts.stop, of + 1)
        return 1 - _chance(others, of, share)
    whole = lgamma(of + 1)
    return sum(
        exp(
            whole
            - lgamma(count + 1)
            - lgamma(of - count + 1)
            + count * log(share)
            + (of - count) * log1p(-share)
        )
        for count in counts
    )
