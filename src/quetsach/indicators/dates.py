"""Dates as lists write them: ISO 8601, or day/month/year as in Vietnam."""

import re
from datetime import datetime, timedelta

from quetsach.clocks import MICROSECONDS, ZONE, Zone, zone_from_offset

_VIETNAMESE = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)
_ZONE = re.compile(rf"(?<=:\d\d) ?({ZONE})\Z")
_LONGEST = 40


def date_us(text: str, zone: Zone, *, at_end: bool) -> int | None:
    """Return the moment that `text` writes, or None; a bare date is its start, or its end.

    Units: microseconds since 1970, UTC. `zone` applies where the text carries none.
    """
    written = text.strip()
    if not written or len(written) > _LONGEST:
        return None
    apart = _ZONE.search(written)
    when = _moment(written if apart is None else written[: apart.start()])
    if when is None:
        return None
    if when.tzinfo is None:
        told = zone if apart is None else zone_from_offset(apart[1])
        if told is None:
            return None
        when = when.replace(tzinfo=told)
    whole_day = at_end and ":" not in written
    try:
        if whole_day:
            when += timedelta(days=1)
        return int(when.timestamp()) * MICROSECONDS - whole_day
    except (OverflowError, ValueError):
        return None


def _moment(written: str) -> datetime | None:
    found = _VIETNAMESE.fullmatch(written)
    try:
        if found is None:
            return datetime.fromisoformat(written)
        day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
