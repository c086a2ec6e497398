"""The week of the demo, Monday to Sunday at +07:00: 12 to 18 September 2022 unless one is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
FIRST_MONDAY = date(2022, 9, 12)
WORKDAYS: tuple[int, ...] = (0, 1, 2, 3, 4)
HOUR_US = 3_600_000_000

_monday: ContextVar[date] = ContextVar("monday", default=FIRST_MONDAY)


@contextmanager
def week_of(day: date) -> Iterator[None]:
    """Let everything within happen in the week of `day`."""
    token = _monday.set(day - timedelta(days=day.weekday()))
    try:
        yield
    finally:
        _monday.reset(token)


def days() -> tuple[date, ...]:
    """Return the seven days of the week in use."""
    return tuple(_monday.get() + timedelta(days=n) for n in range(7))


def day_start_us(day: int) -> int:
    """Return midnight of day number `day` (0 is the Monday) in microseconds since 1970, UTC."""
    start = datetime.combine(days()[day], time(), VIETNAM)
    return int(start.timestamp()) * 1_000_000
