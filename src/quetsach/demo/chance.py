"""The dice of one unit's week: the same seed throws the same, whatever the other units do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random


@dataclass(frozen=True)
class Chance:
    """A generator of numbers and a counter of events."""

    rng: Random
    _serials: Iterator[int] = field(default_factory=lambda: count(1))

    def serial(self) -> int:
        """Return the next event's number, from 1."""
        return next(self._serials)

    def below(self, limit: int) -> int:
        """Return an integer from 0 to `limit` - 1."""
        return self.rng.randrange(limit)

    def between(self, low: int, high: int) -> int:
        """Return an integer from `low` to `high` - 1."""
        return self.rng.randrange(low, high)


def chance_for(seed: int, purpose: str) -> Chance:
    """Return the dice for `purpose`."""
    return Chance(Random(f"{seed}/{purpose}"))  # noqa: S311 - a made-up district, not a secret
