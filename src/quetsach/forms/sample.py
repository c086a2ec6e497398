"""A reproducible random sample, and the share that it estimates, with its range."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

_Z = 1.959963984540054
"""The quantile of the normal distribution that leaves 2.5 % on either side."""

_ROUNDING = 1e-9
"""The tolerance for products of floats: 0.29 * 100 is 28.999999999999996."""


@dataclass(frozen=True)
class SampleShare:
    """A share of a whole: the point and its range at 95 %, from 0 to 1."""

    point: float
    low: float
    high: float
    hits: int
    of: int

    def percents(self) -> tuple[int, int, int]:
        """Return point, low and high in whole per cent, as they are printed.

        The point is cut as every share is, so that 100 % means all; the range is never narrowed.
        """
        high = ceil(self.high * 100 - _ROUNDING)
        return 100 * self.hits // self.of, whole_percent(self.low), high


def whole_percent(part: float) -> int:
    """Return a share from 0 to 1 in whole per cent, cut: 100 only where it is all."""
    return floor(part * 100 + _ROUNDING)


def draw(seed: str, ids: Sequence[str], size: int) -> tuple[str, ...]:
    """Return `size` of `ids` (all, when there are fewer), in the order in which they are drawn.

    The order of `ids` does not matter, and every machine draws the same: the ids are ranked by the
    SHA-256 of seed and id. A larger size keeps what a smaller one drew.
    """
    ranked = sorted(set(ids), key=lambda one: (_rank(seed, one), one))
    return tuple(ranked[: max(0, size)])


def _rank(seed: str, key: str) -> bytes:
    # The length keeps seed "a" with id "bc" apart from seed "ab" with id "c".
    raw = seed.encode("utf-8", "surrogatepass")
    return hashlib.sha256(
        len(raw).to_bytes(8, "big") + raw + key.encode("utf-8", "surrogatepass")
    ).digest()


def share(hits: int, of: int) -> SampleShare | None:
    """Return the share with its range by Wilson's score, 95 %; None where nothing was checked.

    Source: E. B. Wilson, 1927, JASA 22, 209-212. It stays within 0 and 1 for small samples, too.
    Errors: ValueError when there are more hits than checks.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of}")
    if of == 0:
        return None
    point = hits / of
    square = _Z * _Z
    centre = (point + square / (2 * of)) / (1 + square / of)
    reach = _Z / (1 + square / of) * sqrt(point * (1 - point) / of + square / (4 * of * of))
    low = 0.0 if hits == 0 else max(0.0, centre - reach)
    high = 1.0 if hits == of else min(1.0, centre + reach)
    return SampleShare(point, low, high, hits, of)
