"""Clocks: from what a log writes to microseconds since 1970, UTC, and back to ISO 8601."""

from datetime import UTC, datetime, tzinfo
from typing import TypeAlias

Zone: TypeAlias = tzinfo
"""A time zone; the one of a source whose lines carry none."""

MICROSECONDS = 1_000_000


def iso_from_us(when_us: int, zone: Zone = UTC) -> str:
    """Return `when_us` as ISO 8601 with offset, in `zone`, to the second."""
    return datetime.fromtimestamp(when_us / MICROSECONDS, tz=zone).isoformat(timespec="seconds")
