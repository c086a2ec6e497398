"""What a zero is worth: how surely the logs would have shown a contact, by what was planted.

Of n planted contacts x were seen. The share of days on which a contact is seen is then, with 95 %
confidence, at least the exact one-sided bound of Clopper and Pearson: the least share with which
x or more of n would be seen in 5 % of all cases.
"""

from dataclasses import dataclass
from typing import Any

from quetsach.exams.rates import least_share

CONFIDENCE = 0.95
INDEPENDENT_DAYS = 3
"""On so many days a contact is taken to happen, where the power of a zero is told."""


@dataclass(frozen=True)
class ZeroPower:
    """How many of the planted contacts were seen, and what follows.

    Units: shares of one; `a_day` is the bound for one day, `in_days` for INDEPENDENT_DAYS days.
    """

    seen: int
    planted: int

    @property
    def a_day(self) -> float:
        """The least share of days on which a contact is seen, with 95 % confidence."""
        return least_share(self.seen, self.planted)

    @property
    def in_days(self) -> float:
        """How surely a contact on INDEPENDENT_DAYS days is seen at least once."""
        return float(1 - (1 - self.a_day) ** INDEPENDENT_DAYS)

    def to_json(self) -> dict[str, Any]:
        """Return the figures as they are in `planted.json`."""
        return {
            "seen": self.seen,
            "planted": self.planted,
            "confidence": CONFIDENCE,
            "a_day": round(self.a_day, 4),
            "days": INDEPENDENT_DAYS,
            "in_days": round(self.in_days, 4),
        }
