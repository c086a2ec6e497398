"""Dates as lists write them: ISO 8601, or day/month/year as in Vietnam."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from quetsach.clocks import MICROSECONDS, ZONE, Zone, zone_from_offset
from quetsach.indicators.model import Claim, IndicatorStatus

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
        zone_used = zone if apart is None else zone_from_offset(apart[1])
        if zone_used is None:
            return None
        when = when.replace(tzinfo=zone_used)
    whole_day = at_end and ":" not in written
    try:
        if whole_day:
            when += timedelta(days=1)
        return int(when.timestamp()) * MICROSECONDS - whole_day
    except (OverflowError, ValueError):
        return None


def _moment(written: str) -> datetime | None:
    match = _VIETNAMESE.fullmatch(written)
    try:
        if match is None:
            return datetime.fromisoformat(written)
        day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=65_536)
def iso_of(when_us: int | None) -> str:
    """Return the moment in ISO 8601, UTC; "" for None, which is open."""
    if when_us is None:
        return ""
    try:
        when = _EPOCH + timedelta(microseconds=when_us)
    except OverflowError:  # beyond the years that can be written
        when = (datetime.max if when_us > 0 else datetime.min).replace(tzinfo=UTC)
    return when.replace(tzinfo=None).isoformat() + "Z"


@lru_cache(maxsize=65_536)
def us_of(written: str) -> int | None:
    """Return the moment that iso_of wrote, exactly; a time without offset is UTC.

    Errors: ValueError where it is none.
    """
    if not written:
        return None
    when = datetime.fromisoformat(written)
    since = (when if when.tzinfo else when.replace(tzinfo=UTC)) - _EPOCH
    return since // timedelta(microseconds=1)


def status_at(claim: Claim, when_us: int) -> IndicatorStatus:
    """Return the status at `when_us`: an active indicator is expired after its last moment.

    Before its first moment it is active as well: it is known, but not yet matched.
    """
    until = claim.valid_until_us
    ended = until is not None and when_us > until
    return (
        IndicatorStatus.EXPIRED
        if claim.status is IndicatorStatus.ACTIVE and ended
        else claim.status
    )


def us_now() -> int:
    """Return the current time; only entry points may call it."""
    return round(datetime.now(UTC).timestamp() * MICROSECONDS)
