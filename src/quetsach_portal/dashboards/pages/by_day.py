"""Days in a row, each as it stood: a day without a row is as the last one before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

Row = TypeVar("Row")
MOST_DAYS = 90


@dataclass(frozen=True)
class Filled(Generic[Row]):
    """The days from the first to the last, and the row that holds on each, None before any."""

    days: Sequence[date]
    rows: Sequence[Row | None]


def filled(rows: "QuerySet[Any]", last: date) -> Filled[Any]:
    """Return at most MOST_DAYS days up to `last`; `rows` are of one node and have a day."""
    held: Mapping[date, Any] = {row.day: row for row in rows.filter(day__lte=last).order_by("day")}
    if not held:
        return Filled((), ())
    first = max(min(held), last - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=one) for one in range((last - first).days + 1)]
    before = [row for day, row in held.items() if day < first]
    now = before[-1] if before else None
    found: list[Any] = []
    for day in days:
        now = held.get(day, now)
        found.append(now)
    return Filled(days, found)
