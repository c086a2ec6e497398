"""The week of the demo: 12 to 18 September 2022, Monday to Sunday, at +07:00."""

from datetime import date, datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
DAYS: tuple[date, ...] = tuple(date(2022, 9, 12) + timedelta(days=n) for n in range(7))
WORKDAYS: tuple[int, ...] = (0, 1, 2, 3, 4)
HOUR_US = 3_600_000_000


def day_start_us(day: int) -> int:
    """Return midnight of day number `day` (0 is the Monday) in microseconds since 1970, UTC."""
    start = datetime.combine(DAYS[day], time(), VIETNAM)
    return int(start.timestamp()) * 1_000_000
