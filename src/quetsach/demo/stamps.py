"""Times as logs write them."""

from datetime import UTC, datetime
from functools import lru_cache

from quetsach.demo.calendar import VIETNAM

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
