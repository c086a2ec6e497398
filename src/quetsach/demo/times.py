"""Times as logs write them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import count
from random import Random

from quetsach.demo.traffic import Exchange

# The week of the demo, Monday to Sunday at +07:00: 12 to 18 September 2022 unless one is named.


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


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@lru_cache(maxsize=8192)
def _clock(second: int, utc: bool) -> datetime:
    return datetime.fromtimestamp(second, UTC if utc else VIETNAM)


def epoch(when_us: int) -> str:
    """Return epoch seconds with six decimals."""
    return f"{when_us // 1_000_000}.{when_us % 1_000_000:06d}"


def seconds(length_us: int) -> str:
    """Return a length in seconds with six decimals."""
    return f"{length_us / 1_000_000:.6f}"


def eve(when_us: int, utc: bool) -> str:
    """Return the time as Suricata writes it: offset without a colon."""
    second, part = divmod(when_us, 1_000_000)
    return f"{_iso(second, utc)}.{part:06d}{'+0000' if utc else '+0700'}"


def iso_z(when_us: int) -> str:
    """Return the time as Zeek's ISO 8601: UTC with a Z."""
    second, part = divmod(when_us, 1_000_000)
    return f"{_iso(second, True)}.{part:06d}Z"


def date_and_time(when_us: int, utc: bool) -> tuple[str, str]:
    """Return date and time of day."""
    day, _, hour = _iso(when_us // 1_000_000, utc).partition("T")
    return day, hour


@lru_cache(maxsize=8192)
def _iso(second: int, utc: bool) -> str:
    return _clock(second, utc).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=8192)
def _bsd(second: int, utc: bool) -> str:
    clock = _clock(second, utc)
    # %b would follow the machine's locale.
    return f"{MONTHS[clock.month - 1]} {clock.day:2d} {clock:%H:%M:%S}"


def syslog(when_us: int, utc: bool) -> str:
    """Return the time as RFC 3164 has it: no year and no zone."""
    return _bsd(when_us // 1_000_000, utc)


@lru_cache(maxsize=8192)
def isc(second: int) -> str:
    """Return the time as dhcpd.leases has it: day of the week, date and time in UTC."""
    clock = _clock(second, True)
    return f"{clock.isoweekday() % 7} {clock:%Y/%m/%d %H:%M:%S}"


# The dice of one unit's week: the same seed throws the same, whatever the other units do.


@dataclass(frozen=True)
class RandomSource:
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


def chance_for(seed: int, purpose: str) -> RandomSource:
    """Return the dice for `purpose`."""
    return RandomSource(Random(f"{seed}/{purpose}"))  # noqa: S311 - a made-up district, not a secret


# The address translation of a unit's router: which port a connection gets outside.


def nat_port(one: Exchange) -> int:
    """Return the port of a connection after the unit's address translation."""
    return 20_000 + one.serial * 7 % 40_000
